"""A PostgreSQL of one's own for tests: in a temporary folder, over a socket there and no network, gone at the end."""
import atexit
import ctypes
import glob
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

PR_SET_PDEATHSIG = 1


def programs():
    """The folder of the newest server that is installed."""
    return max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))


def die_with_parent():
    """However the tests end, killed too, the server does not outlive them."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Cluster:
    """Started when it is made. `environment` is what psql needs to find it."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path must be short
        atexit.register(self.stop)
        self.as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self.as_user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.environment = {**os.environ, "PGHOST": str(self.folder), "PGUSER": "odoo"}
        data = self.folder / "data"
        self.call("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.log = open(self.folder / "log", "wb")
        self.server = subprocess.Popen(
            [f"{programs()}/postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            stdout=self.log, stderr=self.log, preexec_fn=die_with_parent, cwd="/", **self.as_user)
        for _ in range(1_200):
            if not self.call("pg_isready", "-q", check=False).returncode:
                # As Odoo has it: no superuser.
                self.call("createuser", "-U", "postgres", "--createdb", "odoo")
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def call(self, program, *arguments, check=True):
        return subprocess.run(
            [f"{programs()}/{program}", *arguments], env=self.environment, check=check, cwd="/",
            stdout=subprocess.DEVNULL, **self.as_user)

    def stop(self):
        if getattr(self, "server", None) and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(60)
        if getattr(self, "log", None):
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
