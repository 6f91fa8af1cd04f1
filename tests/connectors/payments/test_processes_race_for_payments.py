"""Real processes record payments at the same moment: each once, and the invoice is settled once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.models import Document, DunningNotice, Event, InvoiceState, Payment
from connectors.services import payments
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import FeatureName, Space
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory
from tests.connectors.payment_factories import state
from tests.factories import PrinterConfigurationFactory, SpaceFactory
from tests.processes import Gate, finish, start

PROCESSES = 4
IMPORTS = (
    "from decimal import Decimal\nfrom datetime import date, timedelta\n"
    "from connectors.models import Invoice\nfrom connectors.services import dunning, payments\n"
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]


@pytest.fixture
def dunning_space() -> Space:
    space: Space = SpaceFactory(features=[FeatureName.PRINTING, FeatureName.DUNNING])
    PrinterConfigurationFactory(space=space, is_default=True)
    return space


def at_once(directory: Path, *codes: str) -> list[str]:
    """Let these pieces of code begin at the same moment, each in its own process; returns what they printed."""
    gate = Gate(directory)
    processes = [start(f"{IMPORTS}{gate.code(number)}{code}") for number, code in enumerate(codes)]
    gate.open(len(codes))
    return finish(*processes)


def recording(invoice_pk: int, amount: str, external_id: str) -> str:
    return (
        f"invoice = Invoice.objects.get(pk={invoice_pk})\n"
        f"payment, created = payments.record(invoice.space, amount=Decimal({amount!r}), currency='EUR', "
        f"paid_on=date(2026, 4, 1), invoice=invoice, source='api', external_id={external_id!r})\n"
        "print(payment.pk, created)"
    )


def test_the_same_payment_reported_by_all_is_one(dunning_space: Space, tmp_path: Path) -> None:
    invoice = overdue_invoice(dunning_space)
    printed = at_once(tmp_path, *[recording(invoice.pk, "40.00", "bank-1")] * PROCESSES)
    payment = Payment.objects.get()
    assert sorted(line.strip() for line in printed) == sorted(
        [f"{payment.pk} True", *[f"{payment.pk} False"] * (PROCESSES - 1)]
    )
    assert payments.open_amount(invoice) == 60


def test_parts_that_arrive_at_once_settle_the_invoice_once(dunning_space: Space, tmp_path: Path) -> None:
    connector = ConnectorFactory(space=dunning_space)
    PrintRuleFactory(connector=connector, event=Event.PAID, document=Document.INVOICE)
    invoice = overdue_invoice(dunning_space, connector=connector)
    at_once(tmp_path, *[recording(invoice.pk, "40.00", f"bank-{number}") for number in range(PROCESSES)])
    assert (Payment.objects.count(), state(invoice)) == (PROCESSES, InvoiceState.PAID)
    assert payments.account_of(invoice).overpaid == Decimal(60)
    assert PrintJob.objects.count() == 1


def test_no_notice_waits_for_what_is_paid_in_the_moment_of_the_run(dunning_space: Space, tmp_path: Path) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    invoice = overdue_invoice(dunning_space)
    day = DUE + timedelta(days=7)
    issuing = (
        f"from spaces.models import Space\nspace = Space.objects.get(pk={dunning_space.pk})\n"
        f"day = date.fromisoformat('{day}')\n"
        f"dunning.issue(space, day, [{invoice.pk}])"
    )
    at_once(tmp_path, issuing, recording(invoice.pk, "100.00", "bank-1"))
    assert state(invoice) == InvoiceState.PAID
    assert not DunningNotice.objects.filter(withdrawn_at=None).exists()
    assert not PrintJob.objects.filter(document_kind="dunning_notice", state=JobState.PENDING).exists()
