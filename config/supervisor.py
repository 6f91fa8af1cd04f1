"""Keeps a django-q2 cluster running: starts it, listens to its signs of life, replaces it when it is dead.

django-q2 guards its own workers, but not against everything: a worker that is killed while it waits for a task dies
with the queue's lock, and its siblings wait for ever while all looks well (docs/decisions/0003-queue.md).
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from config.env import BASE_DIR

logger = logging.getLogger(__name__)

# Seconds until a cluster that ended by itself is started again: doubled each time, up to the last.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
# Seconds after SIGKILL in which the kernel has removed everything, unless it hangs in a system call.
KILL_LIMIT = 10.0


@dataclass(frozen=True)
class Limits:
    """Seconds that a supervisor goes by."""

    beat: float = 15.0  # between two heartbeats
    stale: float = 45.0  # without a heartbeat, while no worker is at work: the cluster is dead
    start: float = 60.0  # until the first heartbeat
    quiet: float = 5.0  # no task begins or ends: the heartbeat does not merely wait behind one
    busy: float = 270.0  # a task longer than this has lost its worker: django-q2 ends tasks before
    stop: float = 60.0  # until what does not stop on SIGTERM is killed


class SignsOfLife:
    """What a cluster has told of itself, and what it means. All times are monotonic seconds."""

    def __init__(self, limits: Limits, now: float) -> None:
        self.limits = limits
        self.started = self.heard = now
        self.beats = 0
        self._busy: dict[int, float] = {}
        self._last_task = now

    def note(self, word: str, pid: int, now: float) -> None:
        """A line from the life line: a heartbeat came through, or the worker ``pid`` begins or ends a task."""
        if word == "beat":
            self.beats += 1
            self.heard = now
            return
        self._last_task = now
        if word == "begins":
            self._busy[pid] = now
        else:
            self._busy.pop(pid, None)

    def excuse(self, now: float) -> None:
        """We did not listen until now (the machine slept): silence of that time says nothing."""
        self.heard = now

    def trouble(self, now: float) -> str:
        """Why the cluster has to be replaced; empty while it is well."""
        if self.beats == 0:
            return "it did not start" if now - self.started > self.limits.start else ""
        # A heartbeat waits behind the tasks before it. While a worker works, printing goes on, and killing it would
        # leave a document of which nobody knows whether it was sent.
        silent = now - self.heard
        if silent <= self.limits.stale or self._at_work(now):
            return ""
        # Workers go on without their monitor, task by task, and nothing that they do is ever acknowledged.
        if now - self._last_task < self.limits.quiet and silent <= self.limits.busy:
            return ""
        return f"no heartbeat for {silent:.0f} s and nobody at work"

    def _at_work(self, now: float) -> bool:
        for pid, since in list(self._busy.items()):
            if now - since > self.limits.busy or not _exists(pid):
                del self._busy[pid]
        return bool(self._busy)


class ClusterProcess:
    """A running cluster: a process group of its own, and the life line that all its processes hold."""

    def __init__(self, limits: Limits, log: IO[bytes] | None) -> None:
        self.limits = limits
        self.signs = SignsOfLife(limits, time.monotonic())
        self.gone = False
        self._looked = time.monotonic()
        self._rest = b""
        self._line, theirs = os.pipe()
        arguments = [sys.executable, "-m", "config.cluster", str(os.getpid()), str(theirs), str(limits.beat)]
        try:
            # Its own session: Ctrl-C in the terminal reaches us alone, and we stop it in good order.
            self.process = subprocess.Popen(  # noqa: S603
                arguments,
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(theirs,),
                start_new_session=True,
            )
        finally:
            os.close(theirs)

    def listen(self, seconds: float) -> None:
        """Wait for signs of life, at most so long, and note them."""
        readable, _, _ = select.select([self._line], [], [], seconds)
        now = time.monotonic()
        if readable:
            said = os.read(self._line, 65536)
            self.gone = not said
            *lines, self._rest = (self._rest + said).split(b"\n")
            for line in lines:
                word, pid = line.decode().split()
                self.signs.note(word, int(pid), now)
        if now - self._looked > seconds + self.limits.quiet:
            self.signs.excuse(now)
        self._looked = now

    def trouble(self) -> str:
        """Why this cluster has to be replaced; empty while it is well."""
        if self.gone or self.process.poll() is not None:
            return f"it ended by itself (exit code {self.process.poll()})"
        return self.signs.trouble(time.monotonic())

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Let running tasks end, take no new ones; kill what is left after the limit or when there is a hurry."""
        # To the main process alone: SIGTERM would end its workers in the middle of a submission.
        self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.limits.stop
        while not self.gone and time.monotonic() < deadline and not hurry():
            self.listen(0.2)
        self.kill()

    def kill(self) -> None:
        """End every process of the group that is left, and see to it that they are gone."""
        deadline = time.monotonic() + KILL_LIMIT
        while not self.gone and time.monotonic() < deadline:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                break
            self.listen(0.2)
        self.process.wait()
        os.close(self._line)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Supervisor:
    """Has a cluster running; call :meth:`tick` again and again, and :meth:`stop` in the end."""

    def __init__(self, limits: Limits | None = None, log: IO[bytes] | None = None) -> None:
        self.limits = limits or Limits()
        self.log = log
        self.cluster: ClusterProcess | None = None
        self.failures = 0
        self._start_at = 0.0

    @property
    def ready(self) -> bool:
        """Whether the cluster that runs now has done its first task."""
        return self.cluster is not None and self.cluster.signs.beats > 0

    def tick(self, seconds: float) -> None:
        """Look after the cluster for about so long."""
        now = time.monotonic()
        if self.cluster is None and now < self._start_at:
            select.select([], [], [], min(seconds, self._start_at - now))
            return
        if self.cluster is None:
            self.cluster = ClusterProcess(self.limits, self.log)
            logger.info("cluster %s started", self.cluster.process.pid)
        first = not self.ready
        self.cluster.listen(seconds)
        if first and self.ready:
            logger.info("cluster %s takes tasks", self.cluster.process.pid)
        trouble = self.cluster.trouble()
        if trouble:
            self._replace(self.cluster, trouble)
        elif self.ready and time.monotonic() - self.cluster.signs.started > LONGEST_WAIT:
            self.failures = 0

    def _replace(self, cluster: ClusterProcess, trouble: str) -> None:
        wait = min(FIRST_WAIT * 2 ** min(self.failures, 10), LONGEST_WAIT)
        logger.error("cluster %s: %s; a new one starts in %.0f s", cluster.process.pid, trouble, wait)
        self.failures += 1
        self._start_at = time.monotonic() + wait
        self.cluster = None
        cluster.kill()

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        if self.cluster is not None:
            cluster, self.cluster = self.cluster, None
            cluster.stop(hurry)
