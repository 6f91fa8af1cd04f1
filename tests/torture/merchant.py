"""``python -m tests.torture.merchant``: a merchant who looks after things, and the clock, whose minute is two seconds.

They reschedule what failed, cancel, print again, and put printers right; once it is over, they only put things right.
A cancellation is noted before it is asked for: what is canceled then was meant to be, whatever became of the answer.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import django

from tests.torture.journal import Journal

PAUSE = 0.4  # seconds between two rounds
MINUTE = 2.0
NOTICES = timedelta(seconds=3)  # after which a failure is seen; the e-mail about it may be faster
CANCELS, REPRINTS = 0.10, 0.15  # in a round
EACH_MINUTE = ("sweep", "follow_up", "printer_health", "incidents", "incidents")


class Merchant:
    """One round after the other."""

    def __init__(self, directory: Path, addresses: dict[str, Any]) -> None:
        self.journal = Journal(directory / "journals" / "merchant")
        self.addresses = addresses
        self.chance = random.Random(f"merchant {os.environ['TORTURE_SEED']}")
        self.reprints = count(1)

    def round(self, *, over: bool) -> None:
        """Do what a merchant does now and then."""
        self._put_printers_right()
        self._reschedule(timedelta(0) if over else NOTICES)
        if not over and self.chance.random() < CANCELS:
            self._cancel()
        if not over and self.chance.random() < REPRINTS:
            self._reprint()

    def _put_printers_right(self) -> None:
        from printing.models import Printer
        from printing.services import resume

        for printer in Printer.objects.select_related("connection", "space"):
            if printer.connection.reconnect_needed_at is not None:
                self._reconnect(printer)
            elif printer.paused_at is not None or printer.failures > 3:
                resume(printer)

    def _reconnect(self, printer: Any) -> None:
        """Allow access once more, as at the service's own page."""
        from printing.services import connect_printer

        issued = _order(self.addresses[printer.name]["control"], "issue")
        tokens = {name: issued[name] for name in ("access_token", "refresh_token")}
        credentials = {**self.addresses[printer.name]["credentials"], **tokens}
        connect_printer(printer.space, printer.provider, credentials, printer.remote)

    def _reschedule(self, after: timedelta) -> None:
        from django.utils import timezone

        from printing.models import PrintJob
        from printing.services import NotPossible, reschedule_both
        from printing.states import JobState

        failed = PrintJob.objects.filter(state=JobState.FAILED, finished_at__lte=timezone.now() - after)
        for job in list(failed.select_related("space", "configuration").order_by("pk")[:20]):
            with suppress(NotPossible):
                reschedule_both(job)
                self.journal.note("rescheduled", key=job.key.hex)

    def _cancel(self) -> None:
        from printing.models import PrintJob
        from printing.services import NotPossible, cancel
        from printing.states import JobState

        waiting = list(PrintJob.objects.filter(state=JobState.PENDING, follows=None).order_by("-pk")[:5])
        if not waiting:
            return
        job = self.chance.choice(waiting)
        self.journal.note("cancels", key=job.key.hex)
        with suppress(NotPossible):
            cancel(job)

    def _reprint(self) -> None:
        from printing.models import PrintJob
        from printing.services import NotPossible, reprint_both
        from printing.states import ENDED

        ended = list(
            PrintJob.objects.filter(state__in=ENDED, follows=None)
            .select_related("space", "configuration")
            .order_by("-pk")[:10]
        )
        if not ended:
            return
        job = self.chance.choice(ended)
        began = time.time()
        with suppress(NotPossible):
            # The same event key again, after a connection that broke, is the same press of the button.
            again = reprint_both(job, event_key=f"torture:{next(self.reprints)}")
            self.journal.note("reprinted", keys=[one.key.hex for one in again], began=began)


def _order(control: str, command: str) -> Any:
    with urlopen(Request(f"{control}/{command}", b"{}", method="POST"), timeout=10) as answer:
        return json.load(answer)["result"]


def tick(directory: Path) -> None:
    """The clock: what the queue's schedules do each minute."""
    from django_q.tasks import async_task
    from redis import RedisError

    while True:
        for name in EACH_MINUTE:
            try:
                async_task(f"printing.tasks.{name}")
            except (django.db.Error, RedisError):
                django.db.connection.close()
        time.sleep(MINUTE)


def main() -> None:
    """Until the process is ended."""
    directory = Path(os.environ["TORTURE_DIRECTORY"])
    merchant = Merchant(directory, json.loads((directory / "addresses.json").read_text()))
    threading.Thread(target=tick, args=(directory,), daemon=True).start()
    while True:
        try:
            merchant.round(over=(directory / "over").exists())
        except (django.db.Error, OSError):
            django.db.connection.close()
        time.sleep(PAUSE)


if __name__ == "__main__":
    django.setup()
    main()
