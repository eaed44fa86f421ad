"""Runs an image the way the cluster does, and prints one line for each thing that is wrong with it.

    run_image.py ROOT CONFIG HEALTH_PATH [JOB_WORD...]

ROOT is the mounted image, CONFIG what `buildah inspect` says of it. The service runs in namespaces of its own as process 1,
with a root that cannot be written, as the image's user and without capabilities, and with /tmp empty.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time

READY_SECONDS = 20
STOP_SECONDS = 10
PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    root, config_path, health_path, *job = sys.argv[1:]
    with open(config_path, encoding="utf-8") as file:
        config = json.load(file)["Docker"]["config"]
    port = dict(pair.split("=", 1) for pair in config["Env"])["PORT"]
    for finding in findings(root, config, f"http://127.0.0.1:{port}{health_path}", job):
        print(finding)


def findings(root: str, config: dict, address: str, job: list[str]):
    yield from user_findings(root, config)
    command = (config.get("Entrypoint") or []) + config["Cmd"]
    check = config.get("Healthcheck", {}).get("Test", [])
    if check[:1] != ["CMD"]:
        yield f"the health check is not in exec form: {check}"
    service = start(root, config, command)
    process = first_process(service)
    try:
        if not answers(service, process, address):
            end(process)
            yield f"no answer from {address} within {READY_SECONDS} s: {output(service)}"
            return
        yield from process_findings(process, config["User"])
        yield from command_findings("health check", root, config, check[1:], process)
        if job:
            yield from command_findings("job", root, config, (config.get("Entrypoint") or []) + job, process)
        os.kill(process, signal.SIGTERM)
        try:
            service.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            yield f"still running {STOP_SECONDS} s after SIGTERM"
    finally:
        end(process)
        service.wait()
    alone = subprocess.run(["unshare", "--net", *inside(root, config, check[1:])], capture_output=True, timeout=30)
    if alone.returncode == 0:
        yield "the health check passes although nothing runs"


def user_findings(root: str, config: dict):
    user, _, group = config.get("User", "").partition(":")
    if not (user.isdigit() and group.isdigit() and int(user) > 0 and int(group) > 0):
        yield f"the user is not numeric and unprivileged: {config.get('User')!r}"
        return
    for folder, names, files in os.walk(os.path.join(root, config["WorkingDir"].lstrip("/"))):
        for path in [os.path.join(folder, name) for name in [".", *names, *files]]:
            status = os.lstat(path)
            owned = status.st_uid == int(user) or (status.st_gid == int(group) and status.st_mode & 0o020)
            if not os.path.islink(path) and (owned or status.st_mode & 0o002):
                yield f"the service can change its own files: {os.path.relpath(path, root)}"
                return


def start(root: str, config: dict, command: list[str]) -> subprocess.Popen:
    namespaces = ["unshare", "--mount", "--pid", "--net", "--fork"]
    set_up = (
        "ip link set lo up && mount --make-rprivate / && mount --bind \"$1\" \"$1\" && mount -t proc proc \"$1/proc\" && "
        "mount --rbind /dev \"$1/dev\" && mount -t tmpfs tmpfs \"$1/tmp\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\""
    )
    for name in ("proc", "dev", "tmp"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    return subprocess.Popen(
        [*namespaces, "sh", "-c", set_up, "set-up", root, *inside(root, config, command)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )


def inside(root: str, config: dict, command: list[str]) -> list[str]:
    """The words that run `command` in the image: this very file, in its second role."""
    return [sys.executable, __file__, "--inside", json.dumps([root, config["User"], config["WorkingDir"], config["Env"]]), *command]


def enter(settings: str, command: list[str]) -> None:
    root, user, folder, pairs = json.loads(settings)
    uid, gid = (int(number) for number in user.split(":"))
    os.chroot(root)
    os.chdir(folder)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    environment = dict(pair.split("=", 1) for pair in pairs)
    os.environ["PATH"] = environment["PATH"]
    os.execvpe(command[0], command, environment)


def first_process(service: subprocess.Popen) -> int:
    """The host's number of process 1 in the service's namespace."""
    for _ in range(100):
        with open(f"/proc/{service.pid}/task/{service.pid}/children", encoding="ascii") as file:
            children = file.read().split()
        if children:
            return int(children[0])
        time.sleep(0.05)
    raise SystemExit("no process was started")


def answers(service: subprocess.Popen, process: int, address: str) -> bool:
    last = time.monotonic() + READY_SECONDS
    call = f"import urllib.request; urllib.request.urlopen({address!r}, timeout=2)"
    while time.monotonic() < last and service.poll() is None:
        inside_network = ["nsenter", "--target", str(process), "--net", sys.executable, "-c", call]
        if subprocess.run(inside_network, capture_output=True).returncode == 0:
            return True
        time.sleep(0.2)
    return False


def process_findings(process: int, user: str):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    if status["Uid"].split() != [user.partition(":")[0]] * 4:
        yield f"process 1 runs as {status['Uid'].split()[0]} instead of {user}"
    if int(status["CapEff"], 16):
        yield f"process 1 has capabilities: {status['CapEff']}"


def command_findings(what: str, root: str, config: dict, command: list[str], process: int):
    place = ["nsenter", "--target", str(process), "--mount", "--net", "--pid"]
    result = subprocess.run([*place, *inside(root, config, command)], capture_output=True, text=True, timeout=60)
    if result.returncode != 0:
        yield f"{what} exited with {result.returncode}: {' '.join((result.stdout + result.stderr).split())[-400:]}"


def end(process: int) -> None:
    """Kills everything in the namespace with its process 1, which may have ended already."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def output(service: subprocess.Popen) -> str:
    return " ".join(service.communicate()[0].decode(errors="replace").split())[-400:]


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        enter(sys.argv[2], sys.argv[3:])
    main()
