"""The parts of a benchmark, each in a process of its own: what goes wrong in one costs the others nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from django.db import connections

from benchmarks.processes import Late
from benchmarks.report import Report
from benchmarks.rows import Wrong, begin_anew
from benchmarks.workshop import Workshop
from config.processes import die_with_parent, sigterm_interrupts

END_LIMIT = 20.0  # seconds in which a part that is told to end has to
# A fork knows what is loaded already: that spares each part the seconds of starting Django.
_forks = multiprocessing.get_context("fork")


def parts() -> Mapping[str, Callable[[Workshop], None]]:
    """All parts by name, in the order in which they run."""
    from benchmarks import lane, latency, receiving, rendering, throughput

    all_parts = {
        "lane": lane.run,
        "render": rendering.run,
        "orders": receiving.run,
        "latency": latency.run,
        "throughput": throughput.run,
    }
    return {name: partial(_begin_anew, run) for name, run in all_parts.items()}


def _begin_anew(run: Callable[[Workshop], None], workshop: Workshop) -> None:
    begin_anew(workshop.stub)
    run(workshop)


def run_apart(run: Callable[[Workshop], None], workshop: Workshop, limit: float) -> Report:
    """Run a part and return its report, to which ``wrong`` is added when it crashed, died, or took longer than that."""
    # The child would share this process's connection to the database.
    connections.close_all()
    receiver, sender = _forks.Pipe(duplex=False)
    process = _forks.Process(target=_work, args=(run, workshop, sender, os.getpid()))
    begin = time.monotonic()
    process.start()
    sender.close()
    try:
        late = not receiver.poll(limit)
        if late:
            process.terminate()
        report = _received(receiver) or workshop.report
        process.join(END_LIMIT)
    finally:
        _end(process)
        receiver.close()
    if late:
        report.wrong.append(f"not done within {limit:.0f} s, and was ended; where it was stands above")
    elif process.exitcode:
        report.wrong.append(_death(process.exitcode))
    report.seconds = time.monotonic() - begin
    return report


def _work(run: Callable[[Workshop], None], workshop: Workshop, sender: Connection, parent: int) -> None:
    """In the child. Whatever else is raised ends it with a traceback, after what it had found out was sent."""
    die_with_parent(parent)
    with sigterm_interrupts():
        try:
            run(workshop)
        except (Wrong, Late) as error:
            workshop.report.wrong.append(str(error))
        finally:
            sender.send(workshop.report)


def _received(receiver: Connection) -> Report | None:
    """The report, or None from a process that died before it could send one."""
    with suppress(EOFError):
        if receiver.poll(END_LIMIT):
            report: Report = receiver.recv()
            return report
    return None


def _end(process: BaseProcess) -> None:
    if process.is_alive():
        process.kill()
    process.join()


def _death(exitcode: int) -> str:
    if exitcode > 0:
        return "crashed; its traceback stands above"
    return f"died by {signal.Signals(-exitcode).name}"
