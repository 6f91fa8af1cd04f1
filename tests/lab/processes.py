"""Server processes of the lab: started in a session of their own, waited for, frozen, killed, swept up."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

START_DEADLINE = 60.0  # seconds; generous, because the machine may be busy with other tests
STOP_DEADLINE = 15.0
GRACE = 0.5
PAUSE = 0.02  # seconds between two looks at a condition


class LabError(RuntimeError):
    """A server of the lab did not do what it was told."""


def wait_until(condition: Callable[[], bool], what: str, deadline: float = START_DEADLINE) -> None:
    """Look again and again until the condition holds. Raises LabError, saying ``what``, after ``deadline`` seconds."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise LabError(f"waited {deadline:g} s in vain: {what}")
        time.sleep(PAUSE)


def free_port() -> int:
    """A port that was free on both loopback addresses a moment ago."""
    for _ in range(50):
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            if not socket.has_ipv6:
                return port
            with contextlib.suppress(OSError), socket.create_server(("::1", port), family=socket.AF_INET6):
                return port
    raise LabError("no free port")


class ServerProcess:
    """A server with everything it starts, in a session of its own.

    ``pid_file`` names the file into which a wrapped server writes its own process id; without it the server is the
    process that is started.
    """

    def __init__(self, command: Sequence[str], port: int, log: Path, pid_file: Path | None = None) -> None:
        self.port = port
        self._command = command
        self._log = log
        self._pid_file = pid_file
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        assert self._process is not None
        return int(self._pid_file.read_text()) if self._pid_file else self._process.pid

    def start(self) -> None:
        """Start, and return when it answers HTTP. Raises LabError with the end of its log when it does not."""
        if self._pid_file:
            self._pid_file.unlink(missing_ok=True)
        self._started_at = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                list(self._command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            wait_until(lambda: self._died() or self._answers(), "the server answers")
            if self._died():
                raise LabError("the server ended at once")
        except LabError as error:
            self.stop()
            raise LabError(f"{error}\n{self._log.read_text(errors='replace')[-2000:]}") from error

    def age(self) -> float:
        """Seconds since the last start."""
        return time.monotonic() - self._started_at

    def stop(self) -> None:
        """End the server and whatever it started. Does nothing when it is not running."""
        process = self._process
        if process is None:
            return
        if process.poll() is None and (self._pid_file is None or self._pid_file.exists()):
            # Asked politely first, so that a wrapper such as dbus-run-session can tidy up what it made.
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_DEADLINE)
        with contextlib.suppress(LabError):
            # dbus-daemon is told to end as its wrapper ends, and removes its socket when it is let.
            wait_until(lambda: not session_members(process.pid), "the rest ends by itself", GRACE)
        self._sweep(process)
        self._process = None

    def kill(self) -> None:
        """SIGKILL to the server, as a crash or a power cut would; children it had started go on running."""
        assert self._process is not None
        self.signal(signal.SIGKILL)
        wait_until(lambda: not self._answers(), "the killed server is gone")
        if self._pid_file is None:
            self._process.wait(STOP_DEADLINE)

    def restart(self) -> None:
        """Start again on the same port, after :meth:`kill` or while running."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """SIGSTOP: the kernel still takes connections and data, the server does nothing with them."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: go on with everything that came in meanwhile."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server itself, if it still lives."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _died(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def _sweep(self, process: subprocess.Popen[bytes]) -> None:
        """Kill what is left in the session: CUPS puts its backends into process groups of their own."""

        def is_empty() -> bool:
            process.poll()
            left = session_members(process.pid)
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            return not left

        wait_until(is_empty, "nothing of the server is left", STOP_DEADLINE)


def session_members(session: int) -> list[int]:
    """The living processes of a session, from /proc; where there is none, the leader of the group alone."""
    proc = Path("/proc")
    if not proc.is_dir():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(session, signal.SIGKILL)
        return []
    members = []
    for entry in proc.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            # pid (comm) state ppid pgrp session …; the name may contain blanks and brackets
            state, _parent, _group, owner = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(owner) == session and state != "Z":
                members.append(int(entry.name))
    return members
