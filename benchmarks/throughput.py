"""Jobs a second from commit to accepted, beside a bare loop and a django-q2 task per job; in turn, round by round."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from django.db import transaction
from django_q.tasks import async_task

from benchmarks import rows
from benchmarks.orders import connector, invoices
from benchmarks.processes import Child, Cluster, side_by_side, wait_until
from benchmarks.report import at_least
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


class Throughput:
    """All measurements of one kind, on printers and documents made once."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        space, stub = rows.new_space("throughput"), workshop.stub
        self.documents = rows.store_documents(space)
        self.folders = rows.folder_printers(space, 16)
        self.fast = rows.ipp_printers(space, stub, 0, 16)
        self.slow = rows.ipp_printers(space, stub, 50, LANES)
        self.source = connector(space, "shop")
        self.bare_rows = BareRows()

    def run(self) -> None:
        longest = 0.0
        for number in range(self.workshop.rounds):
            begin = time.monotonic()
            if begin + longest > self.workshop.deadline:
                self.workshop.report.note(
                    f"only {number} of {self.workshop.rounds} rounds: the machine is slow or busy"
                )
                break
            self._round()
            longest = max(longest, time.monotonic() - begin)
        self._compare()

    def _round(self) -> None:
        with Cluster(self.workshop.log, QUEUE_WORKERS="2"):
            self._warm_up()
            self._two_workers()
        self._bare_loops()
        with Cluster(self.workshop.log, QUEUE_WORKERS="8"):
            self._warm_up()
            self._eight_workers()

    def _warm_up(self) -> None:
        """Wait until the cluster works, and let each worker import what it needs."""
        for printers in (self.fast, self.slow):
            self._jobs(printers, 2 * len(printers))

    def _two_workers(self) -> None:
        part = self.workshop.part
        self._add(FOLDER, self._jobs(self.folders, part(1)))
        self._add(OURS, self._jobs(self.fast, part(1)))
        self._add(TASKS, self._tasks(0, part(0.5)))
        self._add(SLOW, self._jobs(self.slow, part(0.8)))
        self._add(RENDERED, self._rendered(part(0.2)))

    def _eight_workers(self) -> None:
        part = self.workshop.part
        self._add(SLOW_8, self._jobs(self.slow, part(2)))
        self._add(SLOW_TASKS_8, self._tasks(50, part(0.25)))

    def _bare_loops(self) -> None:
        part = self.workshop.part
        self._add(BARE, self._bare(0, part(1), 2))
        self._add(BARE_1, self._bare(0, part(0.5), 1))
        self._add(BARE_NEW, self._bare(0, part(1), 2, keep_alive=False))
        self._add(SLOW_BARE_2, self._bare(50, part(0.1), 2))
        self._add(SLOW_BARE_8, self._bare(50, part(0.25), 8))
        self._add(BARE_RENDERED, self._bare(0, part(0.2), 2, copies=self._copies(part(0.2))))

    def _add(self, name: str, rate: float) -> None:
        self.workshop.report.add(name, rate, UNIT)

    def _jobs(self, printers: Sequence[PrinterConfiguration], count: int) -> float:
        """Documents that are stored already: from the first wake-up to the last acceptance."""
        jobs = rows.commit_jobs(printers, self.documents, count)
        begin = time.time()
        rows.wake_all(printers)
        rate = count / (rows.last_accepted(count) - begin)
        rows.settle()
        if printers is self.folders:
            rows.check_folders(jobs, printers)
        else:
            rows.check_taken(jobs, self.workshop.stub.taken())
        rows.clear()
        return rate

    def _rendered(self, count: int) -> float:
        """Invoices that are made on the way."""
        jobs = rows.commit_jobs(self.fast, [], count)
        for job, invoice in zip(jobs, invoices(self.source, count), strict=True):
            job.document_kind, job.source_id = "invoice", invoice.pk
        PrintJob.objects.bulk_update(jobs, ["document_kind", "source_id"])
        begin = time.time()
        rows.wake_all(self.fast)
        rate = count / (rows.last_accepted(count) - begin)
        rows.settle()
        rows.check_keys(jobs, self.workshop.stub.taken())
        rows.clear()
        return rate

    def _tasks(self, latency: int, count: int) -> float:
        """A task per job, all committed at once."""
        base = self._base(latency)
        self.bare_rows.fill(count)
        with transaction.atomic():
            for number in range(count):
                async_task("benchmarks.queue_tasks.post_and_record", base, number)
        begin = time.time()
        wait_until(lambda: self.bare_rows.waiting() == 0, f"{count} tasks are done")
        rate = count / (self.bare_rows.last_done() - begin)
        rows.settle()
        rows.check_bare(count, self.workshop.stub.taken())
        return rate

    def _bare(self, latency: int, count: int, processes: int, *, keep_alive: bool = True, copies: str = "") -> float:
        """The bare loop in several processes."""
        self.bare_rows.fill(count)
        how = "keep-alive" if keep_alive else "new"
        children = [
            Child("bare_loop", self._base(latency), first, count, processes, how, copies) for first in range(processes)
        ]
        begin, _cpu = side_by_side(children)
        rate = count / (self.bare_rows.last_done() - begin)
        rows.check_bare(count, self.workshop.stub.taken())
        return rate

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
        ratio("0 ms: Pressroom ÷ bare loop", OURS, BARE, at_least(1.0))
        ratio("0 ms: Pressroom ÷ bare loop with new connections, as Pressroom's", OURS, BARE_NEW)
        ratio("0 ms: Pressroom ÷ django-q2 task per job", OURS, TASKS, at_least(2.5))
        ratio("with rendering: Pressroom ÷ bare loop that renders", RENDERED, BARE_RENDERED, at_least(0.9))
        ratio("50 ms: Pressroom ÷ bare loop, 8 workers each", SLOW_8, SLOW_BARE_8, at_least(5))
        ratio("50 ms: Pressroom ÷ django-q2 task per job, 8 workers each", SLOW_8, SLOW_TASKS_8)
        ratio("50 ms: Pressroom ÷ bare loop, 2 workers each", SLOW, SLOW_BARE_2)
