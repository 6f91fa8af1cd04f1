"""What invoices and dunning notices say about their payment: a Swiss payment slip, a GiroCode, and the reference."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal
from typing import get_args

from connectors.documents.data import InvoiceData, Language, Party
from connectors.documents.errors import DocumentError
from connectors.documents.payment import (
    PaymentError,
    PaymentPart,
    PaymentParty,
    Placement,
    SlipLanguage,
    check_party,
    epc_payload,
    is_qr_iban,
    swiss_payload,
)
from connectors.documents.references import normalised, qr_reference, scor_reference
from connectors.documents.slip import slip_message
from connectors.models import Invoice, Order, Slip
from connectors.payees import account_of, has_swiss_account, payee_of
from spaces.models import Space

_PLACEMENTS: dict[str, Placement] = {Slip.FOOT.value: "foot", Slip.PAGE.value: "page"}
logger = logging.getLogger(__name__)


def of_invoice(order: Order, data: InvoiceData, language_tag: str) -> tuple[PaymentPart | None, str]:
    """The payment of an invoice that is about to be issued, and what the payer quotes.

    No reference means that it needs the invoice's primary key: :func:`complete` adds it. What cannot be on a slip never
    stops a sale: the invoice goes out without one, with the account in words, and the log says why.
    """
    number = data.number
    if data.paid or data.gross <= 0:
        return None, number
    try:
        if has_swiss_account(order.space) and order.connector.slip != Slip.NONE:
            return _slip(order, data, language_tag)
    except PaymentError as error:
        logger.warning("Invoice %s of the Space %s has no payment slip: %s", number, order.space.slug, error)
    if data.currency == "EUR" and order.space.iban and not has_swiss_account(order.space):
        return _girocode(order.space, number, data.currency, data.gross), number
    return None, number


def of_notice(
    invoice: Invoice, *, total: Decimal, slip: str, language: Language, language_tag: str
) -> PaymentPart | None:
    """The payment of a dunning notice for an invoice: over the new total, under the invoice's own reference.

    ``slip`` is one of Slip. What cannot be on a slip never stops a run: the letter goes out without one.
    """
    space = invoice.space
    try:
        if has_swiss_account(space) and slip != Slip.NONE:
            slip_words = slip_language(language_tag, language)
            part = PaymentPart(
                kind="qr_bill",
                creditor=payee_of(space),
                debtor=debtor_of(invoice.order.billing_party),
                iban=account_of(space),
                currency=invoice.currency,
                amount=total,
                reference=_own_reference(invoice),
                message=slip_message(slip_words, invoice.number),
                language=slip_words,
                placement=_PLACEMENTS[slip],
            )
            swiss_payload(part)
            return part
    except PaymentError as error:
        logger.warning("The notice for %s of the Space %s has no slip: %s", invoice.number, space.slug, error)
    if invoice.currency == "EUR" and space.iban and not has_swiss_account(space):
        return _girocode(space, invoice.number, invoice.currency, total)
    return None


def _own_reference(invoice: Invoice) -> str:
    """The reference of an invoice; empty where it is quoted by its number, which stands in the message."""
    reference = invoice.payment_reference
    return reference if normalised(reference) == reference else ""


def complete(invoice: Invoice, data: InvoiceData, payment: PaymentPart | None) -> None:
    """Give a new invoice its QR reference. In the transaction that issues it."""
    assert payment is not None
    invoice.payment_reference = qr_reference(invoice.space_id, invoice.pk)
    payment = replace(payment, reference=invoice.payment_reference)
    invoice.data = replace(data, payment=payment).to_json()
    completed = Invoice.objects.complete(invoice)
    assert completed == 1


def slip_language(tag: str, fallback: str) -> SlipLanguage:
    """The language of a slip for a customer's language tag; the document's where the slip does not know it."""
    languages: dict[str, SlipLanguage] = {language: language for language in get_args(SlipLanguage)}
    return languages.get(tag.replace("_", "-").partition("-")[0].lower()) or languages[fallback]


def debtor_of(party: Party) -> PaymentParty | None:
    """Who pays, as a slip names them; None where that does not fit, which leaves a field to fill in by hand."""
    debtor = PaymentParty(
        name=party.company or party.name,
        street=party.street,
        postal_code=party.postal_code,
        city=party.city,
        country=party.country,
    )
    try:
        check_party(debtor)
    except PaymentError:
        return None
    return debtor


def _slip(order: Order, data: InvoiceData, language_tag: str) -> tuple[PaymentPart, str]:
    language = slip_language(language_tag, data.language)
    account = account_of(order.space)
    part = PaymentPart(
        kind="qr_bill",
        creditor=payee_of(order.space),
        debtor=debtor_of(data.billing_address),
        iban=account,
        currency=data.currency,
        amount=data.gross,
        message=slip_message(language, data.number),
        language=language,
        placement=_PLACEMENTS[order.connector.slip],
    )
    if is_qr_iban(account):
        # Checked with a reference like the one that it gets as soon as it has a primary key.
        swiss_payload(replace(part, reference=qr_reference(order.space_id, order.pk)))
        return part, ""
    reference = _creditor_reference(order.space, data.number)
    part = replace(part, reference=reference)
    swiss_payload(part)
    return part, reference or data.number


def _creditor_reference(space: Space, number: str) -> str:
    """The number as a creditor reference; empty where it does not fit into one or where another invoice has it."""
    try:
        reference = scor_reference(number)
    except DocumentError:
        return ""
    # Whoever is given a number has locked the series: nobody issues the same reference meanwhile.
    taken = Invoice.objects.in_space(space).filter(payment_reference=reference).exists()
    return "" if taken else reference


def _girocode(space: Space, number: str, currency: str, amount: Decimal) -> PaymentPart | None:
    part = PaymentPart(
        kind="girocode",
        creditor=payee_of(space),
        iban=account_of(space),
        bic=space.bic,
        currency=currency,
        amount=amount,
        # In words, as the invoice asks for it: not every bank's program takes a creditor reference.
        message=number,
    )
    try:
        epc_payload(part)
    except PaymentError as error:
        logger.info("Invoice %s of the Space %s has no GiroCode: %s", number, space.slug, error)
        return None
    return part
