"""Compares two streams of Kubernetes objects, whatever their order: same_objects.py BUILT PRINTED

Prints a line for each object that only one of them has and for each field that differs; prints nothing when they are equal.
"""

import sys

import yaml


def objects(path: str) -> dict:
    """Every object of the stream by its kind, namespace and name."""
    found = {}
    with open(path) as stream:
        for thing in yaml.load_all(stream, Loader=yaml.CSafeLoader):
            if thing is None:
                continue
            metadata = thing["metadata"]
            key = f"{thing['apiVersion']} {thing['kind']} {metadata.get('namespace', '-')}/{metadata['name']}"
            if key in found:
                print(f"{key} stands twice in {path}")
            found[key] = thing
    return found


def differences(path: str, built, printed):
    """A line for each place at which the two values differ."""
    if isinstance(built, dict) and isinstance(printed, dict):
        for key in sorted({*built, *printed}, key=str):
            yield from differences(f"{path}.{key}", built.get(key), printed.get(key))
    elif isinstance(built, list) and isinstance(printed, list) and len(built) == len(printed):
        for index, pair in enumerate(zip(built, printed)):
            yield from differences(f"{path}[{index}]", *pair)
    elif type(built) is not type(printed) or built != printed:
        yield f"{path}: kustomize {built!r}, infragen {printed!r}"


def main() -> None:
    built, printed = objects(sys.argv[1]), objects(sys.argv[2])
    for key in sorted({*built, *printed}):
        if key not in printed:
            print(f"{key} is built by kustomize and not printed by infragen")
        elif key not in built:
            print(f"{key} is printed by infragen and not built by kustomize")
        else:
            for line in differences(key, built[key], printed[key]):
                print(line)


main()
