"""What one job costs in the lane: statements, commits, and CPU time, hardly changed by other load."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings

from benchmarks import rows, targets
from benchmarks.processes import Child, side_by_side
from benchmarks.rows import BareRows
from benchmarks.workshop import Workshop
from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration, StoredDocument

FEW, MANY = 40, 80  # jobs in a lane; the difference leaves out what the lane itself costs
JOBS, QUICK_JOBS = 250, 16  # in each measurement of CPU time
OURS = "CPU per job, Pressroom's lane, IPP printer at 0 ms"
OURS_FOLDER = "CPU per job, Pressroom's lane, simulated printer"
BARE = "CPU per job, bare loop, one commit per job"


def run(workshop: Workshop) -> None:
    space = rows.new_space("lane")
    documents = rows.store_documents(space)
    ipp = rows.ipp_printers(space, workshop.stub, 0, 1)
    folder = rows.folder_printers(space, 1)
    report, jobs = workshop.report, workshop.plan.size(JOBS, QUICK_JOBS)
    with override_settings(LANE_THREADS=0), BareRows() as bare_rows:
        for printers in (ipp, folder):
            _dispatch(printers, documents, FEW)  # warm
        _count(workshop, folder, documents)
        for _round in workshop.rounds():
            report.add(OURS, _cpu(ipp, documents, jobs), "ms", jobs)
            report.add(OURS_FOLDER, _cpu(folder, documents, jobs), "ms", jobs)
            report.add(BARE, _bare_cpu(workshop, bare_rows, jobs), "ms", jobs)
    report.ratio(targets.CPU_IPP, OURS, BARE)
    report.ratio(targets.CPU_SIMULATED, OURS_FOLDER, BARE)


def _dispatch(printers: Sequence[PrinterConfiguration], documents: Sequence[StoredDocument], jobs: int) -> None:
    rows.commit_jobs(printers, documents, jobs)
    dispatch(printers[0].printer_id)
    rows.last_accepted(jobs)
    rows.clear()


def _cpu(printers: Sequence[PrinterConfiguration], documents: Sequence[StoredDocument], jobs: int) -> float:
    """Milliseconds of this process per job."""
    rows.commit_jobs(printers, documents, jobs)
    begin = time.process_time()
    dispatch(printers[0].printer_id)
    spent = time.process_time() - begin
    rows.last_accepted(jobs)
    rows.clear()
    return 1000 * spent / jobs


def _bare_cpu(workshop: Workshop, bare_rows: BareRows, count: int) -> float:
    """The same of a bare loop with a connection that is kept."""
    bare_rows.fill(count)
    base = workshop.stub.url(0, 0).rpartition("/")[0]
    _begin, [milliseconds] = side_by_side([Child("bare_loop", base, 0, count, 1, "keep-alive", "")])
    return float(milliseconds)


def _count(workshop: Workshop, printers: Sequence[PrinterConfiguration], documents: Sequence[StoredDocument]) -> None:
    one, few, many = (_counted(printers, documents, jobs) for jobs in (1, FEW, MANY))
    for what in ("statements", "commits"):
        workshop.report.add(f"{what} per job, in a lane with many", (many[what] - few[what]) / (MANY - FEW), "")
        workshop.report.add(f"{what} of a dispatch for a single job", one[what], "")


def _counted(printers: Sequence[PrinterConfiguration], documents: Sequence[StoredDocument], jobs: int) -> Counter[str]:
    """Statements and commits of a dispatch; a statement that writes outside of a transaction is a commit too."""
    rows.commit_jobs(printers, documents, jobs)
    counted: Counter[str] = Counter()
    with _commits(counted), connection.execute_wrapper(_wrapper(counted)):
        dispatch(printers[0].printer_id)
    rows.last_accepted(jobs)
    rows.clear()
    return counted


def _wrapper(counted: Counter[str]) -> Callable[..., Any]:
    def count(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not statement.startswith("BEGIN"):  # SQLite's; PostgreSQL's driver sends its own
            counted["statements"] += 1
            if not statement.startswith("SELECT") and context["connection"].get_autocommit():
                counted["commits"] += 1
        return execute(statement, params, many, context)

    return count


@contextmanager
def _commits(counted: Counter[str]) -> Iterator[None]:
    commit = BaseDatabaseWrapper.commit

    def counting(wrapper: BaseDatabaseWrapper) -> None:
        counted["commits"] += 1
        commit(wrapper)

    with mock.patch.object(BaseDatabaseWrapper, "commit", counting):
        yield
