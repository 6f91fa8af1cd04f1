"""The processes of a benchmark: started, let go at the same moment, and ended by their process ids."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.scratch import ROOT

LIMIT = 60.0  # seconds for anything a process is waited for
STOP_LIMIT = 15.0


class Late(Exception):
    """Something did not happen in time."""


def wait_until(condition: Callable[[], object], what: str, limit: float = LIMIT, pause: float = 0.05) -> None:
    """Look again and again until the condition holds. Raises Late, naming ``what``."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise Late(f"not within {limit:.0f} s: {what}")
        time.sleep(pause)


class Child:
    """A module of this package in a process of its own.

    It prints ``ready`` when it is, waits for a line, works, prints a line of JSON and ends.
    """

    def __init__(self, module: str, *arguments: object, environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def line(self) -> str:
        """The next line it prints. Raises Late when it ends or is silent instead."""
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], LIMIT)
        line = self.process.stdout.readline() if readable else ""
        if not line:
            raise Late(f"{self.process.args!r} said nothing")
        return line.strip()

    def go(self) -> None:
        """Let it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def result(self) -> Any:
        """What it found out."""
        return json.loads(self.line())


def side_by_side(children: list[Child]) -> tuple[float, list[Any]]:
    """Let children that are started work together until all are done; returns when they began, and their results."""
    with ExitStack() as stack:
        for child in children:
            stack.enter_context(child)
        for child in children:
            child.line()
        begin = time.time()
        for child in children:
            child.go()
        return begin, [child.result() for child in children]


def await_start() -> None:
    """The child's side of :class:`Child`: say that all is ready, and wait."""
    print("ready", flush=True)
    sys.stdin.readline()


def tell(result: object) -> None:
    """The child's result."""
    print(json.dumps(result), flush=True)


class Cluster:
    """A real django-q2 cluster, as ``manage.py qcluster`` starts it."""

    def __init__(self, log: Path, **environment: str) -> None:
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                # Ends when this process does, even by SIGKILL.
                [sys.executable, "-m", "config.processes", str(os.getpid()), "django", "qcluster"],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # To the main process alone, which ends its workers in good order.
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
