"""An invoice is canceled by a credit note, once, and what has not left of it does not leave any more."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import printing_bridge
from connectors.models import (
    CaseState,
    CreditNote,
    Document,
    DunningNotice,
    Event,
    Invoice,
    InvoiceState,
    IssuedForGood,
    MailRule,
    MailState,
    Order,
    OutgoingMail,
    Payment,
)
from connectors.services import invoices, orders
from connectors.services.invoices import InvoiceRefused
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.connectors.dunning.steps import run
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice
from tests.connectors.factories import (
    ConnectorFactory,
    PrintRuleFactory,
    customer_json,
    invoice_of,
    receive,
)
from tests.connectors.payment_factories import pay, state
from tests.factories import FeatureFactory, PrinterConfigurationFactory
from tests.processes import Gate, finish, start

CANCEL = """
from connectors.models import Invoice
from connectors.services import invoices
try:
    print(invoices.cancel(Invoice.objects.get(pk={pk})).number)
except invoices.InvoiceRefused:
    print('refused')
"""
PAY = """
from datetime import date
from decimal import Decimal
from connectors.models import Invoice
from connectors.services import payments
invoice = Invoice.objects.get(pk={pk})
payment, _new = payments.record(invoice.space, amount=invoice.gross, currency='EUR', paid_on=date(2026, 1, 2),
                                source='manual', invoice=invoice)
print(payment.unmatched)
"""
SHIP = """
from connectors.models import Order
from connectors.services import orders
print(orders.mark_shipped(Order.objects.get(pk={pk})))
"""


def print_rules(space: Space, *events: Event) -> Any:
    """A connector that prints invoices on these events, and credit notes."""
    connector = ConnectorFactory(space=space)
    for event in events:
        PrintRuleFactory(connector=connector, event=event)
    PrintRuleFactory(connector=connector, event=Event.CREDIT_NOTE_ISSUED, document=Document.CREDIT_NOTE)
    return connector


def jobs(document: Invoice | CreditNote) -> list[PrintJob]:
    return printing_bridge.jobs_of([document])[printing_bridge.job_key(document)]


@pytest.mark.django_db
def test_it_takes_back_all_of_the_invoice_and_prints(space: Space, owner: Any) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    invoice = invoice_of(receive(space, connector=print_rules(space)))
    note = invoices.cancel(invoice, owner, reason="Wrong address")
    assert state(invoice) == InvoiceState.CANCELED
    assert (note.invoice, note.order, note.created_by) == (invoice, invoice.order, owner)
    assert (note.net, note.tax, note.gross) == (invoice.net, invoice.tax, invoice.gross)
    assert note.number.startswith("S20")
    assert (note.copy.invoice.number, note.copy.reason) == (invoice.number, "Wrong address")
    [job] = jobs(note)
    assert (job.state, job.title) == (JobState.PENDING, f"Credit note {note.number}")


@pytest.mark.django_db
def test_it_carries_no_payment_slip_and_no_code(space: Space) -> None:
    Space.objects.filter(pk=space.pk).update(iban="DE89370400440532013000", company="Alpenblick GmbH")
    invoice = invoice_of(receive(Space.objects.get(pk=space.pk)))
    assert invoice.copy.payment is not None
    assert invoices.cancel(invoice).copy.invoice.payment is None


@pytest.mark.django_db
@pytest.mark.parametrize("paid", [True, False])
def test_a_second_cancellation_is_refused_and_leaves_nothing(space: Space, paid: bool) -> None:
    invoice = invoice_of(receive(space))
    if paid:
        orders.mark_paid(invoice.order)
    invoices.cancel(invoice)
    before = PrintJob.objects.count()
    with pytest.raises(InvoiceRefused, match=f"{invoice.number} is in the state “Canceled”"):
        invoices.cancel(invoice)
    assert (CreditNote.objects.count(), PrintJob.objects.count()) == (1, before)


@pytest.mark.django_db
def test_what_was_written_off_is_not_canceled(space: Space) -> None:
    invoice = invoice_of(receive(space))
    Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.DERECOGNIZED)
    with pytest.raises(InvoiceRefused, match="Derecognized"):
        invoices.cancel(invoice)
    assert not CreditNote.objects.exists()


@pytest.mark.django_db
def test_what_waits_is_withdrawn_and_what_has_left_is_counted(space: Space) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    connector = print_rules(space, Event.RECEIVED, Event.INVOICE_ISSUED)
    MailRule.objects.create(connector=connector, event=Event.RECEIVED, document=Document.INVOICE)
    invoice = invoice_of(receive(space, connector=connector, customer=customer_json(email="kundin@example.com")))
    out, _waiting = jobs(invoice)
    PrintJob.objects.filter(pk=out.pk).change_state(JobState.SUCCESSFUL)
    note = invoices.cancel(invoice)
    assert (note.withdrawn_count, note.left_count) == (2, 1)
    assert [job.state for job in jobs(invoice)] == [JobState.SUCCESSFUL, JobState.CANCELED]
    assert OutgoingMail.objects.get().state == MailState.CANCELED
    assert [job.state for job in jobs(note)] == [JobState.PENDING]


@pytest.mark.django_db
def test_a_canceled_invoice_is_not_printed_by_what_happens_later(space: Space) -> None:
    order = receive(space, connector=print_rules(space, Event.PAID, Event.SHIPPED))
    invoices.cancel(invoice_of(order))
    assert orders.mark_paid(order)
    assert orders.mark_shipped(order)
    assert [job.document_kind for job in PrintJob.objects.all()] == ["credit_note"]
    assert invoice_of(order).state == InvoiceState.CANCELED


@pytest.mark.django_db
def test_dunning_ends_and_its_waiting_letter_is_withdrawn(space: Space) -> None:
    FeatureFactory(space=space, name="dunning")
    Space.objects.filter(pk=space.pk).update(language="de")
    space.refresh_from_db()
    PrinterConfigurationFactory(space=space, is_default=True)
    DunningFlowFactory(space=space, levels=2)
    invoice = overdue_invoice(space)
    run(space, DUE + timedelta(days=10))
    notice = DunningNotice.objects.get()
    invoices.cancel(invoice)
    notice.case.refresh_from_db()
    assert notice.case.state == CaseState.CANCELED
    assert PrintJob.objects.get(document_kind="dunning_notice").state == JobState.CANCELED


@pytest.mark.django_db
def test_a_credit_note_is_frozen(space: Space) -> None:
    note = invoices.cancel(invoice_of(receive(space)))
    note.gross = Decimal(1)
    with pytest.raises(IssuedForGood):
        note.save()
    with pytest.raises(IssuedForGood):
        note.delete()


@pytest.mark.django_db
def test_a_payment_that_comes_afterwards_waits_to_be_assigned(space: Space) -> None:
    invoice = invoice_of(receive(space))
    invoices.cancel(invoice)
    payment = pay(invoice, invoice.gross)
    assert (payment.invoice, payment.unmatched) == (None, "invoice_canceled")


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_of_those_who_cancel_at_once_one_does(space: Space, tmp_path: Path) -> None:
    invoice = invoice_of(receive(space))
    gate = Gate(tmp_path)
    processes = [start(gate.code(number) + CANCEL.format(pk=invoice.pk)) for number in range(3)]
    gate.open(3)
    said = [text.strip() for text in finish(*processes)]
    assert said.count("refused") == 2
    assert CreditNote.objects.count() == 1


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_payment_in_the_same_moment_comes_before_or_after_never_between(space: Space, tmp_path: Path) -> None:
    invoice = invoice_of(receive(space))
    gate = Gate(tmp_path)
    cancel = start(gate.code(0) + CANCEL.format(pk=invoice.pk))
    payment = start(gate.code(1) + PAY.format(pk=invoice.pk))
    gate.open(2)
    canceled, unmatched = (text.strip() for text in finish(cancel, payment))
    assert canceled == CreditNote.objects.get().number
    assert state(invoice) == InvoiceState.CANCELED
    assert (Payment.objects.get().invoice is None) == (unmatched == "invoice_canceled")


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_an_event_in_the_same_moment_prints_no_canceled_invoice(space: Space, tmp_path: Path) -> None:
    order: Order = receive(space, connector=print_rules(space, Event.SHIPPED))
    invoice = invoice_of(order)
    gate = Gate(tmp_path)
    processes = [start(gate.code(0) + CANCEL.format(pk=invoice.pk)), start(gate.code(1) + SHIP.format(pk=order.pk))]
    gate.open(2)
    finish(*processes)
    assert {job.state for job in jobs(invoice)} <= {JobState.CANCELED, JobState.FAILED}
    assert not PrintJob.objects.filter(document_kind="invoice", state=JobState.PENDING).exists()
