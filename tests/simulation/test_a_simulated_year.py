"""A small year: nobody who paid is dunned, no level comes twice, every sum is right to the cent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.models import CaseEventKind, DunningCaseEvent, DunningNotice
from tests.simulation.journal import Entry, Left, Money
from tests.simulation.ledger import Found, check
from tests.simulation.plan import HOME, weeks, year
from tests.simulation.year import simulate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.server
@pytest.mark.long
def test_ten_weeks_of_a_space_that_duns(tmp_path: Path) -> None:
    plan = weeks(4, invoices=60)
    found = check(journal := simulate(plan, tmp_path))
    assert found.problems == []
    assert found.line == (
        f"invoices=60 notices={found.notices} paid_dunned=0 levels_repeated=0 cents_off=0 paper_after_payment=0"
    )
    assert found.exit_code(60) == 0
    assert_that_much_happened(journal)


def assert_that_much_happened(journal: list[Entry]) -> None:
    """A year in which nothing goes wrong would show nothing."""
    left = [entry for entry in journal if isinstance(entry, Left)]
    assert {entry.way for entry in left} == {"print", "e-mail"}
    assert any(entry.amount < 0 for entry in journal if isinstance(entry, Money))
    notices = DunningNotice.objects.all()
    assert set(notices.values_list("position", flat=True)) >= {1, 2, 3}
    assert notices.filter(withdrawn_at__isnull=False).exists()
    kinds = set(DunningCaseEvent.objects.values_list("kind", flat=True))
    assert kinds >= {CaseEventKind.PAID, CaseEventKind.ALREADY_LEFT, CaseEventKind.INFORMED}


@pytest.mark.server
@pytest.mark.long
def test_the_same_seed_is_the_same_year(tmp_path: Path) -> None:
    plan = weeks(7, invoices=6, days=37)
    once, again = (simulate(plan, tmp_path / name) for name in ("once", "again"))
    # The text has the payment reference in it, which is made of the primary key.
    assert [without_text(entry) for entry in once] == [without_text(entry) for entry in again]
    assert plan == weeks(7, invoices=6, days=37) != weeks(8, invoices=6, days=37)


def without_text(entry: Entry) -> Entry:
    return replace(entry, text="") if isinstance(entry, Left) else entry


def test_a_whole_year_has_everything_in_it() -> None:
    plan = year(1)
    assert len(plan.sales) == 2000
    assert {sale.habit.value for sale in plan.sales} == {
        "in time",
        "late",
        "in parts",
        "too much",
        "in the moment of a run",
        "bounces",
        "never",
    }
    assert {spell.what for spell in plan.printer} == {"offline", "reject", "lose-answer", "lose-request"}
    assert len(plan.downtimes) >= 6
    assert [zone for _day, _hour, zone in plan.moves] == ["America/Los_Angeles", "Pacific/Auckland", HOME]


def test_too_few_invoices_or_no_notices_are_no_year() -> None:
    assert Found(invoices=2000, notices=900).exit_code(2000) == 0
    assert Found(invoices=1999, notices=900).exit_code(2000) == 1
    assert Found(invoices=2000, notices=0).exit_code(2000) == 1
