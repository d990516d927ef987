"""Measures Airlock beside what a user would pick instead, in one run on one machine.

    scripts/bench [REGISTRANTS]

Each step is a program that is run once, after its input has been read once to warm the cache. Figures of one run may be
compared with each other, as ratios; those of two runs may not. A step more is one entry in `steps()`.
"""
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
DATA = os.path.join(HERE, "data")
WORK = os.path.join(DATA, "work")
RELEASE = os.path.join(ROOT, ".build", "release")


# What g2p_mts searches with: registrants with a VID and without a token.
DEFAULT_DOMAIN = [["is_registrant", "=", True], ["reg_ids.id_type", "=like", "MOSIP VID"],
                  "!", ["reg_ids.id_type", "=like", "MOSIP UIN TOKEN"]]


class Step:
    def __init__(self, name, argv, cwd=WORK, before=None, missing=None):
        self.name, self.argv, self.cwd, self.before, self.missing = name, argv, cwd, before, missing

    def run(self):
        if self.before:
            self.before()
        # What the step before it left to write is not this one's.
        os.sync()
        start = time.monotonic()
        child = subprocess.Popen(self.argv, cwd=self.cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = child.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss // 1024
        if child.returncode:
            self.missing = "failed: " + output.strip().splitlines()[-1][:60] if output.strip() else "failed"


def snapshot(count):
    """The synthetic registry, made once."""
    os.makedirs(DATA, exist_ok=True)
    path = os.path.join(DATA, f"snapshot-{count}.ndjson")
    if not os.path.exists(path):
        print(f"making {path}", flush=True)
        with open(path + ".part", "wb") as out:
            subprocess.run([sys.executable, os.path.join(HERE, "make_snapshot.py"), str(count)], stdout=out, check=True)
        os.rename(path + ".part", path)
    return path


def table(path, form):
    """The same registrants as CSV, made once."""
    made = path.replace(".ndjson", f".{form}.csv")
    if not os.path.exists(made):
        print(f"making {made}", flush=True)
        with open(made + ".part", "wb") as out:
            subprocess.run([sys.executable, os.path.join(HERE, "make_csv.py"), form, path], stdout=out, check=True)
        os.rename(made + ".part", made)
    return made


def peers_python():
    """A Python with what the peers need; None where it cannot be had."""
    python = os.path.join(DATA, "venv", "bin", "python")
    try:
        if not os.path.exists(python):
            print("fetching the peers' libraries", flush=True)
            subprocess.run([sys.executable, "-m", "venv", os.path.join(DATA, "venv")], check=True, capture_output=True)
        probe = subprocess.run([python, "-c", "import orjson, zstandard, nacl, duckdb"], capture_output=True)
        if probe.returncode:
            subprocess.run([python, "-m", "pip", "install", "-q", "orjson", "zstandard", "pynacl", "duckdb"],
                           check=True, capture_output=True)
        return python
    except (OSError, subprocess.CalledProcessError):
        return None


def site():
    """A registry's site with one recipient, laid out anew."""
    airlock, folder = os.path.join(RELEASE, "airlock"), os.path.join(WORK, "site")

    def quiet(*argv):
        subprocess.run([airlock, *argv], check=True, capture_output=True)

    quiet("init", "--root", folder, "--name", "registry")
    quiet("keys", "new", "mts", "--keys", os.path.join(WORK, "mts"))
    quiet("keys", "add", os.path.join(WORK, "mts", "mts.card.json"), "--root", folder)
    return folder


def drop(path, folder):
    """Puts a drop into the inbox, without a copy where the file system can do without."""
    subprocess.run(["cp", "--reflink=auto", path, os.path.join(folder, "inbox")], check=True)


def outbox():
    """An outbox of 10,000 archives of 10 KB, with its ledger, to be audited."""
    folder = os.path.join(WORK, "audited")
    subprocess.run([os.path.join(RELEASE, "audit-bench"), folder, "10000", "10000"], check=True, capture_output=True)
    return folder


def steps(path, count):
    airlock, load = os.path.join(RELEASE, "airlock"), os.path.join(RELEASE, "load-bench")
    store = os.path.join(WORK, "store")
    os.makedirs(store)
    folder, audited = site(), outbox()
    manifest = os.path.join(ROOT, "docs", "examples", "vid-monthly.json")
    run = [airlock, "run", "--root", folder, "--quiet", "0s"]
    python = peers_python()
    peer = python or sys.executable
    no_python = None if python else "no network for its libraries"
    no_tools = None if shutil.which("age") and shutil.which("zstd") else "apt-get install age zstd"

    def search(name, domain, *options):
        return Step(name, [airlock, "search", json.dumps(domain), "--root", folder, *options])

    environment = ["env", f"PATH={os.path.dirname(peer)}:{os.environ['PATH']}"]
    return [
        Step("airlock: check only", [load, path, store, "check"]),
        Step("airlock: load", [load, path, store]),
        Step("airlock: load CSV export", [load, table(path, "export"), store]),
        Step("airlock: load CSV copy", [load, table(path, "copy"), store]),
        Step("airlock run: snapshot", run, before=lambda: drop(path, folder)),
        Step("airlock run: job", run, before=lambda: drop(manifest, folder)),
        Step("airlock: start-up alone", [airlock, "--version"]),
        search("airlock: default domain", DEFAULT_DOMAIN, "--count"),
        search("airlock: by an id's value", [["reg_ids.value", "=", "0000000000000000"]]),
        search("airlock: ilike on a name", [["name", "ilike", "okafor"]], "--count"),
        Step("airlock audit: 10,000", [airlock, "audit", "--outbox", os.path.join(audited, "outbox"), "--keys",
                                       os.path.join(audited, "keys"), "--overdue", "60000", "--json"]),
        Step("python by hand", [peer, os.path.join(HERE, "peer_python.py"), path, "out.python"], missing=no_python),
        Step("duckdb + zstd + age", environment + ["bash", os.path.join(HERE, "peer_duckdb.sh"), path],
             missing=no_python or no_tools),
    ]


def show(done, count):
    base = next(step for step in done if step.name == "airlock: load")
    print(f"\n{count:,} registrants\n{'':26}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}{'per second':>12}{'to load':>9}")
    for step in done:
        if step.missing:
            print(f"{step.name:26}not measured ({step.missing})")
            continue
        print(f"{step.name:26}{step.wall:8.2f}{step.cpu:8.2f}{step.peak:9d}{count / step.wall:12,.0f}"
              f"{step.wall / base.wall:8.2f}x")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    path = snapshot(count)
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    try:
        done = steps(path, count)
        with open(path, "rb") as warm:
            while warm.read(1 << 24):
                pass
        for step in done:
            print(f"running {step.name}", flush=True)
            if not step.missing:
                step.run()
        show(done, count)
        # In process: each domain of the recorded file, and each operator beside a plain scan.
        domains = os.path.join(ROOT, "Tests", "Fixtures", "odoo17", "domains.ndjson")
        subprocess.run([os.path.join(RELEASE, "filter-bench"), os.path.join(WORK, "site", "store"), domains])
        print(json.dumps({step.name: {"wall_s": round(step.wall, 2), "cpu_s": round(step.cpu, 2), "peak_mb": step.peak}
                          for step in done if not step.missing}))
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
