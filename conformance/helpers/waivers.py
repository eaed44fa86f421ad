"""The waivers that generated output may contain."""

import pathlib

import yaml


def allowed(tool: str) -> dict:
    """The identifiers that `tool` may waive, each with its reason."""
    path = pathlib.Path(__file__).parent.parent / "waivers.yaml"
    return yaml.safe_load(path.read_text())[tool]
