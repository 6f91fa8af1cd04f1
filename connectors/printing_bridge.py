"""From business to paper: which documents print when something happens, and what became of them.

The only module that calls printing.services. It is called directly, in the transaction of what happened: a signal in
between would hide that the print jobs belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser

from connectors.decisions import Decision, decide
from connectors.dunning import rules
from connectors.issued_kinds import DUNNING_NOTICE, KINDS, has_slip_page, kind_of, title_of, whole_of
from connectors.models import DunningLevel, DunningNotice, Event, IssuedDocument, Order, PrintRule
from printing.models import PrinterConfiguration, PrintJob
from printing.services import Withdrawn, enqueue
from printing.services import withdraw as withdraw_jobs
from printing.states import JobState


def print_documents(order: Order, *events: Event, documents: Sequence[IssuedDocument] | None = None) -> list[PrintJob]:
    """Queue what the order's connector prints on these events; ``documents`` are those it is about, where at hand.

    Called inside the transaction of the event. The same event again makes no second job.
    """
    # No savepoint that swallows errors: an order whose print jobs cannot be written is not committed either, and is
    # received again under its external id. Nothing that was committed is lost.
    jobs: list[PrintJob] = []
    for decision in print_decisions(order, *events, documents=documents):
        if decision.acts and decision.document is not None:
            rule, key = decision.rule, decision.event_key
            jobs += queue(
                decision.document, rule.configuration, rule.slip_configuration, event_key=key, copies=rule.copies
            )
    return jobs


def print_decisions(
    order: Order, *events: Event, documents: Sequence[IssuedDocument] | None = None
) -> list[Decision[PrintRule]]:
    """What each print rule of the order's connector does when these events happen, and why; one query for the rules."""
    rules = PrintRule.objects.filter(connector=order.connector_id, event__in=events)
    return decide(order, rules.select_related("configuration", "slip_configuration"), events, documents)


def queue(
    document: IssuedDocument,
    configuration: PrinterConfiguration | None,
    slip_configuration: PrinterConfiguration | None = None,
    *,
    event_key: str,
    copies: int | None = None,
) -> list[PrintJob]:
    """Queue a document inside the transaction of its event: one job, or none where the Space does not print.

    Two, where its payment slip has a page and a printer of its own: the slip right behind its letter.
    """
    apart = slip_configuration is not None and has_slip_page(document)
    common: dict[str, Any] = {
        "space": document.space,
        "source_id": document.pk,
        "order_number": document.order.number,
        "copies": copies,
    }
    job = enqueue(
        document_kind=kind_of(document, "letter" if apart else "whole"),
        title=title_of(document),
        event_key=event_key,
        configuration=configuration,
        **common,
    )
    if job is None or not apart:
        return [job] if job else []
    slip = enqueue(
        document_kind=kind_of(document, "slip"),
        title=title_of(document, "slip"),
        event_key=f"{event_key}:slip",
        configuration=slip_configuration,
        follows=job,
        **common,
    )
    return [job, slip] if slip else [job]


def print_notice(notice: DunningNotice, level: DunningLevel) -> list[PrintJob]:
    """Queue the letter of a notice as its level wants it, inside the transaction of its run."""
    event_key = f"{DUNNING_NOTICE}:{notice.pk}"
    return queue(notice, level.configuration, level.slip_configuration, event_key=event_key)


def print_again(
    document: IssuedDocument,
    *,
    configuration: PrinterConfiguration | None = None,
    created_by: AbstractBaseUser | None = None,
    event_key: str | None = None,
) -> PrintJob | None:
    """Print an issued document because a person asks for it. Returns None where the Space does not print.

    ``event_key`` stands for one press of a button: pressed twice, it is the same job.
    """
    # Of the slip alone it is no copy.
    before = _letters(jobs_of([document])[job_key(document)])
    return enqueue(
        space=document.space,
        document_kind=kind_of(document),
        title=title_of(document),
        source_id=document.pk,
        order_number=document.order.number,
        configuration=configuration,
        created_by=created_by,
        event_key=event_key,
        reprint_of=next((job for job in reversed(before) if job.came_out), before[-1] if before else None),
    )


JobKey = tuple[str, int]


def job_key(document: IssuedDocument) -> JobKey:
    """By which a document's print jobs know it."""
    return kind_of(document), document.pk


def jobs_of(documents: Iterable[IssuedDocument]) -> dict[JobKey, list[PrintJob]]:
    """The print jobs of documents of one Space, by kind and primary key, oldest first; one query for all of them."""
    found: dict[JobKey, list[PrintJob]] = {}
    spaces: set[int] = set()
    numbers: set[str] = set()
    for document in documents:
        found[job_key(document)] = []
        spaces.add(document.space_id)
        numbers.add(document.order.number)
    # By number, which the job list has an index for; two orders may share one, their documents do not.
    for job in PrintJob.objects.filter(space__in=spaces, order_number__in=numbers).order_by("pk"):
        if (key := (whole_of(job.document_kind), job.source_id)) in found:
            found[key].append(job)
    return found


def documents_of(order: Order) -> list[IssuedDocument]:
    """What was issued for an order, by itself; without dunning."""
    return [*order.invoice_set.all(), *order.packingslip_set.all(), *order.creditnote_set.all()]


def jobs_of_order(order: Order) -> list[PrintJob]:
    """All print jobs of an order's documents, oldest first."""
    found = jobs_of(documents_of(order)).values()
    return sorted((job for jobs in found for job in jobs), key=lambda job: job.pk)


def accepted_at(documents: Iterable[IssuedDocument]) -> dict[JobKey, datetime]:
    """When the first print job of each document was accepted; those of which none was are left out. One query.

    A payment slip alone is not the document.
    """
    return {
        key: min(moments)
        for key, jobs in jobs_of(documents).items()
        if (moments := [job.accepted_at for job in _letters(jobs) if job.accepted_at is not None])
    }


def _letters(jobs: list[PrintJob]) -> list[PrintJob]:
    return [job for job in jobs if KINDS[job.document_kind].part != "slip"]


def withdraw(document: IssuedDocument) -> Withdrawn:
    """Cancel what has not left of a document, inside the caller's transaction; says how much has."""
    return withdraw_jobs(jobs_of([document])[job_key(document)])


@dataclass(frozen=True)
class Progress:
    """How far a document that nobody has in hand yet has come; ``problem`` is the sentence of a failed job."""

    state: rules.Progress
    problem: str = ""


NOT_SENT: Final = Progress("not_sent")


def progress_of(documents: Iterable[IssuedDocument]) -> dict[JobKey, Progress]:
    """What the print jobs of documents are waiting for, that of the latest job; one query for all of them."""
    return {key: _progress(_letters(jobs)) for key, jobs in jobs_of(documents).items()}


def _progress(jobs: list[PrintJob]) -> Progress:
    if not jobs:
        return NOT_SENT
    states = {job.state for job in jobs}
    if states & {JobState.PENDING, JobState.SUCCESSFUL}:
        return Progress("waits")
    latest = jobs[-1]
    return Progress("failed", latest.reason_sentence) if latest.state == JobState.FAILED else Progress("canceled")
