"""Turns checkov's report into one line a finding; a waiver that is not allowed, or without a reason, is one, too.

Usage: checkov_findings.py MESSAGES <REPORT
"""

import json
import sys

import waivers


def where(record: dict) -> str:
    first, last = record["file_line_range"]
    return f"{record['file_path'].lstrip('/')}:{first}-{last} {record['resource']}"


def findings(report: dict, allowed: dict):
    results = report["results"]
    for record in results.get("failed_checks") or []:
        yield f"{where(record)}: {record['check_id']} {record['check_name']}"
    for record in results.get("skipped_checks") or []:
        reason = record["check_result"].get("suppress_comment") or ""
        if record["check_id"] not in allowed:
            yield f"{where(record)}: {record['check_id']} waived, and not in waivers.yaml"
        elif len(reason.split()) < 3:
            yield f"{where(record)}: {record['check_id']} waived without a reason"
    for path in results.get("parsing_errors") or []:
        yield f"{path}: checkov cannot parse it"


def main() -> None:
    text = sys.stdin.read()
    try:
        reports = json.loads(text)
    except ValueError:
        with open(sys.argv[1]) as stream:
            print(f"checkov printed no report: {stream.read().strip()}")
        return
    reports = reports if isinstance(reports, list) else [reports]
    if not any("results" in report for report in reports):
        print("checkov checked nothing")
    allowed = waivers.allowed("checkov")
    for report in reports:
        for line in findings(report, allowed) if "results" in report else ():
            print(line)


main()
