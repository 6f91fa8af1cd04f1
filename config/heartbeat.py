"""Signs of life of a django-q2 cluster, told to its supervisor through a pipe: the life line.

A heartbeat is a task that goes the way of every task: the pusher takes it from the broker, a worker runs it, the
monitor acknowledges it. Only its source differs: the pusher's own broker makes it, so that no other cluster that
serves the same queue can answer in this one's place (docs/decisions/0003-queue.md).
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.signals import post_execute_in_worker, pre_execute
from django_q.signing import SignedPackage

from printing.services.workers import sign_of_life

BEAT = "heartbeat"


class LifeLine:
    """The end of the pipe that every process of the cluster holds: it is closed when the last of them is gone."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        # A supervisor that is stopped must not stop the workers once the pipe is full.
        os.set_blocking(descriptor, False)

    def say(self, word: str) -> None:
        """One short line; shorter than PIPE_BUF, so that lines of several processes never mix."""
        try:
            os.write(self.descriptor, f"{word} {os.getpid()}\n".encode())
        except (BlockingIOError, BrokenPipeError):
            return  # nobody listens, and there is nobody to tell

    def connect(self) -> None:
        """Tell when a worker of this cluster begins and ends a task."""
        pre_execute.connect(self._begins, dispatch_uid="life line")
        post_execute_in_worker.connect(self._ends, dispatch_uid="life line")

    def _begins(self, task: dict[str, Any], **_signal: Any) -> None:
        if task["name"] != BEAT:
            self.say("begins")

    def _ends(self, task: dict[str, Any], **_signal: Any) -> None:
        if task["name"] != BEAT:
            self.say("ends")


class BeatingBroker(Broker):  # type: ignore[misc]
    """Mixed into the configured broker: puts a heartbeat among the tasks, and takes it out at the other end."""

    line: LifeLine
    interval: float
    next_beat = 0.0

    def dequeue(self) -> Any:
        now = time.monotonic()
        if now < self.next_beat:
            return super().dequeue()
        self.next_beat = now + self.interval
        task = {"id": BEAT, "name": BEAT, "func": "config.heartbeat.beat", "args": (), "kwargs": {}}
        return [(BEAT, SignedPackage.dumps({**task, "started": timezone.now()}))]

    def acknowledge(self, task_id: Any) -> Any:
        if task_id == BEAT:
            return self.line.say("beat")
        return super().acknowledge(task_id)


def beat() -> None:
    """What a worker does for a heartbeat: it says so in the database, for pages and monitors to see."""
    sign_of_life()


def beating_broker(line: LifeLine, interval: float) -> Broker:
    """The broker of the settings, whichever it is, with a heartbeat."""
    configured = type(get_broker())
    kind = type(f"Beating{configured.__name__}", (BeatingBroker, configured), {"line": line, "interval": interval})
    return kind()


def is_no_beat(record: logging.LogRecord) -> bool:
    """A filter of django-q2's log: four lines a minute that say nothing."""
    return BEAT not in record.getMessage()
