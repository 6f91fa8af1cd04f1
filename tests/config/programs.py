"""Starting the product's own commands as processes, and finding everything that they start in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.require import require

MARK = "PRESSROOM_TEST_MARK"
# A cluster that is stopped while it starts may use up all its time: config.supervisor.Limits.stop, and then the kill.
END_LIMIT = 120.0  # seconds


@dataclass
class Program:
    """A running command and all its descendants, known by a mark in their environment."""

    process: subprocess.Popen[bytes]
    mark: str
    log: Path

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, times: int = 1) -> None:
        self.wait_until(lambda: self.text().count(text) >= times, f"“{text}” {times} times")

    def wait_until(self, condition: Callable[[], bool], what: str, limit: float = 120) -> None:
        deadline = time.monotonic() + limit
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"waited {limit:.0f} s in vain for: {what}. The program said:\n{self.text()}")
            time.sleep(0.05)

    def living(self) -> set[int]:
        """The process ids of the command and everything it has started, however far removed, that still live."""
        needle = f"{MARK}={self.mark}".encode()
        return {pid for pid in _processes() if needle in _environment(pid)}

    def leaves_nothing(self, limit: float = 20) -> None:
        """Wait until the last of them is gone: what was killed a moment ago may take one to be."""
        self.wait_until(lambda: not self.living(), "no process is left", limit)

    def ends(self, signum: int) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        self.process.send_signal(signum)
        return self.process.wait(END_LIMIT)


def _inherited() -> dict[str, str]:
    """Our environment without what tests.settings has put into it."""
    ours = {"SECRET_KEY", "CREDENTIALS_KEYS", "REDIS_URL", "PORT"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _processes() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            yield int(entry.name)


def _environment(pid: int) -> bytes:
    """The environment a process began with; empty for a zombie and for others' processes."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


@contextmanager
def program(log: Path, *command: str, **environment: str) -> Iterator[Program]:
    """Run ``python …`` from the checkout; whatever is left of it at the end is killed."""
    require(Path("/proc/self/environ").exists(), "no /proc: processes cannot be found again")
    mark = uuid.uuid4().hex
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=BASE_DIR,
            env={**_inherited(), "PYTHONUNBUFFERED": "1", **environment, MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    running = Program(process, mark, log)
    try:
        yield running
    finally:
        for pid in running.living():
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        process.wait(10)
