"""A PostgreSQL cluster of its own: started as a child, stopped at once, its connections ended."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from tests.lab.processes import LabError, free_port, wait_until

STOP_LIMIT = 20.0
# A crash of the server, not of the machine: what was written is in the kernel's hands and survives. Commits have to be
# written before they are answered, or the server's own death would lose them.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "64MB",
}


def programs() -> Path | None:
    """The directory of initdb and postgres, of the newest version that is installed; None where there is none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    places = [*installed, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((one for one in places if (one / "initdb").exists() and (one / "postgres").exists()), None)


def _version(directory: Path) -> float:
    number = re.search(r"\d+(\.\d+)?", directory.parent.name)
    return float(number.group()) if number else 0.0


class Cluster:
    """PostgreSQL refuses to run as root: then it runs as the user ``postgres``."""

    def __init__(self, directory: Path) -> None:
        found = programs()
        if found is None:
            raise LabError("PostgreSQL is not installed: initdb and postgres are needed (Debian: postgresql).")
        self.bin = found
        self.data, self.socket, self.log = directory / "data", directory / "socket", directory / "log"
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None
        self._prefix: list[str] = []
        for path in (directory, self.data, self.socket):
            path.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
            if shutil.which("setpriv") is None or not _exists("postgres"):
                raise LabError("As root, PostgreSQL needs setpriv (util-linux) and the user postgres to run as.")
            for path in (self.data, self.socket):
                shutil.chown(path, "postgres")
        self.data.chmod(0o700)

    def create(self) -> None:
        """Make the cluster and start it."""
        command = [str(self.bin / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust"]
        command += ["-E", "UTF8", "--no-locale", "--no-sync"]
        done = subprocess.run([*self._prefix, *command], cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError(f"initdb: {done.stderr}")
        self.start()

    def start(self) -> None:
        """Start, and return when it answers."""
        options = {**OPTIONS, "port": str(self.port), "unix_socket_directories": str(self.socket)}
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._prefix, *command], cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_until(self._answers, "PostgreSQL answers")

    def stop_at_once(self) -> None:
        """What ``pg_ctl -m immediate stop`` does: every session ends where it is, and the next start recovers."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_LIMIT)
        self._process = None

    def end_connections(self) -> int:
        """End every session but the one that asks; returns how many."""
        query: LiteralString = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(self.ask(query)[0][0])

    def ask(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query, on a connection of its own that is tried for as long as the server starts."""
        end = time.monotonic() + STOP_LIMIT
        while True:
            try:
                with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
                    cursor = connection.execute(query, values or None)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise LabError(f"PostgreSQL ended at once:\n{self.log.read_text()[-2000:]}")
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
