"""Each of the four faults, planted in the product: the ledger counts it, and the year ends with an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from connectors.dunning import charges, interest
from connectors.models import DunningCase, DunningNotice, MailState, OutgoingMail
from connectors.services import payments
from connectors.services.dunning import delivery, facts
from printing.models import PrintJob
from printing.states import JobState
from tests.simulation.journal import Line
from tests.simulation.ledger import Found, check
from tests.simulation.office import Office
from tests.simulation.plan import DAY, Customer, Habit, Plan, Sale, Spell
from tests.simulation.year import simulate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]

FIRST = date(2026, 3, 9)
# The invoice is due on the 19th; the first level (by e-mail) on the 24th, the second (both ways) on 1 April.
GROSS = Decimal("1081.00")
Patch = pytest.MonkeyPatch


def calm(*money: tuple[int, Decimal], **changes: Any) -> Plan:
    """Four weeks without trouble, and one sale of which this money comes."""
    customer = Customer(1, company=True, email="customer-1@example.com", language="de")
    line = Line(1, Decimal(1000), Decimal("8.1"))
    sale = Sale(1, FIRST, customer, prices_include_tax=False, lines=(line,), habit=Habit.LATE, money=money)
    # Down until the invoice is due: days on which nothing can happen take time.
    down = Spell(FIRST + DAY, 0, 24 * 9, "down")
    plan = Plan(seed=43, first_day=FIRST, days=26, sales=(sale,), downtimes=(down,), printer=(), mail=(), moves=())
    return replace(plan, **changes)


def found_in(plan: Plan, directory: Path) -> Found:
    return check(simulate(plan, directory))


@pytest.fixture(autouse=True)
def nobody_interferes(monkeypatch: Patch) -> None:
    monkeypatch.setattr(Office, "morning", lambda _office: None)


def test_without_a_fault_two_levels_leave(tmp_path: Path) -> None:
    found = found_in(calm(), tmp_path)
    assert found.problems == []
    assert (found.notices, found.exit_code(1)) == (2, 0)


def test_a_product_that_forgets_payments_duns_the_paid(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(payments, "_settle_if_covered", lambda *_args: None)
    monkeypatch.setattr(facts, "_settlements", lambda _invoices: {})
    found = found_in(calm((3, GROSS)), tmp_path)
    assert found.paid_dunned == 2
    assert found.exit_code(1) == 1


def test_a_product_that_forgets_a_notice_repeats_its_level(tmp_path: Path, monkeypatch: Patch) -> None:
    def forget(_office: Office) -> None:
        DunningNotice.objects.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
        DunningCase.objects.update(level_position=0)

    monkeypatch.setattr(Office, "morning", forget)
    found = found_in(calm(days=18), tmp_path)
    assert found.notices > 1
    assert found.levels_repeated == found.notices - 1
    assert found.exit_code(1) == 1


@pytest.mark.parametrize("off", [Decimal("0.5"), Decimal("-0.1")])
def test_another_rate_of_interest_is_cents_off(tmp_path: Path, monkeypatch: Patch, off: Decimal) -> None:
    real: Callable[..., Any] = interest.interest
    monkeypatch.setattr(charges, "interest", lambda during, rate, currency: real(during, rate + off, currency))
    found = found_in(calm(days=18), tmp_path)
    assert "interest is" in found.problems[0]
    assert found.cents_off == 2  # the interest, and with it the total
    assert found.exit_code(1) == 1


# The mail server is down while the first level waits, the printer while the second does; the money comes meanwhile.
MAIL_WAITS = calm((17, GROSS), mail=(Spell(date(2026, 3, 23), 0, 110, "down"),))
LETTER_WAITS = calm((24, GROSS), printer=(Spell(date(2026, 3, 31), 22, 40, "offline"),))


@pytest.mark.parametrize("plan", [MAIL_WAITS, LETTER_WAITS], ids=["mail", "letter"])
def test_what_waits_when_the_money_comes_does_not_leave(tmp_path: Path, plan: Plan) -> None:
    found = found_in(plan, tmp_path)
    assert found.problems == []
    assert found.notices == (1 if plan is MAIL_WAITS else 2)
    # The second level went by e-mail as well, so that its notice stands.
    withdrawn = DunningNotice.objects.filter(withdrawn_at__isnull=False).count()
    assert withdrawn == (1 if plan is MAIL_WAITS else 0)
    assert not OutgoingMail.objects.filter(state=MailState.PENDING).exists()
    assert not PrintJob.objects.filter(state=JobState.PENDING).exists()


@pytest.mark.parametrize("plan", [MAIL_WAITS, LETTER_WAITS], ids=["mail", "letter"])
def test_a_product_that_does_not_take_back_lets_paper_leave(tmp_path: Path, monkeypatch: Patch, plan: Plan) -> None:
    monkeypatch.setattr(delivery, "withdraw", lambda _notice: False)
    found = found_in(plan, tmp_path)
    assert found.paper_after_payment == 1
    assert found.exit_code(1) == 1
