"""Runs the shell steps of a tree's deploy.yaml and rollback.yaml for real: workflow_steps.py TREE

Each step runs as GitHub runs it, in a copy of the tree, against a stand-in kubectl that answers what a cluster would and
writes down how it was called, and against a local web server. Prints one line for each thing that went wrong. What the
release kustomizations give is built by the real kustomize.
"""

import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import yaml

DIGEST = "sha256:" + "a" * 64
# The longest release that names leave room for.
RELEASE_EXPRESSION = "${{ github.run_number }}-${{ github.run_attempt }}"
RELEASE = "1234567-10"

KUBECTL = r"""#!/usr/bin/env bash
echo "$*" >> "$STUB/calls"
answer() { cat "$STUB/$1" 2> /dev/null || echo "$2"; }
case "$*" in
  "diff "*) exit "$(answer diff 1)" ;;
  "get deployment"*) answer revision "" ;;
  "get job"*)
    polls=$(($(answer polls 0) + 1))
    echo "$polls" > "$STUB/polls"
    if ((polls < 2)); then
      [[ "$(answer job "")" != flaky ]]
    else
      answer job "" | sed 's/flaky/Complete/' | tr -d '\n'
    fi
    ;;
  "logs "*) exit "$(answer logs 0)" ;;
  "rollout status"*) exit "$(answer status 0)" ;;
  "rollout history"*--revision*) exit "$(answer history 0)" ;;
  *) exit "$(answer other 0)" ;;
esac
"""


# Registry and signatures: a manifest if there is one, and who signed it.
DOCKER = r"""#!/usr/bin/env bash
echo "docker $*" >> "$STUB/calls"
case "$*" in
  "buildx imagetools inspect "*) cat "$STUB/manifest" ;;
  "image inspect "*) cat "$STUB/size" ;;
esac
"""
COSIGN = r"""#!/usr/bin/env bash
echo "cosign $*" >> "$STUB/calls"
exit "$(cat "$STUB/signed")"
"""


class Server(http.server.BaseHTTPRequestHandler):
    """Answers with the codes given, the last one for ever."""

    codes = [200]

    def do_GET(self):
        self.send_response(Server.codes.pop(0) if len(Server.codes) > 1 else Server.codes[0])
        self.end_headers()

    def log_message(self, *_):
        pass


class World:
    """A copy of the tree, a home, and a cluster that gives the answers it was told."""

    def __init__(self, tree, workflow, job, answers):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="workflow-steps-"))
        self.workspace = self.root / "workspace"
        shutil.copytree(tree, self.workspace, ignore=shutil.ignore_patterns(".git"))
        for folder in ("stub", "bin", "home"):
            (self.root / folder).mkdir()
        for name, answer in answers.items():
            (self.root / "stub" / name).write_text(str(answer))
        for name, text in (("kubectl", KUBECTL), ("docker", DOCKER), ("cosign", COSIGN), ("sleep", "#!/bin/sh\n")):
            (self.root / "bin" / name).write_text(text)
            (self.root / "bin" / name).chmod(0o755)
        for name in ("output", "summary"):
            (self.root / name).touch()
        self.document = yaml.safe_load((tree / ".github/workflows" / workflow).read_text())
        self.job = self.document["jobs"][job]

    def step(self, name):
        return next((step for step in self.job["steps"] if step["name"] == name), None)

    def run(self, name, **values):
        step = self.step(name)
        env = {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.root / "home"),
            "STUB": str(self.root / "stub"),
            "GITHUB_OUTPUT": str(self.root / "output"),
            "GITHUB_STEP_SUMMARY": str(self.root / "summary"),
            "GITHUB_SHA": "b" * 40,
            "GITHUB_REF_NAME": "main",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKFLOW_REF": "acme/a.b/.github/workflows/deploy.yaml@refs/heads/main",
        }
        for layer in (self.document.get("env"), self.job.get("env"), step.get("env")):
            for key, value in (layer or {}).items():
                env[key] = values.get(key, str(value).replace(RELEASE_EXPRESSION, RELEASE))
                if "${{" in env[key]:
                    raise SystemExit(f"{name}: no value is known for {key}: {value}")
        # What takes minutes there takes a second here.
        script = re.sub(r"--retry \d+ --retry-delay \d+", "--retry 1 --retry-delay 1", step["run"])
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            env=env, cwd=self.workspace, capture_output=True, text=True, timeout=120,
        )

    def read(self, name):
        return (self.root / name).read_text()

    def calls(self):
        path = self.root / "stub/calls"
        return path.read_text() if path.exists() else ""

    def remove(self):
        shutil.rmtree(self.root)


class Trial:
    """The steps of one environment, and what was wrong with them."""

    def __init__(self, tree, environment):
        self.tree, self.environment = tree, environment
        self.findings = []

    def expect(self, what, condition, result=None):
        if not condition:
            said = "" if result is None else f" (exit {result.returncode}: {(result.stdout + result.stderr).strip()!r})"
            self.findings.append(f"{self.environment}: {what}{said}")

    def deploy(self, **answers):
        return World(self.tree, "deploy.yaml", f"deploy-{self.environment}", answers)

    def has(self, name):
        world = self.deploy()
        world.remove()
        return world.step(name) is not None

    def health_after_rollback(self, url):
        for name, key in (("Check the health from outside", "HEALTH_URLS"), ("Check the health", "HEALTH_URL")):
            world = World(self.tree, "rollback.yaml", "rollback", {})
            for code, fine in ((200, True), (503, False)) if world.step(name) else ():
                Server.codes = [code]
                values = {key: url, "NAMESPACE": "there", "SERVICE": "web", "CURL_OPTIONS": "--insecure"}
                result = world.run(name, REVISION="12", ENVIRONMENT=self.environment, **values)
                self.expect(f"rollback, {name}, answer {code}", (result.returncode == 0) == fine, result)

    def deployed(self, name, answers=None, **values):
        """Runs one step in a new world and gives both."""
        world = self.deploy(**(answers or {}))
        result = world.run(name, DIGEST=DIGEST, **values)
        return world, result

    def kubeconfig(self):
        world, result = self.deployed("Write the kubeconfig", KUBECONFIG_DATA="kind: Config")
        path = world.root / "home/.kube/config"
        private = path.exists() and path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
        self.expect("the kubeconfig is not its owner's alone", private, result)
        self.expect("the kubeconfig is printed", "Config" not in result.stdout + result.stderr, result)
        _, result = self.deployed("Write the kubeconfig", KUBECONFIG_DATA="")
        self.expect("a missing kubeconfig goes unnoticed", result.returncode != 0 and "KUBECONFIG_DATA" in result.stderr, result)

    def release(self):
        world, result = self.deployed("Write the release")
        self.expect("the release is not written", result.returncode == 0, result)
        folders = [("release", "Deployment")]
        if self.has(JOBS_STEP):
            folders.append(("release/jobs", "Job"))
        for folder, kind in folders:
            built = subprocess.run(["kustomize", "build", folder], cwd=world.workspace, capture_output=True, text=True)
            self.expect(f"{folder} does not build", built.returncode == 0, built)
            objects = [found for found in yaml.safe_load_all(built.stdout) if found]
            self.released(folder, kind, objects, f"{world.document['env']['IMAGE']}@{DIGEST}")

    def released(self, folder, kind, objects, image):
        workloads = [found for found in objects if found["kind"] == kind]
        self.expect(f"{folder} has no {kind}", workloads)
        accounts = {found["metadata"]["name"] for found in objects if found["kind"] == "ServiceAccount"}
        for found in workloads:
            pod = found["spec"]["template"]["spec"]
            images = [container["image"] for container in pod["containers"]]
            self.expect(f"{folder}: {images} is not {image}", images == [image])
            self.expect(f"{folder}: no account {pod['serviceAccountName']}", pod["serviceAccountName"] in accounts)
        for found in objects:
            name = found["metadata"]["name"]
            own = found["kind"] == "Job" and kind == "Job"
            self.expect(f"{folder}: {found['kind']} {name} and the release", name.endswith(f"-{RELEASE}") == own)
            self.expect(f"{folder}: the name {name} is too long", not own or len(name) <= 63)
            # What the step of the jobs selects by: the Jobs, and all else.
            labels = found["metadata"].get("labels") or {}
            said = labels.get("release") == RELEASE and f"{labels['app.kubernetes.io/instance']}-{RELEASE}" == name
            self.expect(f"{folder}: labels of {found['kind']} {name}", said if own else "release" not in labels)

    def before(self):
        world, result = self.deployed("Record what runs now", {"revision": "12"})
        found = re.findall(r"(\S+)=12 ?", world.read("output").removeprefix("revisions="))
        self.expect("the revisions before are not recorded", result.returncode == 0 and found, result)
        world, result = self.deployed("Record what runs now", {"revision": ""})
        self.expect("a first deployment fails", result.returncode == 0 and world.read("output") == "revisions=\n", result)
        for status, fine in ((0, True), (1, True), (2, False)):
            _, result = self.deployed("Show what will change", {"diff": status})
            self.expect(f"kubectl diff that gives {status}", (result.returncode == 0) == fine, result)

    def jobs(self):
        for job, fine in (("Complete", True), ("SuccessCriteriaMet Complete", True), ("flaky", True),
                          ("Failed", False), ("FailureTarget Failed", False)):
            world, result = self.deployed(JOBS_STEP, {"job": job})
            self.expect(f"a job that is {job}", (result.returncode == 0) == fine, result)
            self.expect(f"the log of a job that is {job} is not shown", "logs --namespace" in world.calls(), result)
        world, result = self.deployed(JOBS_STEP, {"job": "Complete"}, JOBS="first second")
        applied = re.findall(r"apply --kustomize release/jobs --selector (\S+)", world.calls())
        one = f"release={RELEASE},app.kubernetes.io/instance="
        self.expect(f"the jobs are applied as {applied}", applied == ["!release", one + "first", one + "second"], result)
        waited = world.calls().find("get job first-") < world.calls().find(one + "second")
        self.expect("the second job does not wait for the first", waited, result)
        world, result = self.deployed(JOBS_STEP, {"job": "Failed"}, JOBS="first second")
        self.expect("a job starts after one that failed", one + "second" not in world.calls(), result)
        _, result = self.deployed(JOBS_STEP, {"job": "Complete", "logs": 1})
        self.expect("a log that is gone stops the deployment", result.returncode == 0, result)
        _, result = self.deployed(JOBS_STEP, {"job": "Suspended"}, WAIT_SECONDS="1")
        self.expect("a job without end passes", result.returncode != 0 and "timeout" in result.stdout, result)
        _, result = self.deployed(JOBS_STEP, {"job": "Complete", "other": 1})
        self.expect("a job that cannot be created passes", result.returncode != 0, result)

    def apply(self):
        for status in (0, 1):
            world, result = self.deployed("Apply", {"other": status})
            self.expect(f"an apply that gives {status}", result.returncode == status, result)
            self.expect("an apply does not say that it changed the cluster", "changed=true" in world.read("output"), result)
            self.expect("apply does not take the release", "apply --kustomize release\n" in world.calls(), result)
        _, result = self.deployed("Wait for the rollout", {"status": 1})
        self.expect("a rollout that fails passes", result.returncode != 0, result)

    def health(self, url):
        outside = ([200], True), ([503, 200], True), ([503], False), ([404], False), ([301], False)
        inside = ([200], True), ([503], False)
        for name, key, cases in (("Check the health from outside", "HEALTH_URLS", outside), ("Check the health", "HEALTH_URL", inside)):
            for codes, fine in cases if self.has(name) else ():
                Server.codes = list(codes)
                _, result = self.deployed(name, **{key: url})
                self.expect(f"{name}, answers {codes}", (result.returncode == 0) == fine, result)

    def back(self):
        if self.has("Roll back"):
            world, result = self.deployed("Roll back", REVISIONS="web=12 worker=3 ")
            for name, revision in (("web", 12), ("worker", 3)):
                undone = re.search(rf"rollout undo deployment/{name} --namespace \S+ --to-revision={revision}\n", world.calls())
                self.expect(f"{name} does not return to its revision", result.returncode == 0 and undone, result)
            world, result = self.deployed("Roll back", REVISIONS="")
            self.expect("nothing to return to", result.returncode == 0 and "::warning::" in result.stdout and not world.calls(), result)
            self.expect("the summary is not told so", world.read("output") == "result=nothing to return to\n", result)
        world, result = self.deployed("Summarise", RESULT="failure", ROLLBACK="success", REVISIONS="web=12 ")
        self.expect("the summary is not written", result.returncode == 0 and DIGEST in world.read("summary"), result)

    def by_hand(self, url):
        self.health_after_rollback(url)
        refused = [("0", self.environment), ("", self.environment), ("12; id", self.environment), ("12\n13", self.environment),
                   ("$(id)", self.environment), ("-1", self.environment), ("12", "elsewhere")]
        for revision, environment in [("12", self.environment), *refused]:
            world = World(self.tree, "rollback.yaml", "rollback", {})
            result = world.run("Check the inputs", REVISION=revision, ENVIRONMENT=environment)
            fine = (revision, environment) not in refused
            self.expect(f"rollback of {environment} to {revision!r}", (result.returncode == 0) == fine, result)
            self.expect("a refused rollback has a target", fine or not world.read("output"), result)
            if fine:
                asked = re.search(r"^(local_)?health_urls?=\S", world.read("output"), re.MULTILINE)
                same = self.has("Check the health from outside") or self.has("Check the health")
                self.expect("a rollback is not asked for its health as a deployment is", bool(asked) == same, result)
        values = {"REVISION": "12", "ENVIRONMENT": self.environment, "NAMESPACE": "there"}
        world = World(self.tree, "rollback.yaml", "rollback", {})
        result = world.run("Return to the revision", **values)
        undone = "--namespace there --to-revision=12" in world.calls() and "rollout status" in world.calls()
        self.expect("rollback by hand does nothing", result.returncode == 0 and undone, result)
        world = World(self.tree, "rollback.yaml", "rollback", {"history": 1})
        result = world.run("Show the revisions and the one to return to", **values)
        self.expect("a revision that is gone passes", result.returncode != 0, result)

    def run(self, url):
        self.kubeconfig()
        self.before()
        if self.has(JOBS_STEP):
            self.jobs()
        self.apply()
        self.health(url)
        self.back()
        rollback = self.tree / ".github/workflows/rollback.yaml"
        if rollback.exists():
            choices = yaml.load(rollback.read_text(), yaml.BaseLoader)["on"]["workflow_dispatch"]["inputs"]["environment"]["options"]
            if self.environment in choices:
                self.by_hand(url)


class Publication(Trial):
    """The steps that publish the image."""

    def deploy(self, **answers):
        return World(self.tree, "deploy.yaml", "image", answers)

    def run(self):
        manifest = f'{{"digest": "{DIGEST}"}}'
        for answers, used in (({}, False), ({"manifest": manifest, "signed": 1}, False), ({"manifest": manifest, "signed": 0}, True)):
            world, result = self.deployed("Look for an image of this commit", answers)
            said = world.read("output") == (f"digest={DIGEST}\n" if used else "")
            self.expect(f"an image that is there as {answers}", result.returncode == 0 and said, result)
        identity = r"^https://github\.com/acme/a\.b/\.github/workflows/deploy\.yaml@"
        asked = identity in world.calls() and f"--certificate-github-workflow-sha {'b' * 40}" in world.calls()
        self.expect("anybody may have signed the image", asked, result)
        world, result = self.deployed("Give it the tags", TAGS="host/a:sha-1\nhost/a:v1")
        self.expect("the tags are not given", world.calls().count("imagetools create --tag host/a:") == 2, result)
        measure = "Measure the image of every platform"
        for size, fine in ((1, True), (10**15, False)) if self.has(measure) else ():
            world, result = self.deployed(measure, {"size": size}, REFERENCE="host/a@b", PLATFORMS="linux/amd64 linux/arm64")
            self.expect(f"an image of {size} bytes", (result.returncode == 0) == fine, result)
            pulled = world.calls().count("pull --quiet --platform linux/")
            self.expect(f"{pulled} platforms are measured", pulled == (2 if fine else 1), result)


JOBS_STEP = "Run the jobs that come before the deployment"


def main():
    tree = pathlib.Path(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/readyz"
    jobs = yaml.safe_load((tree / ".github/workflows/deploy.yaml").read_text())["jobs"]
    environments = [name.removeprefix("deploy-") for name in jobs if name.startswith("deploy-")]
    findings = [] if environments else ["no job deploys"]
    scratch = tempfile.mkdtemp(prefix="workflow-steps-")
    tempfile.tempdir = scratch
    publication = Publication(tree, "image")
    publication.run()
    findings += publication.findings
    tried = set()
    for environment in environments:
        trial = Trial(tree, environment)
        trial.release()
        # Environments with the same steps differ in nothing that a step could do wrong.
        steps = tuple(step["name"] for step in jobs[f"deploy-{environment}"]["steps"])
        if steps not in tried:
            trial.run(url)
        tried.add(steps)
        findings += trial.findings
    shutil.rmtree(scratch)
    print("\n".join(findings), end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
