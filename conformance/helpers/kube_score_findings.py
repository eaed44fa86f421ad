"""Turns kube-score's JSON on standard input into one line a finding; a waiver that is not allowed is one, too."""

import json
import sys

import waivers

# kube-score's grades: 1 critical, 5 warning, 7 almost all right, 10 all right; 0 where nothing was graded.
ALL_RIGHT = 10


WAIVERS = "kube-score/ignore"


def findings(thing: dict, allowed: dict):
    annotations = thing["object_meta"].get("annotations") or {}
    for name in filter(None, annotations.get(WAIVERS, "").split(",")):
        if name.strip() not in allowed:
            yield f"{name.strip()}: waived, and not in waivers.yaml"
    for check in thing["checks"] or []:
        name = check["check"]["id"]
        if not check["skipped"] and check["grade"] < ALL_RIGHT:
            for comment in check["comments"] or [{"path": "", "summary": f"grade {check['grade']}"}]:
                yield f"{name}: {comment['path']} {comment['summary']}"


def main() -> None:
    text = sys.stdin.read()
    try:
        scored = json.loads(text)
    except ValueError:
        print(f"kube-score printed no report: {text.strip()}")
        return
    allowed = waivers.allowed("kube-score")
    for thing in scored or []:
        for line in findings(thing, allowed):
            print(f"{thing['type_meta']['kind']} {thing['object_meta']['name']}: {line}")


main()
