"""What is owed, paid and dunned in the German Space of :mod:`tests.migrations.seed`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.utils import timezone

from connectors.mail.delivery import send_due
from connectors.models import DunningCase, DunningChannel, Invoice
from connectors.services import dunning, invoices, payment_imports, payments
from spaces.models import Space
from tests.connectors.dunning.steps import run
from tests.connectors.dunning_factories import DunningFlowFactory, DunningLevelFactory
from tests.connectors.factories import customer_json, invoice_of, receive
from tests.connectors.payment_factories import pay, recorded
from tests.connectors.payments.bank import Part, booking, camt

DAY_ONE = date(2026, 3, 2)


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def flows(space: Space) -> None:
    flow = DunningFlowFactory(space=space, name="Mahnung", priority=1, country="DE", amount_from=Decimal(5))
    levels: list[dict[str, Any]] = [
        {"channel": DunningChannel.BOTH, "template": "reminder", "days": 3},
        {"channel": DunningChannel.PRINT, "fee": Decimal(5), "interest_consumer": Decimal("6.27")},
        {"channel": DunningChannel.TASK, "template": "final", "fee": Decimal(10), "fee_tax_rate": Decimal(19)},
    ]
    for position, fields in enumerate(levels, start=1):
        business = {"interest_business": Decimal("10.27")}
        DunningLevelFactory(flow=flow, position=position, texts=["de", "en"], **business, **fields)


def payments_and_files(space: Space, person: Any) -> None:
    late = [_owed(space, number) for number in range(4)]
    pay(late[0], "23.80", created_by=person)
    pay(late[1], "10.00", note="Teilzahlung")
    bounced = pay(late[2], "23.80")
    payments.reverse(bounced, paid_on=timezone.now().date(), note="Rücklastschrift")
    recorded(space, "99.00", payer="Unbekannt", external_id="b-99")
    found = Part("5.00", text=f"Rechnung {late[3].number}", number="b-1")
    lost = Part("7.00", text="Danke", number="b-2")
    file = camt(booking(found, number="b"), booking(lost, number="c"), account=space.iban)
    with time_machine.travel(at(date(2026, 4, 1))):  # the file's bookings are of the days before
        payment_imports.import_file(space, "bank.xml", file, created_by=person)


def _owed(space: Space, number: int) -> Invoice:
    """An invoice that was issued on the first day and is overdue now."""
    with time_machine.travel(at(DAY_ONE)):
        order = receive(space, external_id=f"late-{number}", number=f"48{number:02}", customer=customer_json(
            external_id=f"late-{number}", email=f"late-{number}@example.com", language="de"
        ))  # fmt: skip
    invoice = invoice_of(order)
    invoices.mark_overdue()
    invoice.refresh_from_db()
    return invoice


def dun(space: Space) -> None:
    today = timezone.now().date()
    run(space, today)
    send_due()
    dunning.note_informed(space)
    cases = list(DunningCase.objects.in_space(space).filter(state="running").order_by("pk"))
    dunning.suspend(cases[0], today + timedelta(days=30))
    dunning.cancel(cases[1])
    dunning.resume(cases[1])
    dunning.write_off(cases[1])
    pay(cases[2].invoice, "100.00")
    later = today + timedelta(days=14)
    with time_machine.travel(at(later)):
        run(space, later)
