"""Whose turn it is in a lane: as they came, and what follows another job right behind it, with nothing between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from printing.models import PrintJob
from printing.providers.errors import Reason
from printing.states import JobState

# Jobs read ahead in one query; each is claimed on its own before it is sent.
BATCH = 50


def in_turn(printer_id: int, time_is_over: Callable[[], bool]) -> Iterator[PrintJob]:
    """The lane's pending jobs until ``time_is_over``, but never half of two that belong together: whoever takes the
    lane over could be asked for an older job that was committed only now.
    """
    before: PrintJob | None = None
    for job in chain(_behind_what_has_left(printer_id), _waiting(printer_id)):
        belongs = before is not None and job.follows == before.pk
        if time_is_over() and not belongs:
            return
        yield job
        before = job


def _pending(printer_id: int) -> Any:
    return (
        PrintJob.objects.filter(printer_id=printer_id, state=JobState.PENDING)
        .select_related("configuration__printer", "configuration__substitute__printer", "document", "space")
        .in_turn()
    )


def _behind_what_has_left(printer_id: int) -> Iterator[PrintJob]:
    """Left over by a worker that failed or died between the two: they come before everything else.

    Behind the letter that left last nothing has come yet, so its slip is the first of them. Those of earlier letters
    are there because somebody asked for them once more, and come in turn.
    """
    left = PrintJob.objects.filter(pk=OuterRef("follows"), printer_id=printer_id, state=JobState.SUCCESSFUL)
    left_over = _pending(printer_id).filter(Exists(left), follows__isnull=False)
    newest_first = left_over.order_by(Subquery(left.values("accepted_at")).desc(nulls_last=True), "turn", "pk")[:BATCH]
    found = list(newest_first)
    yield from found[:1]
    yield from sorted(found[1:], key=lambda job: (job.turn, job.pk))


def _waiting(printer_id: int) -> Iterator[PrintJob]:
    turn, pk = 0, 0
    while True:
        batch = list(_pending(printer_id).filter(Q(turn__gt=turn) | Q(turn=turn, pk__gt=pk))[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        turn, pk = batch[-1].turn, batch[-1].pk


def stays_behind(job: PrintJob) -> bool:
    """Whether a job that follows another one of its lane is not to be sent now; it fails where that one was not.

    Rescheduled after that one had ended, it is wanted alone.
    """
    if job.follows is None or job.printer_id is None:
        return False
    first = PrintJob.objects.filter(pk=job.follows, printer_id=job.printer_id).first()
    if first is None or first.state == JobState.SUCCESSFUL:
        return False
    if first.state == JobState.PENDING:
        return True
    if first.finished_at is not None and first.finished_at < job.due_since:
        return False
    PrintJob.objects.filter(pk=job.pk, in_progress=False).change_state(
        JobState.FAILED, reason=Reason.LETTER_NOT_PRINTED, reason_params={"title": first.title}
    )
    return True
