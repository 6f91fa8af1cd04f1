"""Which invoice a payment is for, by what the payer wrote.

Certain or not at all: a payment that is assigned wrongly stops the reminders of somebody who has not paid. Check digits
make a payment reference certain. An invoice number in free text is certain where it stands alone between blanks and
punctuation and no other invoice is named; one of digits only, which may as well be the number of a customer, only where
the amount is what is open. The number of a dunning notice names its invoice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connectors.documents.references import QR_LENGTH, normalised
from connectors.models import DunningNotice, Invoice, InvoiceState, Unmatched
from connectors.services.payment_sums import open_amount
from spaces.models import Space

# As many words of a text are looked at; banks allow 140 characters.
MAX_WORDS = 80
# A QR reference of ours without its leading zeros: one digit or more for the Space, 16 for the invoice, a check digit.
_SHORTEST = 17
# Payers and banks tear numbers apart.
_WORDS_JOINED = 3
_WORD = re.compile(r"[^\s,;:()\[\]<>\"'„“”»«]+")
_LEADING_WORD = re.compile(
    r"^(?:rechnungs?|rechnungsn(?:r|ummer)|rg|re|r|rnr|rgnr|inv|invoice|facture|fattura)[.\-_/#]*(?:nr|no)?[.\-_/#]*(?=\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Match:
    """The invoice; or why there is none, and the number of the one that it seemed to be."""

    invoice: Invoice | None = None
    unmatched: Unmatched | None = None
    number: str = ""


def find_invoice(space: Space, reference: str, amount: Decimal, currency: str) -> Match:
    """Find the invoice that a payment names."""
    words = _WORD.findall(reference)[:MAX_WORDS]
    if not words:
        return Match(unmatched=Unmatched.NO_REFERENCE)
    invoices = Invoice.objects.in_space(space).defer("data")
    named = list(invoices.filter(payment_reference__in=set(_references(words)) - {""})[:_WORDS_JOINED])
    if not named:
        named = [found for found in _by_number(space, words) if _certain(found, amount)]
    return _only(named, currency)


def candidates_of(space: Space, reference: str) -> list[Invoice]:
    """The invoices that a text may mean, certain or not, to be suggested to a person."""
    words = _WORD.findall(reference)[:MAX_WORDS]
    return _by_number(space, words) if words else []


def obstacle_of(invoice: Invoice, currency: str) -> Match:
    """The invoice as a match; or why money in this currency cannot be for it."""
    if invoice.state == InvoiceState.CANCELED:
        return Match(unmatched=Unmatched.INVOICE_CANCELED, number=invoice.number)
    if invoice.currency != currency:
        return Match(unmatched=Unmatched.CURRENCY, number=invoice.number)
    return Match(invoice)


def _only(named: list[Invoice], currency: str) -> Match:
    # A canceled invoice was followed by a right one, and both may be named.
    valid = [invoice for invoice in named if invoice.state != InvoiceState.CANCELED] or named
    if len(valid) > 1:
        return Match(unmatched=Unmatched.SEVERAL, number=valid[0].number)
    return obstacle_of(valid[0], currency) if valid else Match(unmatched=Unmatched.NOT_FOUND)


def _certain(found: Invoice, amount: Decimal) -> bool:
    return not found.number.isdecimal() or open_amount(found) == amount


def _by_number(space: Space, words: list[str]) -> list[Invoice]:
    numbers = {form for text in _joined(words, " ", "") for form in _forms(text)}
    invoices = list(Invoice.objects.in_space(space).defer("data").filter(number__in=numbers)[:_WORDS_JOINED])
    notices = DunningNotice.objects.in_space(space).filter(number__in=numbers).select_related("case__invoice")
    found = {invoice.pk: invoice for invoice in invoices}
    found |= {notice.case.invoice_id: notice.case.invoice for notice in notices.defer("data")[:_WORDS_JOINED]}
    return list(found.values())


def _forms(text: str) -> Iterator[str]:
    """A word as an invoice's number may be written: with a full stop behind it, “RE” before it, small letters."""
    plain = text.strip(".!?-_/#*+")
    for form in (plain, _LEADING_WORD.sub("", plain)):
        if any(character.isdecimal() for character in form):
            yield form
            yield form.upper()


def _joined(words: list[str], *separators: str) -> Iterator[str]:
    """Each word, and each with those that follow it."""
    for start in range(len(words)):
        for count in range(1, _WORDS_JOINED + 1):
            if start + count <= len(words):
                yield from {separator.join(words[start : start + count]) for separator in separators}


def _references(words: list[str]) -> Iterator[str]:
    """The payment references in a text, as they are stored; however they are grouped."""
    for start, first in enumerate(words):
        creditor = first[:2].upper() == "RF"
        text = ""
        for word in words[start:]:
            text += word
            if len(text) > QR_LENGTH or not (creditor or word.isdecimal()):
                break
            if creditor or len(text) > _SHORTEST:
                yield normalised(text)
