"""Prints a line for each rule that a .hadolint.yaml ignores and that waivers.yaml does not list."""

import sys

import waivers
import yaml


def main() -> None:
    with open(sys.argv[1]) as stream:
        config = yaml.safe_load(stream) or {}
    allowed = waivers.allowed("hadolint")
    for rule in config.get("ignored") or []:
        if rule not in allowed:
            print(f"{rule} ignored, and not in waivers.yaml")


main()
