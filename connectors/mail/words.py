"""The words of an e-mail for each kind of document, in the active language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from babel.numbers import format_currency
from django.utils.formats import date_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from connectors.models import CreditNote, DunningNotice, Invoice, IssuedDocument, PackingSlip


@dataclass(frozen=True)
class Words:
    """A subject of one line, and what the message says, in paragraphs."""

    subject: str
    paragraphs: tuple[str, ...]


def words_of(document: IssuedDocument) -> Words:
    """What the e-mail with a document says."""
    words = _WORDS.get(type(document))
    return words(document) if words else _plain(document)


def greeting() -> str:
    return _("Good day,")


def _plain(document: IssuedDocument) -> Words:
    subject = _("%(document)s %(number)s from %(company)s") % {
        "document": str(document._meta.verbose_name).capitalize(),
        "number": document.number,
        "company": document.copy.sender.company,
    }
    return Words(subject, (greeting(), _("The document is attached as PDF.")))


def _invoice(invoice: Invoice) -> Words:
    company = invoice.copy.sender.company
    subject = _("Your invoice %(number)s from %(company)s") % {"number": invoice.number, "company": company}
    amount = format_currency(invoice.gross, invoice.currency, locale=to_locale(get_language() or "en"))
    if invoice.copy.paid:
        paid = _("It is paid already; there is nothing left to do for you.")
    elif invoice.due_on:
        paid = _("Please pay %(amount)s by %(day)s.") % {
            "amount": amount,
            "day": date_format(invoice.due_on, "DATE_FORMAT"),
        }
    else:
        paid = ""
    order = _("Thank you for your order %(order)s. Your invoice %(number)s is attached as PDF.") % {
        "order": invoice.order.number,
        "number": invoice.number,
    }
    return Words(subject, tuple(filter(None, (greeting(), order, paid))))


def _packing_slip(slip: PackingSlip) -> Words:
    subject = _("The packing slip of your order %(order)s from %(company)s") % {
        "order": slip.order.number,
        "company": slip.copy.sender.company,
    }
    return Words(subject, (greeting(), _("The packing slip of your order is attached as PDF.")))


def _notice(notice: DunningNotice) -> Words:
    """A dunning level has words of its own, and they are on the letter."""
    copy = notice.copy
    paragraphs = [paragraph for paragraph in copy.text.replace("\r\n", "\n").split("\n\n") if paragraph.strip()]
    attached = _("Everything in detail is in the letter, which is attached as PDF.")
    return Words(f"{copy.title} – {copy.sender.company}", (*(paragraphs or [greeting()]), attached))


def _credit_note(note: CreditNote) -> Words:
    invoice = note.copy.invoice.number
    subject = _("Your invoice %(number)s from %(company)s is canceled") % {
        "number": invoice,
        "company": note.copy.sender.company,
    }
    canceled = _("Your invoice %(number)s is canceled. The credit note %(credit_note)s is attached as PDF.") % {
        "number": invoice,
        "credit_note": note.number,
    }
    return Words(subject, (greeting(), canceled, _("Nothing is left to pay of this invoice.")))


_WORDS: dict[type[IssuedDocument], Callable[..., Words]] = {
    CreditNote: _credit_note,
    Invoice: _invoice,
    PackingSlip: _packing_slip,
    DunningNotice: _notice,
}
