"""How business says things in pages: money, moments, coloured labels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from connectors.models import Invoice, InvoiceState
from connectors.money import rounded
from printing import display, kinds
from printing.models import PrintJob
from printing.states import JobState

STATE_TONES = {
    InvoiceState.OPEN: "wait",
    InvoiceState.OVERDUE: "bad",
    InvoiceState.PAID: "good",
    InvoiceState.CANCELED: "plain",
    InvoiceState.DERECOGNIZED: "warn",
    InvoiceState.NOT_APPLICABLE: "plain",
}


def money(amount: Decimal, currency: str) -> str:
    """An amount in the reader's language, with the currency's decimals."""
    return format_currency(amount, currency, locale=to_locale(get_language() or "en"))


def plain_amount(amount: Decimal, currency: str) -> Decimal:
    """An amount for a field, without the zeros that its column adds."""
    return rounded(amount, currency)


def number(value: Decimal) -> str:
    """A quantity or a rate in the reader's language, without the zeros that its column adds."""
    return str(format_decimal(value.normalize(), locale=to_locale(get_language() or "en")))


def moment(value: datetime | None) -> str:
    """A point in time in the Space's time zone; a dash for what has not happened."""
    return display.moment(value) if value else "–"


def day(value: date | None) -> str:
    return date_format(value, "SHORT_DATE_FORMAT") if value else "–"


def invoice_tag(invoice: Invoice) -> SafeString:
    return display.tag(invoice.get_state_display(), STATE_TONES[InvoiceState(invoice.state)])


def print_tags(jobs: Iterable[PrintJob], *, links: bool) -> SafeString:
    """The newest job of each kind of document, as a link to it."""
    newest = {job.document_kind: job for job in jobs}
    tags = [_print_tag(job, link=links) for job in newest.values()]
    return format_html_join(" ", "{}", ((tag,) for tag in tags)) or SafeString("–")


def _print_tag(job: PrintJob, *, link: bool) -> SafeString:
    text = f"{kinds.label(job.document_kind)}: {job.get_state_display()}"
    label = display.tag(text, display.STATE_TONES[JobState(job.state)])
    if not link:
        return label
    return format_html('<a href="{}">{}</a>', reverse("admin:printing_printjob_change", args=[job.pk]), label)
