"""``manage.py demo``: an order comes in, and its documents come out of a printer. ``make demo`` calls it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from config import demo
from config.env import BASE_DIR
from config.logs import LogFile, logging_into
from config.processes import sigterm_interrupts
from config.supervisor import Limits, Supervisor
from printing import kinds
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space

# Seconds that the worker has to start, and the documents to be printed.
START_LIMIT, PRINT_LIMIT = 60.0, 60.0


class Command(BaseCommand):
    help = "Sets up a demo Space with a simulated printer, receives an order and shows how it is printed."

    def handle(self, *args: Any, **options: Any) -> None:
        log = LogFile("worker.log")
        supervisor = Supervisor(Limits(stop=10), log.file)
        with sigterm_interrupts(), logging_into(log), translation.override("en"):
            try:
                self._demonstrate(supervisor, log)
            except KeyboardInterrupt as interrupt:
                raise CommandError("Interrupted; the worker is stopped.", returncode=130) from interrupt
            finally:
                # A second Ctrl-C does not leave the worker behind.
                with suppress(KeyboardInterrupt):
                    supervisor.stop()

    def _demonstrate(self, supervisor: Supervisor, log: LogFile) -> None:
        self.stdout.write("Preparing the database and the demo Space ...")
        space = demo.prepare()
        demo.login(space)
        self._wait("Starting the worker", supervisor, log, START_LIMIT, lambda: supervisor.ready)
        self.stdout.write(f"Receiving the order in {demo.EXAMPLE_ORDER.relative_to(BASE_DIR)} ...")
        order = demo.receive_example(space)
        committed = timezone.now()
        jobs = PrintJob.objects.in_space(space).filter(order_number=order.number).order_by("pk")
        if not jobs.exists():
            raise CommandError("The order printed nothing: the connector of the demo Space has no rule for it.")
        pending = jobs.filter(state=JobState.PENDING)
        self._wait("Printing", supervisor, log, PRINT_LIMIT, lambda: not pending.exists())
        self._report(list(jobs), committed, space)

    def _wait(self, what: str, supervisor: Supervisor, log: LogFile, limit: float, done: Callable[[], bool]) -> None:
        """Look after the worker until ``done``, with a dot each second."""
        begin = time.monotonic()
        dots = 0
        self.stdout.write(f"{what} ...", ending="")
        self.stdout.flush()
        while not done():
            passed = time.monotonic() - begin
            if passed > limit or supervisor.failures:
                problem = "the worker ended" if supervisor.failures else f"not done after {limit:.0f} s"
                raise CommandError(f"{what}: {problem}. The last lines of {log.path}:\n{log.tail()}")
            if passed > dots + 1:
                dots += 1
                self.stdout.write(".", ending="")
                self.stdout.flush()
            supervisor.tick(0.05)
        self.stdout.write("")

    def _report(self, jobs: list[PrintJob], committed: Any, space: Space) -> None:
        failed = [job for job in jobs if job.state != JobState.SUCCESSFUL]
        if failed:
            lines = (f"{job.title}: {job.get_state_display()}. {job.reason_sentence}" for job in failed)
            raise CommandError("\n".join(lines))
        self.stdout.write("\nOut of the printer came:")
        for job in jobs:
            path = demo.PRINTED_DIR / f"{job.remote_id}.pdf"
            if not path.is_file():
                raise CommandError(f"{job.title} counts as printed, but {path} is not there.")
            seconds = (job.accepted_at - committed).total_seconds()
            self.stdout.write(f"  {kinds.label(job.document_kind)}: {path}")
            self.stdout.write(f"    {max(seconds, 0):.2f} s from the commit of the order to printed")
        self.stdout.write(
            "\nNext:\n"
            "  make run     web server and worker together; it shows where to log in\n"
            f"  .venv/bin/python manage.py print_jobs --space {space.slug}\n"
            "  README.md    how to set it up with your own printer and database"
        )
