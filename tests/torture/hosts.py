"""Two hosts' ``run_worker``, each under a service manager that starts it again when it ends, as README asks for."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

from tests.lab.processes import wait_until
from tests.torture import processes
from tests.torture.place import ROOT, Place, python

# Beats and stops as with --help, only faster. A host that cannot stop in time is killed, which counts as stuck.
OPTIONS = ("--beat", "1", "--stale", "6", "--stop", "6")
STOP_LIMIT = 40.0
RESTART = 0.3  # seconds after which a service manager starts again what has ended
ROLES = ("supervisor", "main", "sentinel", "pusher", "monitor", "worker")


class Host:
    """A ``run_worker`` and all that it has started."""

    def __init__(self, place: Place, name: str) -> None:
        self.place = place
        self.name = name
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._manager = threading.Thread(target=self._manage, daemon=True)

    def start(self) -> None:
        """Start, and start again whenever it ends, until :meth:`stop`."""
        self._wanted = True
        self._spawn()
        self._manager.start()

    def pids(self, role: str) -> list[int]:
        """The living processes of a role; none where they are just being replaced."""
        supervisor = self._process.pid if self._process is not None and self._process.poll() is None else None
        if supervisor is None:
            return []
        if role == "supervisor":
            return [supervisor]
        below = processes.descendants(supervisor)
        if role == "main":
            return below[:1]
        return [pid for pid in below if processes.name_of(pid) == role]

    def ready(self) -> bool:
        """Whether a cluster is complete."""
        return all(self.pids(role) for role in ROLES)

    def stop(self) -> str:
        """End it in good order; returns what went wrong, in a sentence, or nothing."""
        self._wanted = False
        self._manager.join()
        process = self._process
        if process is None or process.poll() is not None:
            return ""
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return f"run_worker of host {self.name} did not end within {STOP_LIMIT:.0f} s of SIGTERM"
        return f"run_worker of host {self.name} ended with exit code {code}" if code else ""

    def abandon(self) -> None:
        """Kill it without a word, and start nothing any more: the torture itself has ended early."""
        self._wanted = False
        if self._manager.is_alive():
            self._manager.join()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
        if self._process is not None:
            self._process.wait()

    def _spawn(self) -> None:
        with (self.place.logs / f"host-{self.name}").open("ab") as log:
            self._process = subprocess.Popen(
                python("manage.py", "run_worker", *OPTIONS),
                cwd=ROOT,
                env=self.place.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _manage(self) -> None:
        while self._wanted:
            if self._process is not None and self._process.poll() is not None:
                self.restarts += 1
                self._spawn()
            time.sleep(RESTART)


class Frozen:
    """Processes that were sent SIGSTOP, and when they may go on."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def freeze(self, pid: int, seconds: float) -> bool:
        """Stop a process for so long; False where it is gone."""
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            return False
        self._until[pid] = time.monotonic() + seconds
        return True

    def release(self, *pids: int) -> None:
        """Let these go on now."""
        self._until |= dict.fromkeys(self._until.keys() & set(pids), 0.0)
        self.thaw()

    def thaw(self, *, all_of_them: bool = False) -> None:
        """Let go on what has been stopped for long enough."""
        for pid, until in list(self._until.items()):
            if all_of_them or time.monotonic() >= until:
                del self._until[pid]
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


def kill_what_is_left(place: Place) -> int:
    """SIGKILL to every process of the product that is left; returns how many there were."""
    there = len(processes.marked(place.directory))

    def gone() -> bool:
        left = processes.marked(place.directory)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not left

    wait_until(gone, "nothing of the product is left", 15)
    return there
