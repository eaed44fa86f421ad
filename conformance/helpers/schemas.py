"""Writes the strict JSON schemas that kubeconform reads: schemas.py CRDS FOLDER

Kubernetes' own kinds come from the package kubernetes-validate, which knows every field of a version and allows no other; here
`null` is not allowed either, since nothing generated may hold one. The kinds of the Gateway API and of cert-manager come from
CRDS, the custom resource definitions that controller-gen made of the projects' Go types: only what the standard channel serves,
and no unknown field.
"""

import json
import pathlib
import sys

import kubernetes_validate
import yaml

VERSIONS = ("v1.35.0", "v1.36.0", "v1.37.0")
EXPERIMENTAL = "<gateway:experimental>"


def without_null(schema):
    """The schema with `null` as a value for nothing, with references to the file beside it, and without prose."""
    if isinstance(schema, list):
        return [without_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    part = {key: without_null(value) for key, value in schema.items() if not is_prose(key, value)}
    kinds = part.get("type")
    if isinstance(kinds, list) and len(kinds) > 1:
        part["type"] = [kind for kind in kinds if kind != "null"]
    if isinstance(part.get("$ref"), str):
        part["$ref"] = part["$ref"].removeprefix("/api/")
    return part


def is_prose(key: str, value) -> bool:
    """Whether this is text for people (a property may be called `description`, too) or the address of the original."""
    return key in ("description", "$id") and isinstance(value, str)


def write_kubernetes(folder: pathlib.Path) -> None:
    source = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    for version in VERSIONS:
        target = folder / version
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted((source / f"{version}-local-strict").glob("*.json")):
            schema = json.loads(path.read_text())
            if "$defs" in schema or {"apiVersion", "kind"} <= set(schema.get("properties", {})):
                (target / path.name).write_text(json.dumps(without_null(schema)))


def strict(schema: dict) -> dict:
    """A part of a custom resource's schema: without experimental fields, and closed wherever fields are listed."""
    schema = dict(schema)
    schema.pop("description", None)
    if "properties" in schema:
        schema["properties"] = {
            name: strict(part)
            for name, part in schema["properties"].items()
            if EXPERIMENTAL not in part.get("description", "")
        }
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema["additionalProperties"] = False
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            schema[key] = strict(schema[key])
    return schema


def complete(schema: dict) -> dict:
    """A custom resource's schema with the fields that every object has."""
    schema = strict(schema)
    schema["properties"]["apiVersion"] = {"type": "string"}
    schema["properties"]["kind"] = {"type": "string"}
    strings = {"type": "object", "additionalProperties": {"type": "string"}}
    schema["properties"]["metadata"] = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "namespace": {"type": "string"}, "labels": strings, "annotations": strings},
        "additionalProperties": False,
    }
    schema["required"] = sorted({*schema.get("required", []), "apiVersion", "kind", "metadata"})
    return schema


def write_custom(crds: pathlib.Path, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(crds.glob("*.yaml")):
        spec = yaml.safe_load(path.read_text())["spec"]
        for version in spec["versions"]:
            name = f"{spec['group']}_{spec['names']['kind'].lower()}_{version['name']}.json"
            (folder / name).write_text(json.dumps(complete(version["schema"]["openAPIV3Schema"])))


def main() -> None:
    crds, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    write_kubernetes(folder)
    write_custom(crds, folder / "custom")
    (folder / "complete").touch()


main()
