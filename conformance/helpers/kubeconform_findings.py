"""Turns kubeconform's JSON on standard input into one line a finding; an object without a schema is one, too."""

import json
import pathlib
import sys


def short(path: str) -> str:
    """The file with the name of its tree."""
    return "/".join(pathlib.Path(path).parts[-2:])


def main() -> None:
    text = sys.stdin.read()
    try:
        resources = json.loads(text).get("resources") or []
    except ValueError:
        print(f"kubeconform printed no report: {text.strip()}")
        return
    for resource in resources:
        if resource["status"] in ("statusValid", "statusEmpty"):
            continue
        where = f"{short(resource['filename'])} {resource.get('kind', '?')} {resource.get('name', '?')}"
        details = resource.get("validationErrors") or [{"path": "", "msg": resource["msg"]}]
        for detail in details:
            print(f"{where}: {detail['path']} {detail['msg']}".replace("\n", " "))


main()
