#!/usr/bin/env python3
"""Proves that the rules' unit tests can fail: alert_mutants.py PROMTOOL FOLDER

Changes one thing at a time in the rules of FOLDER (`monitoring/prometheus` of a tree) and runs their unit tests: each
alert's `for` doubled, halved or set from zero; each threshold a tenth higher and lower; each condition after `and` left out.
Prints the changes that no test saw, one a line; the number of changes goes to standard error.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# A number that something is compared with.
THRESHOLD = re.compile(r"(?<=[<>]) ?(?P<number>\d+(?:\.\d+)?)(?=\s|\)|$)")


def waits(seconds: int):
    """Other waits than this one."""
    return [2 * seconds, seconds // 2] if seconds else [300]


def other_expressions(expression: str):
    """What was changed, and the expression with it."""
    for match in THRESHOLD.finditer(expression):
        number = float(match["number"])
        if number == 0:
            continue
        for factor in (0.9, 1.1):
            changed = f" {number * factor:.9g}"
            yield f"{match[0].strip()} -> {changed.strip()}", expression[: match.start()] + changed + expression[match.end() :]
    lines = expression.split("\n")
    for at, line in enumerate(lines):
        # A condition is the rest of its group: the lines down to the next that is indented less, or is `or`.
        if line.strip().startswith("and"):
            indent = len(line) - len(line.lstrip())
            end = at + 1
            while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) >= indent and lines[end].strip() not in ("or", ">"):
                end += 1
            yield f"without `{' '.join(part.strip() for part in lines[at:end])}`", "\n".join(lines[:at] + lines[end:])


def mutants(rule: dict):
    """What was changed, and the rule with it."""
    match = re.fullmatch(r"(\d+)([smhd])", rule.get("for", "0s"))
    seconds = int(match[1]) * UNITS[match[2]]
    for wait in waits(seconds):
        yield f"for {seconds} s -> {wait} s", rule | {"for": f"{wait}s"}
    for what, expression in other_expressions(rule["expr"]):
        yield what, rule | {"expr": expression}


def tests_of(alert: str, tests: dict) -> dict:
    """Only the tests on one alert, which are all that can see it change."""
    about = lambda test: any(check["alertname"] == alert for check in test["alert_rule_test"])
    return tests | {"rule_files": ["rules.yaml"], "tests": [test for test in tests["tests"] if about(test)]}


def test_passes(promtool: str, group: dict, tests: dict) -> bool:
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        (folder / "rules.yaml").write_text(json.dumps({"groups": [group]}))
        (folder / "tests.yaml").write_text(json.dumps(tests))
        run = subprocess.run([promtool, "test", "rules", folder / "tests.yaml"], capture_output=True)
        return run.returncode == 0


def main() -> None:
    promtool, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    jobs = []
    for path in sorted((folder / "rules").glob("*.y*ml")):
        rules, tests = yaml.safe_load(path.read_text()), yaml.safe_load((folder / "tests" / path.name).read_text())
        for group in rules["groups"]:
            for at, rule in enumerate(group["rules"]):
                for what, mutant in mutants(rule) if "alert" in rule else ():
                    changed = group | {"rules": [*group["rules"][:at], mutant, *group["rules"][at + 1 :]]}
                    labels = " ".join(f"{key}={value}" for key, value in rule["labels"].items())
                    name = f"{path.name}: {rule['alert']} ({labels}): no test sees {what}"
                    jobs.append((name, changed, tests_of(rule["alert"], tests)))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, passes in zip((job[0] for job in jobs), pool.map(lambda job: test_passes(promtool, *job[1:]), jobs)):
            if passes:
                print(name)
    print(f"{len(jobs)} changed rules", file=sys.stderr)


main()
