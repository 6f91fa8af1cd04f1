"""Processes of the product without loading it again for each: a template has, and forks one per request.

A template is a Django process with one environment that has done all its imports, has no connection and no thread, and
waits. What it forks is a process like any other, with its own id, connections and end; it takes less than a tenth of
the time.

Here is the test's side; run as ``python -m tests.forks DIRECTORY`` this is the template.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 60.0  # seconds; generous, the machine may be busy
LOOK = 0.005  # seconds between two looks at whether a process has ended
# Few environments are used more than once; each template holds some 60 MB.
KEPT = 3
# Heard by tests.needs, as a process that is started in another way would be.
EVENT = "tests.forks.fork"


class Process:
    """A process that a template has forked, with as much of :class:`subprocess.Popen` as the tests need."""

    def __init__(self, template: Template, number: int, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._template = template
        self._ended, self._out, self._err = (template.directory / f"{number}.{end}" for end in ("status", "out", "err"))

    def poll(self) -> int | None:
        """The exit code, negative for the signal that ended it; None while it runs."""
        if self.returncode is None and self._ended.exists():
            self.returncode = int(self._ended.read_text())
        return self.returncode

    def wait(self, timeout: float = LIMIT) -> int:
        """Wait for the end, which may come by itself, and return the exit code.

        Raises ``subprocess.TimeoutExpired``.
        """
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline or self._template.process.poll() is not None:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout, self._out.read_text())
            time.sleep(LOOK)
        return code

    def communicate(self, timeout: float = LIMIT) -> tuple[str, str]:
        """Wait for the end and return what it printed to stdout and to stderr; raises as :meth:`wait`."""
        self.wait(timeout)
        return self._out.read_text(), self._err.read_text()

    def send_signal(self, signum: int) -> None:
        """Send a signal; nothing happens where it has ended."""
        if self.poll() is None:
            # Nobody else gets its id before the template has said that it ended, but that may be just now.
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Template:
    """The process that forks, for one environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="pressroom-forks-"))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks", str(self.directory)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._count = 0

    def fork(self, code: str) -> Process:
        """A new process that runs this Python code."""
        sys.audit(EVENT, code)
        self._count += 1
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([self._count, code]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the template has ended: what it said stands above"
        return Process(self, self._count, int(answer))

    def end(self) -> None:
        """End the template, and with it the processes that still run and what they printed."""
        self.process.communicate(timeout=LIMIT)


_templates: dict[frozenset[tuple[str, str]], Template] = {}


def fork(environment: dict[str, str], code: str) -> Process:
    """Run Python code in a Django process of its own with this environment."""
    key = frozenset(environment.items())
    template = _templates.pop(key, None) or Template(environment)
    _templates[key] = template  # the one used last stands last
    if len(_templates) > KEPT:
        _templates.pop(next(iter(_templates))).end()
    return template.fork(code)


@atexit.register
def _end_templates() -> None:
    while _templates:
        _templates.popitem()[1].end()


def _next_code(directory: Path) -> str:
    """Fork for each request, and return in the new process alone: the code that it is to run."""
    numbers: dict[int, int] = {}

    def note_ends(*_: Any) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            new = directory / f"{numbers.pop(pid)}.new"
            new.write_text(str(os.waitstatus_to_exitcode(status)))
            new.rename(new.with_suffix(".status"))

    signal.signal(signal.SIGCHLD, note_ends)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the test, whose end is ours
    for line in sys.stdin:
        number, code = json.loads(line)
        # Its end must not be noted before its number is, and it must not be deaf to what comes first.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGINT})
        pid = os.fork()
        if pid == 0:
            _redirect(directory, number)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
            return str(code)
        numbers[pid] = number
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    # Also where the test process was killed: nothing of it stays behind.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in numbers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    shutil.rmtree(directory)
    sys.exit()


def _redirect(directory: Path, number: int) -> None:
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, directory / f"{number}.out", os.O_WRONLY | os.O_CREAT),
        (2, directory / f"{number}.err", os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)


def _load() -> None:
    import django

    django.setup()
    # What nearly all of them need and `setup` leaves for later.
    import printing.dispatcher  # noqa: F401


if __name__ == "__main__":
    _load()
    gc.freeze()  # otherwise each of them looks through all that is loaded, and copies it, once more at its end
    code = _next_code(Path(sys.argv[1]))
    sys.argv[:] = ["-c"]
    # From here on as `python -c`: a traceback, exit code and clean-up are the interpreter's own.
    exec(compile(code, "<test>", "exec"), {"__name__": "__main__"})
