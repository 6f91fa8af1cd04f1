"""What the provider later says about the paper of an accepted job: asked for, or told by a webhook."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from printing.constants import FOLLOW_UP_WAITS
from printing.models import Connection, PrintAttempt, PrintJob, WebhookEvent
from printing.providers.base import PaperState, Progress, ProviderEvent, gettext_noop
from printing.states import JobState, Outcome
from printing.wake import wake_after_commit

logger = logging.getLogger(__name__)

PRINTER_GONE = gettext_noop("The print service does not know this printer any more. Nobody can say what came out.")


def next_follow_up(asked: int, now: datetime | None = None) -> datetime | None:
    """When to ask for the n-th time what became of a job, n counted from 0; None after the last."""
    if asked >= len(FOLLOW_UP_WAITS):
        return None
    return (now or timezone.now()) + FOLLOW_UP_WAITS[asked]


def accepted_fields(remote_id: str) -> dict[str, Any]:
    """What an accepted job knows: its number at the service, and when the service is asked about the paper."""
    return {
        "unresolved_since": None,
        "accepted_at": timezone.now(),
        "remote_id": remote_id,
        "follow_up_at": next_follow_up(0),
        "follow_ups": 0,
        "reason": "",
        "reason_params": {},
    }


def apply_progress(jobs: Any, progress: Progress) -> int:
    """Write down the provider's word on accepted jobs; returns how many it was new for. A final word stays."""
    known = jobs.filter(state=JobState.SUCCESSFUL, paper_final=False)
    if progress.final:
        known.update(follow_up_at=None)
    if progress.paper is PaperState.UNKNOWN:
        # "I do not know that job": no word on the paper, so what was said before stays.
        known.filter(paper_detail="").update(paper_detail=progress.detail[:500])
        return int(known.update(paper_final=True) if progress.final else 0)
    changed = ~Q(paper=progress.paper) | ~Q(paper_detail=progress.detail[:500])
    news = known if progress.final else known.filter(changed)
    return int(
        news.update(
            paper=progress.paper.value,
            paper_detail=progress.detail[:500],
            paper_at=timezone.now(),
            paper_final=progress.final,
        )
    )


def apply_printer_gone(jobs: Any) -> int:
    """The printer was deleted at the service, and with it what it could have told us."""
    return apply_progress(jobs, Progress(PaperState.PROBLEM, PRINTER_GONE, final=True))


def apply_events(connection: Connection, events: Iterable[ProviderEvent]) -> int:
    """Act on what a service tells by itself; returns how many events were new. The same one again changes nothing.

    A call can come before the answer to our own submission: the job is then still PENDING, and the service is asked in
    its time. Where that answer was lost, a call that names the job by our key brings it.
    """
    new = 0
    for event in events:
        with transaction.atomic():
            _row, created = WebhookEvent.objects.get_or_create(
                connection=connection, uid=event.uid[:100], defaults={"received_at": timezone.now()}
            )
            if created:
                new += 1
                _apply(connection, event)
    return new


def _apply(connection: Connection, event: ProviderEvent) -> None:
    jobs = _jobs_of(connection, event)
    if event.key:
        _accept_unresolved(jobs, event)
    told = jobs
    if event.progress.paper is PaperState.QUEUED:
        # Calls overtake each other: one that leads back is an old one. Whoever asks is told what holds now.
        told = jobs.filter(paper__in=[PaperState.UNKNOWN, PaperState.QUEUED])
    apply_progress(told, event.progress)


def _accept_unresolved(jobs: Any, event: ProviderEvent) -> None:
    """The service speaks of a job of which nobody knew whether it arrived: it did, and is not sent again."""
    unresolved = jobs.filter(state=JobState.PENDING, in_progress=False, unresolved_since__isnull=False)
    for job in unresolved:
        row = unresolved.filter(pk=job.pk)
        if row.change_state(JobState.SUCCESSFUL, **accepted_fields(event.remote_id)):
            unknown = PrintAttempt.objects.filter(
                job=job, outcome=Outcome.UNKNOWN, number__gt=job.attempts_before_round
            )
            unknown.update(outcome=Outcome.ACCEPTED, remote_id=event.remote_id, detail="the provider told by itself")
            wake_after_commit(job.printer_id)


def _jobs_of(connection: Connection, event: ProviderEvent) -> Any:
    """The job an event is about, among those of its own connection alone."""
    own = PrintJob.objects.filter(printer__connection=connection)
    if event.key:
        key, _dash, number = event.key.partition("-")
        try:
            return own.filter(key=key, round=int(number or 0))
        except ValueError:
            return own.none()
    return own.filter(remote_id=event.remote_id) if event.remote_id else own.none()
