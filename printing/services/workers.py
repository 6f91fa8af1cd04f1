"""Whether workers are at work: their signs of life, and what waits although it could be sent."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from printing.constants import WORKER_SILENT_AFTER
from printing.models import Printer, PrintJob, WorkerSign
from printing.states import JobState


def sign_of_life() -> None:
    """Called by a worker, in a task: it takes tasks, and reaches the database."""
    host, now = socket.gethostname(), timezone.now()
    if not WorkerSign.objects.filter(host=host).update(seen_at=now):
        WorkerSign.objects.get_or_create(host=host, defaults={"seen_at": now})


def forget_this_host() -> None:
    """A worker that is stopped on purpose is not missed."""
    WorkerSign.objects.filter(host=socket.gethostname()).delete()


def last_sign() -> datetime | None:
    """When a worker of any host took a task last; None where none ever did, or all were stopped on purpose."""
    found: datetime | None = WorkerSign.objects.aggregate(last=Max("seen_at"))["last"]
    return found


@dataclass(frozen=True)
class Silence:
    """No worker is at work, since then; None where there is none at all."""

    since: datetime | None


def silence() -> Silence | None:
    """Whether nothing prints because nobody is at work; None while somebody is."""
    last = last_sign()
    if last is not None and timezone.now() - last < WORKER_SILENT_AFTER:
        return None
    return Silence(last)


def waiting_since() -> datetime | None:
    """Since when the oldest job waits that could be sent this moment and that nobody sends."""
    due = PrintJob.objects.filter(state=JobState.PENDING, printer__in=Printer.objects.due().order_by().values("pk"))
    # A lane that waited after a failure could not be served before that.
    ready = Greatest("due_since", Coalesce("printer__next_try_at", "due_since"))
    found: datetime | None = due.aggregate(oldest=Min(ready))["oldest"]
    return found
