"""Writes a tree's manifests as they reach a cluster: each environment built by kustomize, with the image's digest.

Usage: release.py TREE FOLDER

The deploy workflow applies a kustomization that names the overlay (or the jobs) and the digest of the image that it has built.
This does the same with a made-up digest: FOLDER/overlay-<env>.yaml and FOLDER/jobs-<env>.yaml, the
namespace as FOLDER/namespace-<env>.yaml, and last FOLDER/complete.
"""

import os
import pathlib
import re
import subprocess
import sys

# Any 64 hexadecimal digits do: nothing is pulled.
DIGEST = "sha256:" + "0123456789abcdef" * 4
# The tag that stands in the manifests until the workflow puts the digest in.
PLACEHOLDER = re.compile(r"image: [\"']?([^\s\"']+):unreleased\b")


def build(folder: pathlib.Path) -> str:
    done = subprocess.run(["kustomize", "build", folder], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"kustomize build {folder}: {done.stderr.strip()}")
    return done.stdout


def released(source: pathlib.Path, work: pathlib.Path) -> str:
    """The kustomization in `source` built with a digest for every image that waits for one."""
    images = sorted(set(PLACEHOLDER.findall(build(source))))
    work.mkdir(parents=True, exist_ok=True)
    lines = [
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "kind: Kustomization",
        f"resources: [{os.path.relpath(source, work)}]",
    ]
    if images:
        lines.append("images:")
        lines += [f"  - {{name: {image}, digest: {DIGEST}}}" for image in images]
    (work / "kustomization.yaml").write_text("\n".join(lines) + "\n")
    return build(work)


def main() -> None:
    tree, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    for kind, parent in (("overlay", "overlays"), ("jobs", "jobs")):
        for source in sorted((tree / "k8s" / parent).glob("*/kustomization.yaml")):
            name = f"{kind}-{source.parent.name}"
            text = released(source.parent, folder / "work" / name)
            (folder / f"{name}.yaml").write_text(text)
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted((tree / "k8s" / "namespaces").glob("*/namespace.yaml")):
        (folder / f"namespace-{source.parent.name}.yaml").write_text(source.read_text())
    (folder / "complete").touch()


main()
