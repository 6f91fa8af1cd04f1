"""The API's part about paper: what became of print jobs."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router

from printing.models import PrintJob
from spaces.api import space_of_key
from spaces.api_schema import ApiSchema, Page

router = Router(tags=["Printing"])


class PrintJobFilter(Page):
    order_number: str = Field("", max_length=64, description="Only jobs of the order with this number.")


class PrintJobOut(ApiSchema):
    id: int
    title: str
    document_kind: str
    order_number: str
    state: str = Field(description="pending, successful, failed or canceled")
    paper: str = Field(description="What the print service said about the paper: unknown, queued, printing, printed …")
    may_have_come_out_twice: bool
    reason: str = Field(description="Why it waits or failed, as a sentence; empty when there is nothing to say.")
    attempts: int
    created_at: datetime
    accepted_at: datetime | None


class PrintJobList(ApiSchema):
    items: list[PrintJobOut]
    next: int | None = Field(description="For “before”, to get the rows that follow; null at the end.")


@router.get("/print-jobs", response=PrintJobList, by_alias=True, summary="Print jobs, newest first")
def print_jobs(request: HttpRequest, query: Query[PrintJobFilter]) -> PrintJobList:
    """Whether an order was printed: its jobs with their state, and what is known of the paper."""
    jobs = PrintJob.objects.in_space(space_of_key(request)).order_by("-pk")
    if query.order_number:
        jobs = jobs.filter(order_number=query.order_number)
    if query.before:
        jobs = jobs.filter(pk__lt=query.before)
    found = list(jobs[: query.limit + 1])
    shown = found[: query.limit]
    return PrintJobList(
        items=[_shown(job) for job in shown], next=shown[-1].pk if len(found) > query.limit and shown else None
    )


def _shown(job: PrintJob) -> PrintJobOut:
    return PrintJobOut(
        id=job.pk,
        title=job.title,
        document_kind=job.document_kind,
        order_number=job.order_number,
        state=job.state,
        paper=job.paper,
        may_have_come_out_twice=job.possible_duplicate,
        reason=job.reason_sentence,
        attempts=job.attempts,
        created_at=job.created_at,
        accepted_at=job.accepted_at,
    )
