"""Jobs a second from commit to accepted, beside a bare loop and a django-q2 task per job; in turn, round by round."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django_q.tasks import async_task

from benchmarks import rows, targets
from benchmarks.orders import connector, invoices
from benchmarks.processes import Child, Cluster, side_by_side, wait_until
from benchmarks.rows import BareRows
from benchmarks.workshop import Workshop
from printing.models import PrinterConfiguration, PrintJob

UNIT = "jobs/s"
LANES = 64  # printers behind 50 ms
FOLDER = "Pressroom, simulated printers (16), 2 workers"
OURS = "Pressroom, 16 printers, 2 workers"
BARE = "bare loop, one commit per job, 2 processes"
BARE_1 = "bare loop, one commit per job, 1 process"
BARE_NEW = "bare loop, one commit per job, 2 processes, new connections"
TASKS = "django-q2, a task per job, tuned, 2 workers"
RENDERED = "Pressroom, rendering each document, 16 printers, 2 workers"
BARE_RENDERED = "bare loop that renders, one commit per job, 2 processes"
SLOW = f"50 ms: Pressroom, {LANES} printers, 2 workers × 8 lanes (the defaults)"
SLOW_8 = f"50 ms: Pressroom, {LANES} printers, 8 workers × 8 lanes"
SLOW_BARE_2 = "50 ms: bare loop, one commit per job, 2 processes"
SLOW_BARE_8 = "50 ms: bare loop, one commit per job, 8 processes"
SLOW_TASKS_8 = "50 ms: django-q2, a task per job, tuned, 8 workers"


QUICK, FEW, MOST = 16, 32, 20_000  # jobs in a measurement of a quick run, in the first to find out its size, and in any


@dataclass(frozen=True)
class Measurement:
    """``run`` sends so many jobs and says how many seconds that took.

    ``least`` is how many it takes on any machine. A lane costs something whatever it sends, and what is compared with
    has none of that: with fewer jobs for each printer the ratio would be another one where the machine is slower.
    """

    name: str
    run: Callable[[int], float]
    least: int = 2 * FEW


def run(workshop: Workshop) -> None:
    with BareRows() as bare_rows:
        Throughput(workshop, bare_rows).run()


class Throughput:
    """All measurements of one kind, on printers and documents made once."""

    def __init__(self, workshop: Workshop, bare_rows: BareRows) -> None:
        self.workshop = workshop
        space, stub = rows.new_space("throughput"), workshop.stub
        self.documents = rows.store_documents(space)
        self.folders = rows.folder_printers(space, 16)
        self.fast = rows.ipp_printers(space, stub, 0, 16)
        self.slow = rows.ipp_printers(space, stub, 50, LANES)
        self.source = connector(space, "shop")
        self.bare_rows = bare_rows
        # How many jobs each measurement sends: worked out once, so that the rounds are alike.
        self.counts: dict[str, int] = {}

    def run(self) -> None:
        if not self.workshop.plan.quick:
            self._round(self._size)
        for _round in self.workshop.rounds():
            self._round(self._measure)
        self._compare()

    def _round(self, each: Callable[[Measurement], None]) -> None:
        with Cluster(self.workshop.log, QUEUE_WORKERS="2"):
            self._warm_up()
            for measurement in self._two_workers():
                each(measurement)
        for measurement in self._bare_loops():
            each(measurement)
        with Cluster(self.workshop.log, QUEUE_WORKERS="8"):
            self._warm_up()
            for measurement in self._eight_workers():
                each(measurement)

    def _warm_up(self) -> None:
        """Wait until the cluster works, and let each worker import what it needs."""
        if self.workshop.plan.quick:
            return
        for printers in (self.fast, self.slow):
            self._jobs(printers, 2 * len(printers))

    def _two_workers(self) -> list[Measurement]:
        return [
            Measurement(FOLDER, partial(self._jobs, self.folders), 25 * len(self.folders)),
            Measurement(OURS, partial(self._jobs, self.fast), 25 * len(self.fast)),
            Measurement(TASKS, partial(self._tasks, 0)),
            Measurement(SLOW, partial(self._jobs, self.slow), 6 * len(self.slow)),
            Measurement(RENDERED, self._rendered, 5 * len(self.fast)),
        ]

    def _bare_loops(self) -> list[Measurement]:
        return [
            Measurement(BARE, partial(self._bare, 0, 2)),
            Measurement(BARE_1, partial(self._bare, 0, 1)),
            Measurement(BARE_NEW, partial(self._bare, 0, 2, keep_alive=False)),
            Measurement(SLOW_BARE_2, partial(self._bare, 50, 2)),
            Measurement(SLOW_BARE_8, partial(self._bare, 50, 8)),
            Measurement(BARE_RENDERED, self._bare_rendered),
        ]

    def _eight_workers(self) -> list[Measurement]:
        return [
            Measurement(SLOW_8, partial(self._jobs, self.slow), 20 * len(self.slow)),
            Measurement(SLOW_TASKS_8, partial(self._tasks, 50)),
        ]

    def _size(self, measurement: Measurement) -> None:
        """Find out how many jobs fill the planned time: a few are sent, and more while that was over too soon.

        A run that was much shorter says little: until all workers are busy, some time has passed.
        """
        planned, count = self.workshop.plan.seconds, FEW
        while (seconds := measurement.run(count)) < planned / 2 and count < MOST:
            count = min(MOST, int(count * min(4.0, max(2.0, planned / seconds))))
        self.counts[measurement.name] = min(MOST, max(measurement.least, int(count / seconds * planned)))

    def _measure(self, measurement: Measurement) -> None:
        count = self.counts.get(measurement.name, QUICK)
        self.workshop.report.add(measurement.name, count / measurement.run(count), UNIT, count)

    def _jobs(self, printers: Sequence[PrinterConfiguration], count: int) -> float:
        """Documents that are stored already: from the first wake-up to the last acceptance."""
        jobs = rows.commit_jobs(printers, self.documents, count)
        begin = time.time()
        rows.wake_all(printers[:count])
        seconds = rows.last_accepted(count) - begin
        rows.settle()
        if printers is self.folders:
            rows.check_folders(jobs, printers)
        else:
            rows.check_taken(jobs, self.workshop.stub.taken())
        rows.clear()
        return seconds

    def _rendered(self, count: int) -> float:
        """Invoices that are made on the way."""
        jobs = rows.commit_jobs(self.fast, [], count)
        for job, invoice in zip(jobs, invoices(self.source, count), strict=True):
            job.document_kind, job.source_id = "invoice", invoice.pk
        PrintJob.objects.bulk_update(jobs, ["document_kind", "source_id"])
        begin = time.time()
        rows.wake_all(self.fast[:count])
        seconds = rows.last_accepted(count) - begin
        rows.settle()
        rows.check_keys(jobs, self.workshop.stub.taken())
        rows.clear()
        return seconds

    def _tasks(self, latency: int, count: int) -> float:
        """A task per job, all committed at once."""
        base = self._base(latency)
        self.bare_rows.fill(count)
        with transaction.atomic():
            for number in range(count):
                async_task("benchmarks.queue_tasks.post_and_record", base, number)
        begin = time.time()
        wait_until(lambda: self.bare_rows.waiting() == 0, f"{count} tasks are done")
        seconds = self.bare_rows.last_done() - begin
        rows.settle()
        rows.check_bare(count, self.workshop.stub.taken())
        return seconds

    def _bare(self, latency: int, processes: int, count: int, *, keep_alive: bool = True, copies: str = "") -> float:
        """The bare loop in several processes."""
        self.bare_rows.fill(count)
        how = "keep-alive" if keep_alive else "new"
        children = [
            Child("bare_loop", self._base(latency), first, count, processes, how, copies) for first in range(processes)
        ]
        begin, _cpu = side_by_side(children)
        seconds = self.bare_rows.last_done() - begin
        rows.check_bare(count, self.workshop.stub.taken())
        return seconds

    def _bare_rendered(self, count: int) -> float:
        """The bare loop that makes new invoices on the way."""
        return self._bare(0, 2, count, copies=self._copies(count))

    def _base(self, latency: int) -> str:
        return self.workshop.stub.url(latency, 0).rpartition("/")[0]

    def _copies(self, count: int) -> str:
        """New invoices as JSON lines in a file."""
        path = self.workshop.directory / "invoices.jsonl"
        copies = [invoice.copy.to_json() for invoice in invoices(self.source, count)]
        path.write_text("".join(json.dumps(copy) + "\n" for copy in copies))
        return str(path)

    def _compare(self) -> None:
        ratio = self.workshop.report.ratio
        ratio(targets.FAST_BARE, OURS, BARE)
        ratio(targets.FAST_BARE_NEW, OURS, BARE_NEW)
        ratio(targets.FAST_TASKS, OURS, TASKS)
        ratio(targets.RENDERED_BARE, RENDERED, BARE_RENDERED)
        ratio(targets.SLOW_8_BARE, SLOW_8, SLOW_BARE_8)
        ratio(targets.SLOW_8_TASKS, SLOW_8, SLOW_TASKS_8)
        ratio(targets.SLOW_2_BARE, SLOW, SLOW_BARE_2)
