"""Cases are opened, suspended, resumed, canceled, written off and closed by the money; each leaves its line."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from connectors.models import CaseState, DunningCase, InvoiceState
from connectors.sentences import what_happened
from connectors.services import dunning, orders
from connectors.services.dunning import DunningRefused
from spaces.models import Feature, FeatureName, Space
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice

pytestmark = pytest.mark.django_db
DAY = DUE + timedelta(days=7)


@pytest.fixture
def case(dunning_space: Space) -> DunningCase:
    DunningFlowFactory(space=dunning_space, levels=2, name="Standard")
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        return dunning.case_for(overdue_invoice(dunning_space))


def history(case: DunningCase) -> list[str]:
    return [what_happened(event) for event in case.events.all()]


def state(case: DunningCase) -> str:
    case.refresh_from_db()
    return case.state


def test_cases_are_opened_for_overdue_invoices_that_a_flow_fits(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, amount_from="50.00")
    invoice = overdue_invoice(dunning_space)
    overdue_invoice(dunning_space, "49.99")
    assert [dunning.open_cases(dunning_space, DUE + timedelta(days=number)) for number in range(3)] == [0, 1, 0]
    case = DunningCase.objects.get()
    assert (case.invoice, case.state, case.level_position) == (invoice, CaseState.RUNNING, 0)
    assert case.events.count() == 1


def test_without_the_feature_no_case_is_opened(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    Feature.objects.filter(name=FeatureName.DUNNING).delete()
    assert dunning.open_cases(dunning_space, DAY) == 0


def test_a_case_says_why_it_cannot_be_opened(dunning_space: Space) -> None:
    with pytest.raises(DunningRefused, match="No active dunning flow fits this invoice"):
        dunning.case_for(overdue_invoice(dunning_space))


def test_a_case_keeps_its_flow(case: DunningCase, dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, priority=1)
    assert dunning.propose(dunning_space, DAY).items[0].flow == case.flow


@time_machine.travel("2026-03-23T12:00:00Z", tick=False)
def test_a_suspended_case_waits_until_its_day(case: DunningCase, owner: Any, dunning_space: Space) -> None:
    dunning.suspend(case, date(2026, 4, 15), owner)
    assert (state(case), case.suspended_until) == (CaseState.SUSPENDED, date(2026, 4, 15))
    (exclusion,) = dunning.propose(dunning_space, date(2026, 4, 14)).exclusions
    assert exclusion.sentences == ["The case is suspended until 15 Apr 2026."]
    assert dunning.propose(dunning_space, date(2026, 4, 15)).items
    assert history(case)[-1] == "The case was suspended until 15 Apr 2026."
    assert case.events.latest("pk").user == owner


@time_machine.travel("2026-03-23T12:00:00Z", tick=False)
def test_another_day_replaces_the_first(case: DunningCase) -> None:
    dunning.suspend(case, date(2026, 4, 15))
    dunning.suspend(case, None)
    assert (state(case), case.suspended_until) == (CaseState.SUSPENDED, None)


@time_machine.travel("2026-03-23T23:30:00Z", tick=False)  # the 24th in Berlin
@pytest.mark.parametrize("until", [date(2026, 3, 23), date(2026, 3, 24)])
def test_a_case_is_not_suspended_until_a_day_that_has_come(case: DunningCase, until: date) -> None:
    with pytest.raises(DunningRefused, match="Choose a day in the future"):
        dunning.suspend(case, until)
    assert state(case) == CaseState.RUNNING


def test_a_suspended_case_can_be_resumed(case: DunningCase, dunning_space: Space) -> None:
    dunning.suspend(case, None)
    dunning.resume(case)
    assert state(case) == CaseState.RUNNING
    assert dunning.propose(dunning_space, DAY).items
    assert history(case)[1:] == ["The case was suspended.", "The case goes on."]


def test_a_canceled_case_is_not_dunned_until_somebody_thinks_again(case: DunningCase, dunning_space: Space) -> None:
    dunning.cancel(case)
    assert [one.sentences for one in dunning.propose(dunning_space, DAY).exclusions] == [
        ["Dunning was canceled for this invoice."]
    ]
    assert case.closed_at is not None
    dunning.resume(case)
    assert state(case) == CaseState.RUNNING
    assert case.closed_at is None


def test_what_is_written_off_is_not_asked_for_any_more(case: DunningCase, dunning_space: Space) -> None:
    dunning.write_off(case)
    case.invoice.refresh_from_db()
    assert (state(case), case.invoice.state) == (CaseState.DERECOGNIZED, InvoiceState.DERECOGNIZED)
    proposal = dunning.propose(dunning_space, DAY)
    assert (proposal.items, proposal.exclusions) == ((), ())
    with pytest.raises(DunningRefused, match="The invoice is not open any more"):
        dunning.resume(case)


def test_money_ends_a_case_whatever_state_it_is_in(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    cases = [dunning.case_for(overdue_invoice(dunning_space)) for _number in range(4)]
    dunning.suspend(cases[1], None)
    dunning.write_off(cases[2])
    dunning.cancel(cases[3])
    for case in cases:
        assert orders.mark_paid(case.invoice.order)
    assert {state(case) for case in cases} == {CaseState.SUCCEEDED}
    assert [history(case)[-1] for case in cases] == ["The invoice is paid."] * 4
    assert all(case.suspended_until is None and case.closed_at for case in cases)


def test_a_paid_case_can_neither_be_suspended_nor_written_off(case: DunningCase) -> None:
    orders.mark_paid(case.invoice.order)
    lines = len(history(case))
    for refused in (partial(dunning.suspend, until=None), dunning.write_off, dunning.resume):
        with pytest.raises(DunningRefused):
            refused(case)
    assert (state(case), len(history(case))) == (CaseState.SUCCEEDED, lines)


def test_the_second_click_is_refused_with_the_state(case: DunningCase) -> None:
    dunning.cancel(case)
    with pytest.raises(DunningRefused, match="The case is in the state “Canceled”"):
        dunning.cancel(case)
    assert len(history(case)) == 2


def test_a_payment_taken_back_lets_the_case_go_on(case: DunningCase) -> None:
    orders.mark_paid(case.invoice.order)
    dunning.reopened(case.invoice)
    assert state(case) == CaseState.RUNNING
    assert history(case)[-1] == "The payment was taken back: the case goes on."


def test_a_canceled_invoice_ends_its_case(case: DunningCase) -> None:
    dunning.invoice_canceled(case.invoice)
    assert state(case) == CaseState.CANCELED
    assert history(case)[-1] == "The invoice was canceled, and dunning with it."
