"""From business to paper: the kinds of documents there are, and which of them print when something happens.

The only module that calls printing.services. It is called directly, in the transaction of what happened: a signal in
between would hide that the print jobs belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connectors.documents.errors import DocumentError
from connectors.documents.payment import Part
from connectors.documents.render import render_invoice, render_packing_slip
from connectors.dunning import rules
from connectors.models import Document, DunningNotice, Event, Invoice, IssuedDocument, Order, PackingSlip, PrintRule
from printing import kinds
from printing.models import PrinterConfiguration, PrintJob
from printing.services import Withdrawn, enqueue
from printing.services import withdraw as withdraw_jobs
from printing.states import JobState

DocumentT = TypeVar("DocumentT", bound=IssuedDocument)
# The sheets of an invoice whose payment slip has a page of its own, for two trays.
INVOICE_LETTER, PAYMENT_SLIP = "invoice_letter", "payment_slip"
_PARTS: dict[str, Part] = {Document.INVOICE.value: "whole", INVOICE_LETTER: "letter", PAYMENT_SLIP: "slip"}
DUNNING_NOTICE: Final = "dunning_notice"
_MODELS: dict[Document, type[IssuedDocument]] = {Document.INVOICE: Invoice, Document.PACKING_SLIP: PackingSlip}


def register_kinds() -> None:
    invoice_kinds = {
        Document.INVOICE.value: (gettext_lazy("Invoice"), _invoice_pdf),
        INVOICE_LETTER: (gettext_lazy("Invoice without payment slip"), _invoice_letter_pdf),
        PAYMENT_SLIP: (gettext_lazy("Payment slip"), _payment_slip_pdf),
    }
    for key, (label, render) in invoice_kinds.items():
        kinds.register(kinds.DocumentKind(key, label, render, "connectors_invoice"))
    kinds.register(
        kinds.DocumentKind(
            Document.PACKING_SLIP.value, gettext_lazy("Packing slip"), _packing_slip_pdf, "connectors_packingslip"
        )
    )


def pdf_of(document: IssuedDocument, part: Part = "whole") -> bytes:
    """The document as it is printed; of an invoice also a part. Raises kinds.RenderingFailed."""
    try:
        if isinstance(document, Invoice):
            return render_invoice(document.copy, document.logo_content, part)
        assert isinstance(document, PackingSlip)
        return render_packing_slip(document.copy, document.logo_content)
    except DocumentError as error:
        raise kinds.RenderingFailed(str(error)) from error


def _invoice_pdf(pk: int) -> bytes:
    return pdf_of(_source(Invoice, pk))


def _invoice_letter_pdf(pk: int) -> bytes:
    return pdf_of(_source(Invoice, pk), "letter")


def _payment_slip_pdf(pk: int) -> bytes:
    return pdf_of(_source(Invoice, pk), "slip")


def has_slip_page(document: IssuedDocument) -> bool:
    """Whether the document ends with a page that is only its payment slip, so that it can be printed as two."""
    payment = document.copy.payment if isinstance(document, Invoice) else None
    return payment is not None and payment.has_own_page


def _packing_slip_pdf(pk: int) -> bytes:
    return pdf_of(_source(PackingSlip, pk))


def _source(model: type[DocumentT], pk: int) -> DocumentT:
    document: DocumentT | None = model.objects.select_related("logo").filter(pk=pk).first()
    if document is None:
        raise kinds.SourceGone(f"{model.__name__} {pk}")
    return document


def document_of(kind: str, pk: int) -> IssuedDocument | None:
    """The issued document that jobs and e-mails name by its kind and primary key."""
    models: dict[str, type[IssuedDocument]] = {key.value: model for key, model in _MODELS.items()}
    model = (models | {DUNNING_NOTICE: DunningNotice}).get(kind)
    if model is None:
        return None
    found: IssuedDocument | None = model.objects.select_related("space", "order", "logo").filter(pk=pk).first()
    return found


def print_documents(order: Order, *events: Event, documents: Sequence[IssuedDocument] | None = None) -> list[PrintJob]:
    """Queue what the order's connector prints on these events; ``documents`` are the order's, where they are at hand.

    Called inside the transaction of the event. The same event again makes no second job.
    """
    rules = PrintRule.objects.filter(connector=order.connector_id, event__in=events)
    rules = rules.select_related("configuration", "slip_configuration")
    jobs: list[PrintJob] = []
    # No savepoint that swallows errors: an order whose print jobs cannot be written is not committed either, and is
    # received again under its external id. Nothing that was committed is lost.
    for rule in sorted(rules, key=lambda rule: (events.index(Event(rule.event)), rule.pk)):
        document = _document(order, Document(rule.document), documents)
        if document is not None:
            jobs += _queue(order, rule, document)
    return jobs


def _document(order: Order, kind: Document, at_hand: Sequence[IssuedDocument] | None) -> IssuedDocument | None:
    """The order's document of a kind; the newest, where a canceled one was issued anew."""
    if at_hand is not None:
        return next((document for document in at_hand if isinstance(document, _MODELS[kind])), None)
    return _MODELS[kind].objects.filter(order=order).order_by("-pk").first()


def _queue(order: Order, rule: PrintRule, document: IssuedDocument) -> list[PrintJob]:
    """One job, or two where the payment slip has a printer of its own: the slip right behind its letter."""
    apart = rule.slip_configuration is not None and has_slip_page(document)
    event_key = f"order:{order.pk}:{rule.event}:{rule.pk}:{rule.document}"
    common: dict[str, Any] = {
        "space": order.space,
        "source_id": document.pk,
        "order_number": order.number,
        "copies": rule.copies,
    }
    job = enqueue(
        document_kind=INVOICE_LETTER if apart else rule.document,
        title=title_of(document),
        event_key=event_key,
        configuration=rule.configuration,
        **common,
    )
    if job is None or not apart:
        return [job] if job else []
    slip = enqueue(
        document_kind=PAYMENT_SLIP,
        title=title_of(document, "slip"),
        event_key=f"{event_key}:slip",
        configuration=rule.slip_configuration,
        follows=job,
        **common,
    )
    return [job, slip] if slip else [job]


def print_notice(notice: DunningNotice, configuration: PrinterConfiguration | None) -> PrintJob | None:
    """Queue the letter of a notice, inside the transaction of its run. Returns None where the Space does not print."""
    return enqueue(
        space=notice.space,
        document_kind=DUNNING_NOTICE,
        title=title_of(notice),
        source_id=notice.pk,
        order_number=notice.order.number,
        event_key=f"{DUNNING_NOTICE}:{notice.pk}",
        configuration=configuration,
    )


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
    before = [job for job in jobs_of([document])[job_key(document)] if job.document_kind != PAYMENT_SLIP]
    return enqueue(
        space=document.space,
        document_kind=kind_of(document),
        title=title_of(document),
        source_id=document.pk,
        order_number=document.order.number,
        configuration=configuration,
        created_by=created_by,
        event_key=event_key,
        reprint_of=before[-1].pk if before else None,
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
        kind = Document.INVOICE.value if job.document_kind in _PARTS else job.document_kind
        if (key := (kind, job.source_id)) in found:
            found[key].append(job)
    return found


def jobs_of_order(order: Order) -> list[PrintJob]:
    """All print jobs of an order's documents, oldest first."""
    documents: list[IssuedDocument] = [*order.invoice_set.all(), *order.packingslip_set.all()]
    found = jobs_of(documents).values()
    return sorted((job for jobs in found for job in jobs), key=lambda job: job.pk)


def kind_of(document: IssuedDocument) -> str:
    """The key under which printing knows the document's kind."""
    if isinstance(document, DunningNotice):
        return DUNNING_NOTICE
    return (Document.INVOICE if isinstance(document, Invoice) else Document.PACKING_SLIP).value


def accepted_at(documents: Iterable[IssuedDocument]) -> dict[JobKey, datetime]:
    """When the first print job of each document was accepted; those of which none was are left out. One query."""
    return {
        key: min(moments)
        for key, jobs in jobs_of(documents).items()
        if (moments := [job.accepted_at for job in jobs if job.accepted_at is not None])
    }


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
    return {key: _progress(jobs) for key, jobs in jobs_of(documents).items()}


def _progress(jobs: list[PrintJob]) -> Progress:
    if not jobs:
        return NOT_SENT
    states = {job.state for job in jobs}
    if states & {JobState.PENDING, JobState.SUCCESSFUL}:
        return Progress("waits")
    latest = jobs[-1]
    return Progress("failed", latest.reason_sentence) if latest.state == JobState.FAILED else Progress("canceled")


def title_of(document: IssuedDocument, part: Part = "whole") -> str:
    """What lists show, in the Space's language whoever caused the job."""
    with translation.override(document.space.language):
        return name_of(document, part)


def name_of(document: IssuedDocument, part: Part = "whole") -> str:
    """A document's kind and number, in the active language."""
    slip = _("Invoice %(number)s (payment slip)")
    sentences = {
        Document.INVOICE.value: slip if part == "slip" else _("Invoice %(number)s"),
        Document.PACKING_SLIP.value: _("Packing slip %(number)s"),
        DUNNING_NOTICE: _("Dunning notice %(number)s"),
    }
    return sentences[kind_of(document)] % {"number": document.number}
