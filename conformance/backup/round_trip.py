"""The backup round trip, for real: a local PostgreSQL, an S3 server (moto), the rendered job and script, and faults in their way.

Usage: round_trip.py TREE RELEASE PREFIX BIN
  TREE     a rendered tree with scripts/restore-postgres.sh
  RELEASE  its released objects, overlay-<env>.yaml (see helpers/release.py)
  PREFIX   folder of PostgreSQL's programs
  BIN      folder with rclone and a `busybox` folder of its applets
Prints each finding on a line, then the number of checks on the last.
"""

import datetime
import hashlib
import logging
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

import boto3
import yaml
from moto.server import ThreadedMotoServer

PASSWORD = "p@ss:w/rd %41\\x"
ENCODED = "p%40ss%3Aw%2Frd%20%2541%5Cx"
# As the kubelet starts the containers: only the spool can be written, and the user is none of the machine's.
CONFINE = """
/usr/bin/mount --bind "$1" "$1" && /usr/bin/mount -o remount,ro,bind / || exit 99
shift
exec /usr/bin/setpriv --reuid=10001 --regid=10001 --clear-groups "$@"
"""
SCHEMA = """
CREATE TABLE customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, note jsonb, photo bytea);
CREATE TABLE purchase (id serial PRIMARY KEY, customer bigint NOT NULL REFERENCES customer, amount numeric(12,2) CHECK (amount > 0),
                       at timestamptz NOT NULL);
CREATE INDEX purchase_by_customer ON purchase (customer, at DESC);
CREATE VIEW revenue AS SELECT customer, sum(amount) AS total FROM purchase GROUP BY customer;
CREATE MATERIALIZED VIEW best AS SELECT * FROM revenue ORDER BY total DESC, customer LIMIT 10;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT 2 * i';
CREATE SCHEMA audit;
CREATE TABLE audit."Odd name; --" ("a b" mood, t tsrange);
INSERT INTO customer (name, note, photo)
  SELECT 'Zoë 顧客 ''' || n || E'\\t\\\\\\n', jsonb_build_object('n', n, 'deep', ARRAY[n, NULL]), decode(md5(n::text), 'hex')
  FROM generate_series(1, 5000) n;
INSERT INTO customer (name) VALUES ('');
INSERT INTO purchase (customer, amount, at)
  SELECT 1 + n % 5000, 0.01 + n, '2026-03-29 00:30+00'::timestamptz + n * interval '1 minute' FROM generate_series(1, 20000) n;
INSERT INTO audit."Odd name; --" VALUES ('glad', '[2026-01-01, 2026-02-01)'), (NULL, NULL);
REFRESH MATERIALIZED VIEW best;
SELECT lo_from_bytea(4242, decode(repeat('00ff', 5000), 'hex'));
"""
# Everything of a database that a user would miss: rows, sequences, definitions, large objects.
FINGERPRINT = """
SELECT 'customer', count(*), md5(string_agg(c::text, '|' ORDER BY id)) FROM customer c
UNION ALL SELECT 'purchase', count(*), md5(string_agg(p::text, '|' ORDER BY id)) FROM purchase p
UNION ALL SELECT 'best', count(*), md5(string_agg(b::text, '|' ORDER BY customer)) FROM best b
UNION ALL SELECT 'odd', count(*), md5(string_agg(o::text, '|' ORDER BY o::text)) FROM audit."Odd name; --" o
UNION ALL SELECT 'sequences', count(*), string_agg(sequencename || coalesce(last_value, 0), '|' ORDER BY sequencename) FROM pg_sequences
UNION ALL SELECT 'columns', count(*), md5(string_agg(concat(table_schema, table_name, column_name, data_type, is_nullable, column_default), '|'
  ORDER BY table_schema, table_name, ordinal_position)) FROM information_schema.columns WHERE table_schema IN ('public', 'audit')
UNION ALL SELECT 'indexes', count(*), md5(string_agg(indexdef, '|' ORDER BY indexdef)) FROM pg_indexes WHERE schemaname IN ('public', 'audit')
UNION ALL SELECT 'constraints', count(*), md5(string_agg(pg_get_constraintdef(oid), '|' ORDER BY conname)) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'function', 1, twice(21)::text
UNION ALL SELECT 'large object', 1, md5(lo_get(4242))
"""


class Findings:
    """Counts checks and prints those that fail."""

    def __init__(self):
        self.checks = 0

    def check(self, holds, what, detail=""):
        self.checks += 1
        if not holds:
            print(" ".join(f"{what}: {detail}".split()))


class Database:
    """A throw-away PostgreSQL server that listens on 127.0.0.1 and asks for a password."""

    def __init__(self, prefix, folder):
        self.prefix, self.folder = prefix, folder
        self.data = folder / "pgdata"
        self.port = free_port()
        owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.data.mkdir()
        secret = folder / "secret"
        secret.write_text(PASSWORD + "\n")
        if owner:
            shutil.chown(self.data, "postgres")
            shutil.chown(secret, "postgres")
        self.owner = owner
        quiet(owner + [f"{prefix}/initdb", "-D", self.data, "-U", "keeper", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--locale=C"])
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nfsync=off\n")
        self.start()

    def start(self):
        quiet(self.owner + [f"{self.prefix}/pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "start"])

    def stop(self):
        quiet(self.owner + [f"{self.prefix}/pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop"])

    def uri(self, name="orders", password=ENCODED, scheme="postgresql", query=""):
        return f"{scheme}://keeper:{password}@127.0.0.1:{self.port}/{name}{query}"

    def sql(self, text, name="orders"):
        return quiet([f"{self.prefix}/psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.uri(name)], input=text)

    def create(self, name):
        self.sql(f'CREATE DATABASE "{name}"', "postgres")
        return name


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quiet(command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Rendered:
    """The backup job of a release: its environment's name, its containers by name, and the scripts of its ConfigMap."""

    def __init__(self, release):
        for path in sorted(release.glob("overlay-*.yaml")):
            objects = list(yaml.safe_load_all(path.read_text()))
            jobs = [found for found in objects if found["kind"] == "CronJob" and found["metadata"]["labels"]["app.kubernetes.io/component"] == "backup-postgres"]
            if jobs:
                break
        else:
            raise SystemExit(f"no backup job in {release}")
        self.environment = path.stem.removeprefix("overlay-")
        pod = jobs[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        self.containers = {container["name"]: container for container in pod["initContainers"] + pod["containers"]}
        (name,) = [volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume]
        (self.scripts,) = [found["data"] for found in objects if found["kind"] == "ConfigMap" and found["metadata"]["name"] == name]
        self.settings = {entry["name"]: entry.get("value") for entry in self.containers["upload"]["env"]}


class Job:
    """Runs the rendered scripts as the job would: only the rendered environment, an unprivileged user, the images' shells."""

    def __init__(self, rendered, prefix, bin_folder, folder, database, endpoint):
        self.folder, self.database = folder, database
        self.containers = rendered.containers
        self.spool = folder / "spool"
        self.shims = folder / "shims"
        self.tools = folder / "tools"
        for made in (self.spool, self.shims, self.tools, folder / "opt"):
            made.mkdir()
        self.spool.chmod(0o777)
        self.scripts = folder / "opt"
        for name, text in rendered.scripts.items():
            (self.scripts / name).write_text(text)
        for tool in ("pg_dump", "pg_dumpall", "pg_restore", "psql"):
            (self.tools / tool).symlink_to(prefix / tool)
        self.rclone = bin_folder / "rclone"
        self.busybox = bin_folder / "busybox"
        self.endpoint = endpoint

    def environment(self, container, changes):
        given = {entry["name"]: entry.get("value") for entry in self.containers[container]["env"]}
        if "PGPASSWORD" in given:
            given.update(DATABASE_URL=self.database.uri().replace(f":{ENCODED}@", "@"), PGPASSWORD=PASSWORD)
        elif container == "dump":
            given.update(DATABASE_URL=self.database.uri())
        else:
            # Without keys in the job, these stand for what the account's role gives.
            given.update(AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret")
        given.update({name: str(self.spool) for name, value in given.items() if value == "/spool"})
        if container == "upload":
            given.update(BACKUP_ENDPOINT=self.endpoint, RCLONE_RETRIES="1", RCLONE_LOW_LEVEL_RETRIES="1")
        return given | changes

    def run(self, container, **changes):
        argv = list(self.containers[container]["command"])
        argv[1] = str(self.scripts / pathlib.PurePath(argv[1]).name)
        if container == "upload":
            path = f"{self.shims}:{self.busybox}:{self.rclone.parent}"
            argv[0] = str(self.busybox / "sh")
        else:
            path = f"{self.shims}:{self.tools}:/usr/bin:/bin"
        environment = self.environment(container, changes) | {"PATH": path}
        if os.geteuid() == 0:
            argv = ["/usr/bin/unshare", "--mount", "--propagation=private", "/bin/bash", "-c", CONFINE, "confine", str(self.spool)] + argv
        return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, cwd="/")

    def shim(self, name, body):
        """Puts a program of this name before the real one, whose path the body knows as $REAL."""
        real = self.rclone if name == "rclone" else self.tools / name
        path = self.shims / name
        path.write_text(f"#!/bin/bash\nREAL={shlex.quote(str(real))}\n{body}\n")
        path.chmod(0o755)

    def unshim(self):
        for path in self.shims.iterdir():
            path.unlink()

    def empty_spool(self):
        for path in self.spool.iterdir():
            path.unlink()

    def backup(self, **changes):
        """A whole run; the upload is only reached after a good dump, as in the pod."""
        self.empty_spool()
        dumped = self.run("dump", **{name: value for name, value in changes.items() if name == "DATABASE_URL"})
        if dumped.returncode:
            return dumped
        return self.run("upload", **{name: value for name, value in changes.items() if name != "DATABASE_URL"})


class Store:
    """The bucket, as seen from outside the job."""

    def __init__(self, endpoint, destination, environment):
        self.bucket, _, prefix = destination.removeprefix("s3://").partition("/")
        self.environment = environment
        self.folder = f"{prefix}/{environment}/postgres/".lstrip("/")
        self.client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret")
        self.client.create_bucket(Bucket=self.bucket)

    def keys(self, folder=""):
        listing = self.client.list_objects_v2(Bucket=self.bucket, Prefix=folder).get("Contents", [])
        return sorted(entry["Key"] for entry in listing)

    def put(self, key, body=b"x"):
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body)

    def get(self, key):
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def clear(self):
        for key in self.keys():
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def dumps(self):
        return [key for key in self.keys(self.folder) if key.endswith(".dump")]


def aged(days, suffix=".dump"):
    moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
    return moment.strftime("%Y%m%dT%H%M%SZ") + suffix


def check_good_run(found, job, store, retention):
    """A good run stores one proven dump, prunes what is too old, and leaves everything else alone."""
    old = [aged(retention + 0.1), aged(400), aged(400, ".dump.sha256"), aged(400, ".roles.sql"), aged(60, ".dump.partial")]
    young = [aged(retention - 0.1), aged(retention / 2)]
    foreign = [store.folder + "README.txt", store.folder + "20200101.dump", store.folder + "deep/" + aged(400),
               store.folder.replace(f"{store.environment}/postgres/", "another/postgres/") + aged(400), "other/" + aged(400)]
    for key in old + young:
        store.put(store.folder + key)
    for key in foreign:
        store.put(key)
    job.shim("pg_dump", 'printf "%s\\n" "$@" >"$BACKUP_SPOOL/argv"; exec "$REAL" "$@"')
    done = job.backup()
    job.unshim()
    found.check(done.returncode == 0, "a good run fails", done.stdout + done.stderr)
    argv = (job.spool / "argv").read_text()
    found.check("ss" not in argv.replace("--no-password", ""), "the password is on pg_dump's command line", argv)
    keys = store.keys()
    found.check(not [key for key in old if store.folder + key in keys], "too old objects are left", "\n".join(keys))
    found.check(all(store.folder + key in keys for key in young), "objects within the retention are gone", "\n".join(keys))
    found.check(all(key in keys for key in foreign), "objects of others are gone", "\n".join(keys))
    fresh = [key for key in store.dumps() if key.removeprefix(store.folder) not in young and key not in foreign]
    found.check(len(fresh) == 1 and re.fullmatch(re.escape(store.folder) + r"\d{8}T\d{6}Z\.dump", fresh[0]), "the key is not as promised", "\n".join(fresh))
    spooled = (job.spool / fresh[0].rpartition("/")[2]).read_bytes()
    found.check(store.get(fresh[0]) == spooled, "the stored bytes are not the dumped ones")
    recorded = store.get(fresh[0] + ".sha256").decode().split()[0]
    found.check(recorded == hashlib.sha256(spooled).hexdigest(), "the recorded checksum is wrong", recorded)
    found.check(not [key for key in keys if key.endswith(".partial")], "a partial object is left", "\n".join(keys))
    return fresh[0].rpartition("/")[2]


def check_uris(found, job, database):
    """URIs as object mappers write them are understood; others are refused without their password in the log."""
    for uri in (database.uri(scheme="postgres"), database.uri(scheme="postgresql+asyncpg"),
                database.uri(query="?schema=public&connection_limit=5&sslmode=prefer&pgbouncer=true"),
                f"postgresql://127.0.0.1:{database.port}/orders?user=keeper&password={ENCODED}"):
        job.empty_spool()
        done = job.run("dump", DATABASE_URL=uri)
        found.check(done.returncode == 0, f"cannot dump {uri}", done.stdout + done.stderr)
    for uri in (f"mysql://keeper:{ENCODED}@127.0.0.1/orders", database.uri(query="?nonsense=1"), ""):
        job.empty_spool()
        done = job.run("dump", DATABASE_URL=uri)
        found.check(done.returncode != 0 and not (job.spool / "stamp").exists(), f"dumps from {uri!r}", done.stdout)
        found.check("p%40" not in done.stdout + done.stderr and PASSWORD not in done.stdout + done.stderr, "the log holds the password", done.stderr)


def check_last_is_kept(found, job, store):
    """Even a retention of nothing leaves the newest dump."""
    store.clear()
    store.put(store.folder + aged(2))
    done = job.backup(BACKUP_RETENTION_SECONDS="0")
    found.check(done.returncode == 0 and len(store.dumps()) == 1, "the last dump was pruned", done.stdout + done.stderr + str(store.dumps()))


def check_text_stays_text(found, job, store):
    """What a spec says arrives as the same text in the key and runs nothing."""
    store.clear()
    odd = "pre fix;$(touch pwned)`id`'\"*"
    done = job.backup(BACKUP_DESTINATION=f"s3://{store.bucket}/{odd}")
    keys = store.keys()
    found.check(done.returncode == 0 and keys and all(key.startswith(f"{odd}/{store.environment}/postgres/") for key in keys),
                "a prefix with odd characters changes", "\n".join(keys) + done.stderr)


def check_faults(found, job, store, database):
    """Every fault fails the job, stores no finished dump and prunes nothing."""
    dump, upload = {}, {}
    faults = [
        ("wrong password", None, None, {"DATABASE_URL": database.uri(password="wrong")}),
        ("no such database", None, None, {"DATABASE_URL": database.uri("nowhere")}),
        ("database is down", None, None, {"DATABASE_URL": database.uri().replace(f":{database.port}/", f":{free_port()}/")}),
        ("database without a table", None, None, {"DATABASE_URL": database.uri("hollow")}),
        ("pg_dump writes nothing and says that it did", "pg_dump", 'for a; do case $a in --file=*) : >"${a#--file=}" ;; esac; done', {}),
        ("pg_dump breaks off", "pg_dump", '"$REAL" "$@"; exit 1', {}),
        ("the dump is cut in half", "pg_dump", '"$REAL" "$@"; for a; do case $a in --file=*) truncate -s 150000 "${a#--file=}" ;; esac; done', {}),
        ("the dump lacks its last 100 bytes", "pg_dump", '"$REAL" "$@"; for a; do case $a in --file=*) truncate -s -100 "${a#--file=}" ;; esac; done', {}),
        ("the dump is another file", "pg_dump", 'for a; do case $a in --file=*) seq 9999 >"${a#--file=}" ;; esac; done', {}),
        ("the dump has a changed byte", "pg_dump",
         '"$REAL" "$@"; for a; do case $a in --file=*) printf "\\377\\377\\377\\377" | dd of="${a#--file=}" bs=1 seek=200000 conv=notrunc status=none ;; esac; done', {}),
        ("the store is down", None, None, {"BACKUP_ENDPOINT": f"http://127.0.0.1:{free_port()}"}),
        ("the bucket is not there", None, None, {"BACKUP_DESTINATION": "s3://nobody/orders"}),
        ("pg_dumpall fails", "pg_dumpall", "exit 1", {}),
        ("the list of roles is empty", "pg_dumpall", 'for a; do case $a in --file=*) : >"${a#--file=}" ;; esac; done', {}),
        ("the upload is cut", "rclone", 'if [ "$1" = copyto ]; then case $2 in *.dump) truncate -s 5000 "$2";; esac; fi; exec "$REAL" "$@"', {}),
        ("the store takes nothing and says that it did", "rclone", 'if [ "$1" = copyto ]; then exit 0; fi; exec "$REAL" "$@"', {}),
        ("the checksum is not taken", "rclone", 'case "$1 $2" in "copyto "*.sha256) exit 1 ;; esac; exec "$REAL" "$@"', {}),
        ("the store does not rename", "rclone", 'if [ "$1" = moveto ]; then exit 1; fi; exec "$REAL" "$@"', {}),
        ("the store renames nothing and says that it did", "rclone", 'if [ "$1" = moveto ]; then exit 0; fi; exec "$REAL" "$@"', {}),
        ("the store does not list", "rclone", 'if [ "$1" = lsf ]; then exit 1; fi; exec "$REAL" "$@"', {}),
    ]
    for variable in ("BACKUP_DESTINATION", "BACKUP_ENVIRONMENT", "BACKUP_RETENTION_SECONDS"):
        faults.append((f"{variable} is empty", None, None, {variable: ""}))
    faults.append(("the retention is no number", None, None, {"BACKUP_RETENTION_SECONDS": "14d"}))
    for what, program, body, changes in faults:
        store.clear()
        old = [store.folder + aged(days) for days in (40, 60, 400)]
        for key in old:
            store.put(key)
        if program:
            job.shim(program, body)
        done = job.backup(**changes)
        job.unshim()
        keys = store.keys()
        log = done.stdout + done.stderr
        found.check(done.returncode not in (0, 99), f"{what}: the job succeeds", log)
        found.check(all(key in keys for key in old), f"{what}: dumps were pruned", log + "\n".join(keys))
        if what not in ("the store does not list", "the retention is no number"):
            found.check(store.dumps() == sorted(old), f"{what}: an unproven dump has a finished name", log + "\n".join(keys))


def check_stamp_without_dump(found, job, store):
    """The upload container does nothing without a finished dump."""
    store.clear()
    store.put(store.folder + aged(400))
    for stamp in (None, "", "20261120T030000Z", "../../etc/passwd"):
        job.empty_spool()
        if stamp is not None:
            (job.spool / "stamp").write_text(stamp + "\n")
        done = job.run("upload")
        found.check(done.returncode != 0 and len(store.keys()) == 1, f"uploads with stamp {stamp!r}", done.stdout + done.stderr)


class Restore:
    """Runs scripts/restore-postgres.sh as an operator would."""

    def __init__(self, tree, job, environment, endpoint):
        self.script, self.environment_name = tree / "scripts/restore-postgres.sh", environment
        self.environment = {"PATH": f"{job.tools}:{job.rclone.parent}:/usr/bin:/bin", "BACKUP_ENDPOINT": endpoint, "HOME": str(job.folder),
                            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "1"}

    def command(self, arguments):
        return ["/bin/bash", str(self.script), "--env", self.environment_name, *arguments]

    def run(self, *arguments, **changes):
        return subprocess.run(self.command(arguments), env=self.environment | changes, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)

    def typed(self, answer, *arguments):
        """A run at a terminal where a person types `answer`."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve("/bin/bash", self.command(arguments), self.environment)
        seen = b""
        while True:
            ready, _, _ = select.select([terminal], [], [], 60)
            try:
                chunk = os.read(terminal, 4096) if ready else b""
            except OSError:
                chunk = b""
            if not chunk:
                break
            seen += chunk
            if b"Type the name" in chunk:
                os.write(terminal, answer.encode() + b"\n")
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), seen.decode(errors="replace")


def check_restore(found, job, store, database, restore, name):
    """A dump comes back equal, only where it is wanted, and wholly or not at all."""
    found.check(os.access(restore.script, os.X_OK), "the script is not executable", restore.script)
    wanted = database.sql(FINGERPRINT)
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'audit')"

    done = restore.run("--list")
    listed = [line.split()[0] for line in done.stdout.splitlines()]
    found.check(done.returncode == 0 and name in listed and listed == sorted(listed), "--list does not list the dumps in order", done.stdout + done.stderr)

    target = database.create("empty one")
    uri = database.uri("empty%20one")
    done = restore.run(name, uri)
    found.check(done.returncode == 1 and database.sql(tables, target) == "0\n", "restores without asking", done.stderr)
    for answer in ("", "orders", "y"):
        code, seen = restore.typed(answer, name, uri)
        found.check(code == 1 and database.sql(tables, target) == "0\n", f"takes the answer {answer!r}", seen)
    code, seen = restore.typed(target, name, uri)
    found.check(code == 0, "a confirmed restore fails", seen)
    found.check(database.sql(FINGERPRINT, target) == wanted, "the restored data differs", database.sql(FINGERPRINT, target) + wanted)
    found.check("ss%3Aw" not in seen and PASSWORD not in seen, "the password is printed", seen)

    database.sql("DELETE FROM purchase; CREATE TABLE extra (i int)", target)
    done = restore.run("--yes", name, uri)
    found.check(done.returncode == 1 and "--replace" in done.stderr and database.sql("SELECT count(*) FROM purchase", target) == "0\n",
                "writes to a database that is not empty", done.stderr)
    done = restore.run("--yes", "--replace", name, uri)
    database.sql("DROP TABLE IF EXISTS extra", target)
    found.check(done.returncode == 0 and database.sql(FINGERPRINT, target) == wanted, "--replace does not bring the data back", done.stderr)

    database.create("by_latest")
    done = restore.run("--yes", "latest", database.uri("by_latest"))
    found.check(done.returncode == 0 and database.sql(FINGERPRINT, "by_latest") == wanted, "`latest` does not restore", done.stderr)
    database.create("by_file")
    copy = job.folder / "copy.dump"
    copy.write_bytes(store.get(store.folder + name))
    done = restore.run("--yes", str(copy), database.uri("by_file"), PATH=f"{job.tools}:/usr/bin:/bin")
    found.check(done.returncode == 0 and database.sql(FINGERPRINT, "by_file") == wanted, "a local file does not restore", done.stderr)

    refused = database.create("refused")
    for what, body in (("cut", copy.read_bytes()[:-100]), ("empty", b""), ("no dump", b"hello" * 1000)):
        broken = job.folder / "broken.dump"
        broken.write_bytes(body)
        done = restore.run("--yes", str(broken), database.uri(refused))
        found.check(done.returncode == 1 and database.sql(tables, refused) == "0\n", f"restores a dump that is {what}", done.stderr)
    store.put(store.folder + name + ".sha256", b"0" * 64 + b"  " + name.encode() + b"\n")
    done = restore.run("--yes", name, database.uri(refused))
    found.check(done.returncode == 1 and "checksum" in done.stderr and database.sql(tables, refused) == "0\n", "restores in spite of the checksum", done.stderr)

    database.sql("CREATE ROLE passing; GRANT SELECT ON customer TO passing")
    done = job.backup()
    database.sql("REVOKE ALL ON customer FROM passing; DROP ROLE passing")
    done = restore.run("--yes", "latest", database.uri(refused))
    found.check(done.returncode == 1 and database.sql(tables, refused) == "0\n", "a restore that breaks off leaves half a database", done.stderr)
    done = restore.run("--roles", "latest")
    found.check(done.returncode == 0 and "CREATE ROLE passing;" in done.stdout and "PASSWORD" not in done.stdout, "--roles prints no roles", done.stderr)
    done = restore.run("--yes", "--no-privileges", "latest", database.uri(refused))
    found.check(done.returncode == 0 and database.sql(FINGERPRINT, refused) == wanted, "--no-privileges does not restore", done.stderr)

    for arguments in ((), ("one",), ("--nonsense",), ("--env",), ("--env", "nowhere", "--list"), ("--list", "x"), (name, "orders"), ("x", uri)):
        done = restore.run(*arguments)
        found.check(done.returncode == 2 and "restore: " in done.stderr, f"wrong use {arguments} has exit code {done.returncode}", done.stderr)
    done = restore.run("--help")
    found.check(done.returncode == 0 and "Usage" in done.stdout, "--help does not help", done.stderr)
    bare = job.folder / "bare"
    bare.mkdir()
    for tool in ("env", "sort"):
        (bare / tool).symlink_to(shutil.which(tool))
    done = restore.run(name, uri, PATH=str(bare))
    found.check(done.returncode == 1 and "not installed" in done.stderr, "a missing program is not named", done.stderr)
    done = restore.run("--list", BACKUP_ENDPOINT=f"http://127.0.0.1:{free_port()}")
    found.check(done.returncode == 1, "--list succeeds without a store", done.stderr)


def main():
    tree, release, prefix, bin_folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    found = Findings()
    rendered = Rendered(release)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="backup-"))
    folder.chmod(0o755)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    database = Database(prefix, folder)
    try:
        database.create("orders")
        database.create("hollow")
        database.sql(SCHEMA)
        job = Job(rendered, prefix, bin_folder, folder, database, endpoint)
        store = Store(endpoint, rendered.settings["BACKUP_DESTINATION"], rendered.environment)
        image = rendered.containers["upload"]["image"].rpartition(":")[2]
        version = quiet([job.rclone, "version"]).split()[1]
        found.check(version.startswith(f"v{image}"), "the job's rclone is another one", f"{image} in place of {version}")
        name = check_good_run(found, job, store, int(rendered.settings["BACKUP_RETENTION_SECONDS"]) / 86400)
        for key in store.keys(store.folder):
            if name.removesuffix(".dump") not in key:
                store.client.delete_object(Bucket=store.bucket, Key=key)
        check_restore(found, job, store, database, Restore(tree, job, rendered.environment, endpoint), name)
        check_uris(found, job, database)
        check_last_is_kept(found, job, store)
        check_text_stays_text(found, job, store)
        check_stamp_without_dump(found, job, store)
        check_faults(found, job, store, database)
        found.check(not list(folder.rglob("pwned")) and not pathlib.Path("/pwned").exists(), "text of the spec was run")
    finally:
        database.stop()
        server.stop()
        shutil.rmtree(folder)
    print(found.checks)


if __name__ == "__main__":
    main()
