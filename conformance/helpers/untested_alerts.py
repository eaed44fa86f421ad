"""Prints a line for each alert of monitoring/prometheus/rules that its environment's test never expects to fire."""

import pathlib
import sys

import yaml


def alerts(path: pathlib.Path) -> set:
    """Each alerting rule by name and severity."""
    document = yaml.safe_load(path.read_text()) or {}
    return {
        (rule["alert"], rule.get("labels", {}).get("severity"))
        for group in document.get("groups") or []
        for rule in group["rules"]
        if "alert" in rule
    }


def fired(path: pathlib.Path) -> set:
    """Each alert that a test expects, by name and severity."""
    document = yaml.safe_load(path.read_text()) or {}
    return {
        (expected["alertname"], alert.get("exp_labels", {}).get("severity"))
        for test in document.get("tests") or []
        for expected in test.get("alert_rule_test") or []
        for alert in expected.get("exp_alerts") or []
    }


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for rules in sorted((folder / "rules").glob("*.yaml")):
        test = folder / "tests" / rules.name
        if not test.exists():
            print(f"rules/{rules.name} has no file of tests")
            continue
        for name, severity in sorted(alerts(rules) - fired(test), key=str):
            print(f"tests/{rules.name}: {name} ({severity}) is never seen to fire")


main()
