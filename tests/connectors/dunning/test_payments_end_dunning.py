"""Whoever has paid is not dunned: what waits is withdrawn, what has left is named, and parts make the claim smaller."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from connectors.models import CaseState, DunningCase, DunningNotice, Invoice, InvoiceState
from connectors.sentences import what_happened
from connectors.services import dunning, payments
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.connectors.dunning.steps import accepted, noon, run
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, DunningLevelFactory, overdue_invoice
from tests.connectors.payment_factories import pay, recorded, state

pytestmark = pytest.mark.django_db
FIRST = DUE + timedelta(days=7)
PAID_ON = FIRST + timedelta(days=1)


@pytest.fixture
def invoice(dunning_space: Space) -> Invoice:
    DunningFlowFactory(space=dunning_space, levels=2)
    return overdue_invoice(dunning_space)


def pay_at_noon(invoice: Invoice, amount: str, day: date = PAID_ON) -> None:
    with time_machine.travel(noon(day), tick=False):
        pay(invoice, amount)


def history(invoice: Invoice) -> list[str]:
    return [what_happened(event) for event in DunningCase.objects.get(invoice=invoice).events.all()]


def test_a_letter_that_waits_is_withdrawn(dunning_space: Space, invoice: Invoice) -> None:
    run(dunning_space, FIRST)
    pay_at_noon(invoice, "100.00")
    notice = DunningNotice.objects.get()
    assert PrintJob.objects.get(source_id=notice.pk, document_kind="dunning_notice").state == JobState.CANCELED
    assert notice.withdrawn_at is not None
    assert DunningCase.objects.get().state == CaseState.SUCCEEDED
    assert history(invoice)[-2:] == ["The invoice is paid.", f"Notice {notice.number} was withdrawn before it left."]


def test_a_letter_that_has_left_is_named(dunning_space: Space, invoice: Invoice) -> None:
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    pay_at_noon(invoice, "100.00")
    notice = DunningNotice.objects.get()
    assert notice.withdrawn_at is None
    assert history(invoice)[-2:] == ["The invoice is paid.", f"Notice {notice.number} had left already."]


def test_a_part_lets_dunning_go_on_over_the_rest(dunning_space: Space, invoice: Invoice) -> None:
    pay_at_noon(invoice, "60.00", DUE)
    (item,) = dunning.propose(dunning_space, FIRST).items
    assert item.charges.principal == Decimal("40.00")


def test_a_payment_taken_back_is_dunned_again(dunning_space: Space, invoice: Invoice) -> None:
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    pay_at_noon(invoice, "100.00")
    assert not dunning.propose(dunning_space, FIRST + timedelta(days=30)).items
    with time_machine.travel(noon(PAID_ON + timedelta(days=5)), tick=False):
        payments.reverse(invoice.payments.get(), paid_on=PAID_ON + timedelta(days=5), note="Rücklastschrift")
    assert (state(invoice), DunningCase.objects.get().state) == (InvoiceState.OVERDUE, CaseState.RUNNING)
    (item,) = dunning.propose(dunning_space, FIRST + timedelta(days=30)).items
    assert (item.level.position, item.charges.principal) == (2, Decimal("100.00"))


def test_the_surplus_counts_for_the_charges_first(dunning_space: Space) -> None:
    DunningLevelFactory(flow=DunningFlowFactory(space=dunning_space), fee="5")
    invoice = overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    pay_at_noon(invoice, "103.00")
    account = payments.account_of(invoice)
    assert (account.open, account.charges_open, account.overpaid) == (Decimal(0), Decimal(2), Decimal(0))
    pay_at_noon(invoice, "3.00")
    account = payments.account_of(invoice)
    assert (account.charges_open, account.overpaid) == (Decimal(0), Decimal(1))


def test_who_names_the_notice_pays_its_invoice(dunning_space: Space, invoice: Invoice) -> None:
    run(dunning_space, FIRST)
    number = DunningNotice.objects.get().number
    payment, _created = recorded(dunning_space, "100.00", reference=f"Mahnung {number}", paid_on=PAID_ON)
    assert (payment.invoice, state(invoice)) == (invoice, InvoiceState.PAID)
