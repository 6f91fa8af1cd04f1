"""A payment that covers its invoice settles it: once, with the order, its prints and its dunning case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from connectors.models import Connector, Document, Event, Invoice, InvoiceState, Payment, PaymentSource, Unmatched
from connectors.services import invoices, orders, payments
from connectors.services.payments import PaymentRefused
from printing.models import PrintJob
from spaces.models import Space
from tests.connectors.dunning_factories import overdue_invoice
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory, invoice_of, line_json, receive
from tests.connectors.payment_factories import pay, recorded, state
from tests.factories import PrinterConfigurationFactory, SpaceFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
ZERO = Decimal(0)


@pytest.fixture(autouse=True)
def _on_the_first_of_april() -> object:
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        yield


def cancel(invoice: Invoice) -> None:
    assert Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.CANCELED) == 1


def test_a_payment_over_the_whole_amount_settles_the_invoice_and_its_order(space: Space) -> None:
    invoice = overdue_invoice(space)
    payment = pay(invoice, "100.00", paid_on=date(2026, 3, 30))
    assert (state(invoice), payments.open_amount(invoice)) == (InvoiceState.PAID, ZERO)
    invoice.order.refresh_from_db()
    assert invoice.order.paid_at is not None
    assert invoice.order.paid_at.astimezone(space.zone).isoformat() == "2026-03-30T00:00:00+02:00"
    assert (payment.invoice, payment.source) == (invoice, PaymentSource.MANUAL)


def test_parts_settle_it_when_they_add_up(space: Space) -> None:
    invoice = overdue_invoice(space, "0.30")
    pay(invoice, "0.10")
    assert (state(invoice), payments.open_amount(invoice)) == (InvoiceState.OPEN, Decimal("0.20"))
    pay(invoice, "0.10")
    assert state(invoice) == InvoiceState.OPEN
    pay(invoice, "0.10")
    assert (state(invoice), payments.open_amount(invoice)) == (InvoiceState.PAID, ZERO)


def test_what_goes_beyond_is_an_overpayment(space: Space) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "70.00")
    pay(invoice, "70.00")
    account = payments.account_of(invoice)
    assert (state(invoice), account.paid, account.open, account.overpaid) == (
        InvoiceState.PAID,
        Decimal(140),
        ZERO,
        Decimal(40),
    )


def test_lists_know_what_is_open_without_asking_per_invoice(space: Space, django_assert_num_queries: object) -> None:
    untouched, part, whole, over = (overdue_invoice(space, "0.30") for _number in range(4))
    for invoice, amounts in ((part, ("0.10", "0.10")), (whole, ("0.10", "0.20")), (over, ("0.10", "0.10", "0.20"))):
        for amount in amounts:
            payment = pay(invoice, amount)
    payments.reverse(payment, paid_on=TODAY)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = {row.pk: row.open_amount for row in Invoice.objects.in_space(space).with_open_amount()}
    assert found == {
        untouched.pk: Decimal("0.30"),
        part.pk: Decimal("0.10"),
        whole.pk: 0,
        over.pk: Decimal("0.10"),
    }
    still_open = Invoice.objects.in_space(space).with_open_amount().filter(open_amount__gt=0)
    assert {row.pk for row in still_open} == {untouched.pk, part.pk, over.pk}


def test_what_prints_when_an_order_is_paid_prints_once(space: Space) -> None:
    connector = _prints_when_paid(space)
    invoice = invoice_of(receive(space, connector=connector))
    payment = pay(invoice, invoice.gross)
    assert PrintJob.objects.count() == 1
    assert not orders.mark_paid(invoice.order)
    payments.reverse(payment, paid_on=TODAY)
    assert orders.mark_paid(invoice.order)
    assert PrintJob.objects.count() == 1


def test_a_part_prints_nothing_yet(space: Space) -> None:
    invoice = invoice_of(receive(space, connector=_prints_when_paid(space)))
    pay(invoice, "0.01")
    assert PrintJob.objects.count() == 0


def _prints_when_paid(space: Space) -> Connector:
    PrinterConfigurationFactory(space=space, is_default=True)
    connector: Connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector, event=Event.PAID, document=Document.PACKING_SLIP)
    return connector


def test_an_order_marked_as_paid_leaves_a_payment_of_what_was_open(space: Space) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "30.00")
    assert orders.mark_paid(invoice.order)
    assert (state(invoice), payments.open_amount(invoice)) == (InvoiceState.PAID, ZERO)
    rest = Payment.objects.get(source=PaymentSource.ORDER)
    assert (rest.amount, rest.paid_on, rest.invoice) == (Decimal(70), TODAY, invoice)


def test_an_order_that_came_paid_has_its_payment(space: Space) -> None:
    order = receive(space, paid_at="2026-01-31T23:30:00Z")
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.source) == (invoice_of(order), order.gross, PaymentSource.ORDER)
    assert payment.paid_on == date(2026, 2, 1)  # in Berlin
    assert payments.open_amount(invoice_of(order)) == 0


def test_an_invoice_over_nothing_has_no_payment(space: Space) -> None:
    order = receive(space, lines=[line_json(unit_price="0.00")], paid_at="2026-01-31T10:00:00Z")
    assert invoice_of(order).state == InvoiceState.NOT_APPLICABLE
    assert not Payment.objects.exists()


def test_money_may_come_for_what_was_written_off(space: Space) -> None:
    invoice = overdue_invoice(space)
    Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.DERECOGNIZED)
    pay(invoice, "40.00")
    assert state(invoice) == InvoiceState.DERECOGNIZED
    pay(invoice, "60.00")
    assert state(invoice) == InvoiceState.PAID


def test_money_for_a_canceled_invoice_waits_to_be_assigned(space: Space) -> None:
    invoice = overdue_invoice(space)
    cancel(invoice)
    payment = pay(invoice, "100.00")
    assert (payment.invoice, payment.unmatched) == (None, Unmatched.INVOICE_CANCELED)
    assert payment.unmatched_sentence == f"The invoice {invoice.number} is canceled."
    assert state(invoice) == InvoiceState.CANCELED


def test_the_same_payment_again_is_the_first_one(space: Space) -> None:
    invoice = overdue_invoice(space)
    first, created = recorded(space, "40.00", invoice=invoice, external_id="bank-1")
    again, created_again = recorded(space, "99.00", invoice=invoice, external_id="bank-1")
    assert (created, created_again, again.pk, again.amount) == (True, False, first.pk, Decimal(40))
    assert payments.open_amount(invoice) == 60


def test_two_spaces_may_count_alike(space: Space) -> None:
    recorded(space, "40.00", external_id="1")
    assert recorded(SpaceFactory(), "50.00", external_id="1")[1]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"amount": "0"}, "amount", "The amount of a payment must be more than zero."),
        ({"amount": "-1"}, "amount", "The amount of a payment must be more than zero."),
        ({"amount": "NaN"}, "amount", "The amount of a payment must be more than zero."),
        ({"amount": "1.005"}, "amount", "1.005 is not an amount in EUR: its smallest unit is 0.01."),
        ({"amount": "10000000000"}, "amount", "The amount must be less than 10,000,000,000."),
        ({"currency": "EURO"}, "currency", "“EURO” is not a currency code; use three letters as in EUR or CHF."),
        ({"currency": "CHF"}, "currency", "The invoice {number} is in EUR, the payment in CHF."),
        ({"paid_on": date(2026, 4, 3)}, "paid_on", "The day lies in the future."),
        ({"paid_on": date(1999, 12, 31)}, "paid_on", "The day must not be before 1 January 2000."),
        ({"note": "x" * 301}, "note", "At most 300 characters are possible, these are 301."),
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence(
    space: Space, changes: dict[str, object], field: str, sentence: str
) -> None:
    invoice = overdue_invoice(space)
    given = {"amount": "10.00", "invoice": invoice, **changes}
    with pytest.raises(PaymentRefused) as refused:
        recorded(space, str(given.pop("amount")), **given)
    assert refused.value.problems == {field: sentence.format(number=invoice.number)}
    assert not Payment.objects.exists()


def test_a_payment_taken_back_opens_its_invoice_again(space: Space) -> None:
    invoice = overdue_invoice(space)
    invoices.mark_overdue()
    payment = pay(invoice, "100.00")
    reversal = payments.reverse(payment, paid_on=TODAY, note="Rücklastschrift")
    assert (state(invoice), payments.open_amount(invoice)) == (InvoiceState.OVERDUE, Decimal(100))
    invoice.order.refresh_from_db()
    assert invoice.order.paid_at is None
    assert (reversal.reverses, reversal.invoice, reversal.counted) == (payment, invoice, Decimal(-100))


def test_an_invoice_that_is_not_due_is_open_again(space: Space) -> None:
    invoice = invoice_of(receive(space))
    payments.reverse(pay(invoice, invoice.gross), paid_on=TODAY)
    assert state(invoice) == InvoiceState.OPEN


def test_an_invoice_covered_by_the_rest_stays_paid(space: Space) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "100.00")
    payments.reverse(pay(invoice, "5.00"), paid_on=TODAY)
    assert state(invoice) == InvoiceState.PAID


def test_a_payment_is_taken_back_once(space: Space) -> None:
    payment = pay(overdue_invoice(space), "100.00")
    reversal = payments.reverse(payment, paid_on=TODAY)
    for row in (payment, reversal):
        with pytest.raises(PaymentRefused, match="This payment was taken back already"):
            payments.reverse(row, paid_on=TODAY)


def test_a_payment_that_waits_is_assigned_once(space: Space) -> None:
    invoice, other = overdue_invoice(space), overdue_invoice(space)
    payment, _created = recorded(space, "100.00", reference="Danke")
    payments.assign(payment, invoice)
    assert (payment.invoice, payment.unmatched, state(invoice)) == (invoice, "", InvoiceState.PAID)
    with pytest.raises(PaymentRefused, match="This payment is assigned already, or was taken back"):
        payments.assign(payment, other)


def test_a_payment_is_not_assigned_to_what_it_cannot_be_for(space: Space) -> None:
    canceled = overdue_invoice(space)
    cancel(canceled)
    payment, _created = recorded(space, "100.00")
    with pytest.raises(PaymentRefused, match=f"The invoice {canceled.number} is canceled"):
        payments.assign(payment, canceled)
    swiss, _created = recorded(space, "100.00", currency="CHF")
    with pytest.raises(PaymentRefused, match="is in EUR, the payment in CHF"):
        payments.assign(swiss, overdue_invoice(space))
    taken_back, _created = recorded(space, "5.00")
    payments.reverse(taken_back, paid_on=TODAY)
    with pytest.raises(PaymentRefused, match="or was taken back"):
        payments.assign(taken_back, overdue_invoice(space))
    assert not Payment.objects.exclude(invoice=None).exists()
