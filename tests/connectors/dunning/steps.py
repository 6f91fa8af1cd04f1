"""What tests of dunning do again and again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from connectors.models import DunningNotice, DunningRun, Invoice
from connectors.services import dunning
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space


def chosen(space: Space, day: date) -> list[int]:
    """All that is proposed on a day, as a person confirms it."""
    return [item.invoice.pk for item in dunning.propose(space, day).items]


def run(space: Space, day: date, **options: Any) -> DunningRun:
    """Issue all that is proposed on a day, at noon of it."""
    return dunning.issue(space, day, chosen(space, day), at=noon(day), **options)


def accepted(space: Space, day: date, invoice: Invoice | None = None) -> None:
    """Let the letters that wait (of one invoice) be accepted by their printer on a day, and note it."""
    notices = DunningNotice.objects.in_space(space)
    if invoice is not None:
        notices = notices.filter(case__invoice=invoice)
    jobs = PrintJob.objects.filter(document_kind="dunning_notice", source_id__in=notices.values("pk"))
    jobs.change_state(JobState.SUCCESSFUL, accepted_at=noon(day))
    dunning.note_informed(space)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
