"""The main job: an order comes in, and its invoice and packing slip are queued for a printer (S1, S9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from connectors.documents.data import InvoiceData, Party
from connectors.models import Connector, Document, Event, Invoice, InvoiceState, Order, PackingSlip, PrintRule
from connectors.services import orders
from printing import kinds
from printing.models import PrinterConfiguration, PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.connectors.factories import (
    ConnectorFactory,
    PrintRuleFactory,
    customer_json,
    invoice_of,
    line_json,
    order_input,
    receive,
)
from tests.factories import PrinterConfigurationFactory, SpaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def printer(space: Space) -> PrinterConfiguration:
    return PrinterConfigurationFactory(space=space, is_default=True)


def test_the_order_keeps_what_came_in(space: Space) -> None:
    order = receive(
        space,
        number="4711",
        shipping={"amount": "4.90", "tax_rate": 19},
        discount={"percent": 10},
        delivery_address={"name": "Lager", "city": "Musterstadt", "country": "AT"},
        note="Danke!",
        lines=[line_json(), line_json(quantity="1.5", unit_price="3.3333", tax_rate="7", sku="S-1", unit="m")],
    )
    order.refresh_from_db()
    assert (order.number, order.currency, order.note, str(order.customer)) == ("4711", "EUR", "Danke!", "Beispiel AG")
    assert order.delivery_party == Party(name="Lager", city="Musterstadt", country="AT")
    assert order.billing_party.street == "Musterweg 3"
    assert [(line.position, line.amount) for line in order.lines.all()] == [(1, Decimal(20)), (2, Decimal(5))]
    # 25 less 10 % is 22.50; 18 + 4.90 at 19 %, 4.50 at 7 %: 4.35 and 0.32.
    assert (order.discount, order.net, order.tax) == (Decimal("2.5"), Decimal("27.4"), Decimal("4.67"))
    assert order.gross == Decimal("32.07")


def test_it_becomes_an_invoice_that_is_open_until_its_term_ends(space: Space) -> None:
    with time_machine.travel("2026-03-31T22:30:00Z", tick=False):  # the first of April in Berlin
        order = receive(space)
    invoice = invoice_of(order)
    assert (invoice.number, invoice.state, invoice.recipient) == ("2026-0001", InvoiceState.OPEN, "Beispiel AG")
    assert (invoice.issued_on, invoice.due_on, invoice.gross) == (date(2026, 4, 1), date(2026, 4, 15), Decimal("23.8"))
    assert PackingSlip.objects.get(order=order).number == "L2026-0001"


def test_the_invoice_copies_all_that_is_printed(space: Space) -> None:
    invoice = invoice_of(receive(space, number="4711", customer=customer_json(language="de-AT", number="K-7")))
    copy = invoice.copy
    assert (copy.number, copy.order_number, copy.customer_number, copy.language) == (
        invoice.number,
        "4711",
        "K-7",
        "de",
    )
    assert (copy.sender.company, copy.payment_days, copy.due_date) == (space.company, 14, invoice.due_on)
    assert (copy.net, copy.tax, copy.gross) == (Decimal(20), Decimal("3.8"), Decimal("23.8"))
    assert InvoiceData.from_json(copy.to_json()) == copy


def test_an_order_that_comes_paid_has_a_paid_invoice(space: Space) -> None:
    invoice = invoice_of(receive(space, paid_at="2026-01-31T10:05:00Z"))
    assert (invoice.state, invoice.due_on, invoice.copy.paid) == (InvoiceState.PAID, None, True)


def test_an_order_for_nothing_has_nothing_to_pay(space: Space) -> None:
    order = receive(space, lines=[line_json(unit_price=0)])
    assert invoice_of(order).state == InvoiceState.NOT_APPLICABLE


def test_both_documents_are_queued_for_the_default_printer(space: Space, printer: PrinterConfiguration) -> None:
    order = receive(space, number="4711")
    jobs = list(PrintJob.objects.order_by("pk"))
    assert [job.title for job in jobs] == ["Invoice 2026-0001", "Packing slip L2026-0001"]
    assert {(job.order_number, job.configuration, job.state) for job in jobs} == {("4711", printer, JobState.PENDING)}
    assert jobs[0].source_id == invoice_of(order).pk


@pytest.mark.parametrize("document", [Document.INVOICE, Document.PACKING_SLIP])
def test_printing_makes_a_pdf_of_the_copy(space: Space, printer: PrinterConfiguration, document: Document) -> None:
    receive(space)
    job = PrintJob.objects.get(document_kind=document)
    kind = kinds.get(job.document_kind)
    assert kind is not None
    assert kind.render is not None
    assert job.source_id is not None
    assert kind.render(job.source_id).startswith(b"%PDF-")


def test_a_document_that_is_gone_and_one_that_cannot_be_read_are_told_apart(space: Space) -> None:
    invoice = invoice_of(receive(space))
    kind = kinds.get("invoice")
    assert kind is not None
    assert kind.render is not None
    with pytest.raises(kinds.SourceGone):
        kind.render(invoice.pk + 1)
    Invoice._base_manager.filter(pk=invoice.pk).update(data={"kind": "invoice", "version": 99})
    with pytest.raises(kinds.RenderingFailed, match="version 99"):
        kind.render(invoice.pk)


def test_without_a_default_printer_the_jobs_have_failed_and_the_order_stands(space: Space) -> None:
    order = receive(space)
    assert invoice_of(order)
    assert {job.state for job in PrintJob.objects.all()} == {JobState.FAILED}


def test_a_space_that_does_not_print_has_orders_without_jobs() -> None:
    assert invoice_of(receive(SpaceFactory()))
    assert not PrintJob.objects.exists()


def test_rules_say_which_document_prints_when_where_and_how_often(space: Space, printer: PrinterConfiguration) -> None:
    other = PrinterConfigurationFactory(space=space)
    connector = ConnectorFactory(space=space)
    PrintRuleFactory(
        connector=connector, event=Event.PAID, document=Document.PACKING_SLIP, configuration=other, copies=2
    )
    PrintRuleFactory(connector=connector, event=Event.SHIPPED)
    order = receive(space, connector=connector)
    assert not PrintJob.objects.exists()
    assert orders.mark_paid(order)
    job = PrintJob.objects.get()
    assert (job.document_kind, job.configuration, job.copies) == ("packing_slip", other, 2)
    assert orders.mark_shipped(order)
    assert PrintJob.objects.get(document_kind="invoice").configuration == printer


def test_an_order_that_comes_paid_and_shipped_prints_what_those_events_print(space: Space) -> None:
    connector = ConnectorFactory(space=space)
    for event in (Event.SHIPPED, Event.PAID, Event.RECEIVED):
        PrintRuleFactory(connector=connector, event=event)
    moment = "2026-01-31T10:05:00Z"
    receive(space, connector=connector, paid_at=moment, shipped_at=moment)
    keys = [str(job.event_key).split(":")[2] for job in PrintJob.objects.order_by("pk")]
    assert keys == ["received", "paid", "shipped"]


def test_paid_and_shipped_happen_once(space: Space) -> None:
    connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector, event=Event.PAID)
    order = receive(space, connector=connector)
    as_another_process_sees_it = Order.objects.get(pk=order.pk)
    assert orders.mark_paid(order)
    paid_at = Order.objects.get(pk=order.pk).paid_at
    assert not orders.mark_paid(as_another_process_sees_it)
    assert Order.objects.get(pk=order.pk).paid_at == paid_at
    assert invoice_of(order).state == InvoiceState.PAID
    assert PrintJob.objects.count() == 1


def test_the_first_order_makes_a_connector_that_prints_both_on_receipt_and_credit_notes(space: Space) -> None:
    receive(space)
    connector = Connector.objects.get(space=space)
    assert (connector.key, connector.prices_include_tax, connector.payment_days) == ("default", True, 14)
    rules = PrintRule.objects.filter(connector=connector, configuration=None)
    assert {(rule.event, rule.document) for rule in rules} == {
        ("received", "invoice"),
        ("received", "packing_slip"),
        ("credit_note_issued", "credit_note"),
    }


def test_prices_include_tax_as_the_connector_says_unless_the_order_does(space: Space) -> None:
    connector = ConnectorFactory(space=space, prices_include_tax=True)
    assert receive(space, connector=connector, prices_include_tax=None).gross == 20
    assert receive(space, connector=connector, prices_include_tax=False).gross == Decimal("23.8")


def test_a_customer_is_known_again_and_a_guest_is_not(space: Space) -> None:
    first = receive(space)
    second = receive(space, customer=customer_json(street="Neue Straße 9", language="fr"))
    assert first.customer_id == second.customer_id
    assert (second.customer.street, second.customer.language) == ("Neue Straße 9", "en")
    first.refresh_from_db()
    assert first.billing_party.street == "Musterweg 3"
    guests = {receive(space, customer=customer_json(external_id="")).customer_id for _guest in range(2)}
    assert len(guests) == 2


def test_the_same_customer_of_another_space_is_somebody_else(space: Space) -> None:
    assert receive(space).customer_id != receive(SpaceFactory()).customer_id


def test_an_invoice_speaks_the_language_of_the_space_when_the_customer_has_none() -> None:
    space = SpaceFactory(language="de")
    assert invoice_of(receive(space)).copy.language == "de"
    assert invoice_of(receive(space, customer=customer_json(language="it"))).copy.language == "en"


def test_the_longest_external_id_is_cut_to_an_order_number(space: Space) -> None:
    order, _created = orders.receive(space, order_input(external_id="x" * 100, number=""))
    assert order.number == "x" * 64
