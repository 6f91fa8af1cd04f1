"""A corrected invoice replaces the canceled one: a number of its own, what is right, printed and paid as before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connectors import corrections, printing_bridge
from connectors.corrections import Correction, LineCorrection
from connectors.documents.data import InvoiceData
from connectors.models import (
    CreditNote,
    Document,
    Event,
    Invoice,
    InvoiceState,
    MailRule,
    Order,
    OutgoingMail,
    PackingSlip,
    Payment,
    PrintRule,
)
from connectors.money import MoneyError
from connectors.services import invoices, orders
from connectors.services.invoices import InvoiceRefused
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.connectors.factories import (
    ConnectorFactory,
    PrintRuleFactory,
    customer_json,
    invoice_of,
    line_json,
    receive,
    swiss,
    swiss_invoice,
)
from tests.connectors.payment_factories import pay, state
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db


def moved(order: Order, **changes: Any) -> Correction:
    """The customer lives elsewhere."""
    party = replace(order.billing_party, street="Neue Straße 9", **changes)
    return replace(corrections.unchanged(order), billing_address=party)


def with_lines(order: Order, *lines: tuple[str, str, str]) -> Correction:
    right = tuple(LineCorrection(text, Decimal(1), Decimal(price), Decimal(rate)) for text, price, rate in lines)
    return replace(corrections.unchanged(order), lines=right)


def jobs(document: Any) -> list[PrintJob]:
    return printing_bridge.jobs_of([document])[printing_bridge.job_key(document)]


def test_the_corrected_invoice_has_a_number_of_its_own_and_names_the_canceled_one(space: Space) -> None:
    order = receive(space)
    first = invoice_of(order)
    second = invoices.issue_again(first, moved(order))
    assert (state(first), second.state) == (InvoiceState.CANCELED, InvoiceState.OPEN)
    assert first.credit_note.gross == second.gross == first.gross
    assert second.number != first.number
    assert (second.copy.replaces, second.copy.replaces_date) == (first.number, first.issued_on)
    assert (first.copy.billing_address.street, second.copy.billing_address.street) == ("Musterweg 3", "Neue Straße 9")
    order.refresh_from_db()
    assert order.billing_party.street == "Neue Straße 9"
    assert PackingSlip.objects.count() == 1


def test_it_says_the_same_as_the_first_where_nothing_was_corrected(space: Space) -> None:
    lines = [
        line_json(discount={"percent": 10}),
        line_json(unit_price="3.3333", tax_rate=7, discount={"amount": "0.50"}),
    ]
    order = receive(space, lines=lines, discount={"amount": "1.00"}, shipping={"amount": "4.90", "tax_rate": 19})
    first = invoice_of(order)
    second = invoices.issue_again(first, corrections.unchanged(order))
    assert (second.net, second.tax, second.gross) == (first.net, first.tax, first.gross)
    own = {"number": first.number, "replaces": "", "replaces_date": None, "payment": first.data["payment"]}
    assert InvoiceData.from_json(second.data | own) == first.copy


def test_it_prints_and_is_e_mailed_by_the_rules_the_first_was_and_once(space: Space) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    connector = ConnectorFactory(space=space)
    for event in (Event.RECEIVED, Event.SHIPPED, Event.PAID):
        PrintRuleFactory(connector=connector, event=event)
    PrintRuleFactory(connector=connector, document=Document.PACKING_SLIP)
    MailRule.objects.create(connector=connector, event=Event.INVOICE_ISSUED, document=Document.INVOICE)
    order = receive(space, connector=connector, customer=customer_json(email="alt@example.com"))
    orders.mark_shipped(order)
    order.refresh_from_db()
    second = invoices.issue_again(invoice_of(order), moved(order, email="neu@example.com"))
    assert [(job.state, str(job.event_key).split(":")[2]) for job in jobs(second)] == [
        (JobState.PENDING, "received"),
        (JobState.PENDING, "shipped"),
    ]
    assert PrintJob.objects.filter(document_kind="packing_slip").count() == 1
    assert OutgoingMail.objects.get(source_id=second.pk).recipient == "neu@example.com"
    before = PrintJob.objects.count()
    printing_bridge.print_documents(order, Event.RECEIVED, Event.SHIPPED)
    assert PrintJob.objects.count() == before


def test_corrected_lines_change_the_amounts_of_invoice_and_order(space: Space) -> None:
    order = receive(space, lines=[line_json(unit_price="10", quantity=3), line_json()])
    second = invoices.issue_again(
        invoice_of(order), with_lines(order, ("Lampe, blau", "100", "7"), ("Kabel", "10", "19"))
    )
    assert (second.net, second.tax, second.gross) == (Decimal(110), Decimal("8.90"), Decimal("118.90"))
    assert [line.description for line in second.copy.lines] == ["Lampe, blau", "Kabel"]
    order.refresh_from_db()
    assert (order.gross, order.lines.get(position=1).amount) == (Decimal("118.90"), Decimal(100))


def test_lines_that_do_not_add_up_change_nothing(space: Space) -> None:
    order = receive(space, lines=[line_json()], discount={"amount": "19.00"})
    with pytest.raises(MoneyError, match="discount"):
        invoices.issue_again(invoice_of(order), with_lines(order, ("Lampe", "1", "19")))
    assert invoice_of(order).state == InvoiceState.OPEN
    assert not CreditNote.objects.exists()
    assert order.lines.get().description == "Tischlampe"


def test_a_paid_invoice_stays_paid_by_the_same_payment(space: Space) -> None:
    order = receive(space)
    first = invoice_of(order)
    payment = pay(first, first.gross)
    order.refresh_from_db()
    second = invoices.issue_again(first, moved(order))
    assert (second.state, second.copy.paid) == (InvoiceState.PAID, True)
    payment.refresh_from_db()
    assert (payment.invoice, Payment.objects.count()) == (second, 1)


def test_the_lines_of_a_paid_invoice_are_not_corrected(space: Space) -> None:
    order = receive(space)
    orders.mark_paid(order)
    with pytest.raises(InvoiceRefused, match="the lines cannot"):
        invoices.issue_again(invoice_of(order), with_lines(order, ("Lampe", "1", "19")))
    assert invoice_of(order).state == InvoiceState.PAID


def test_what_was_paid_in_part_may_cover_the_corrected_invoice(space: Space) -> None:
    order = receive(space)
    first = invoice_of(order)
    pay(first, "11.90")
    second = invoices.issue_again(first, with_lines(order, ("Tischlampe", "10", "19")))
    assert state(second) == InvoiceState.PAID
    order.refresh_from_db()
    assert order.paid_at is not None


def test_an_invoice_that_was_canceled_before_is_issued_again_once(space: Space) -> None:
    order = receive(space)
    first = invoice_of(order)
    note = invoices.cancel(first)
    second = invoices.issue_again(first, moved(order))
    with pytest.raises(InvoiceRefused, match=f"the invoice {second.number} already"):
        invoices.issue_again(first, moved(order))
    assert (list(CreditNote.objects.all()), Invoice.objects.count()) == ([note], 2)


def test_it_can_be_corrected_again(space: Space) -> None:
    order = receive(space)
    second = invoices.issue_again(invoice_of(order), moved(order))
    order.refresh_from_db()
    third = invoices.issue_again(second, corrections.unchanged(order))
    assert third.copy.replaces == second.number
    assert [invoice.state for invoice in Invoice.objects.order_by("pk")] == ["canceled", "canceled", "open"]


def test_a_slip_keeps_the_customers_language(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space), customer={"language": "fr"})
    again = invoices.issue_again(invoice, corrections.unchanged(invoice.order))
    assert (again.copy.payment.language, again.copy.language) == ("fr", "en")  # type: ignore[union-attr]
    assert again.payment_reference != invoice.payment_reference


def test_the_default_connector_prints_credit_note_and_corrected_invoice(space: Space) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    order = receive(space)
    assert PrintRule.objects.count() == 3
    second = invoices.issue_again(invoice_of(order), moved(order))
    waiting = PrintJob.objects.filter(state=JobState.PENDING).order_by("pk").values_list("document_kind", "source_id")
    assert list(waiting) == [
        ("packing_slip", PackingSlip.objects.get().pk),
        ("credit_note", CreditNote.objects.get().pk),
        ("invoice", second.pk),
    ]
