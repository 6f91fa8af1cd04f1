"""Waking a worker. A row is the truth; what travels through the queue is a printer's primary key and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from printing.constants import SWEEP_INTERVAL
from printing.models import Printer

# A wake-up older than this was lost on its way; another one may be sent.
_WAKE_LOST_AFTER: timedelta = SWEEP_INTERVAL


def wake_after_commit(printer_id: int | None) -> None:
    """Wake the lane once the transaction is committed. A broker that is down costs a sweep interval, not the sale."""
    if printer_id is not None:
        # A function with a name, not a partial: Django's message about a hook that failed asks for its __qualname__.
        transaction.on_commit(lambda: wake(printer_id), robust=True)


def wake(printer_id: int) -> bool:
    """Put one wake-up for the lane into the queue; False where one is under way already.

    Coalesced through the row: a thousand orders in a second must not become a thousand queue entries.
    """
    now = timezone.now()
    claimed = Printer.objects.filter(Q(woken_at=None) | Q(woken_at__lt=now - _WAKE_LOST_AFTER), pk=printer_id).update(
        woken_at=now
    )
    if claimed == 1:
        async_task("printing.tasks.dispatch", printer_id)
    return bool(claimed)
