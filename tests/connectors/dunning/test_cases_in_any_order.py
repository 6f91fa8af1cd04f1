"""Whatever people, printers, days and money do, in any order: a case is where it has to be, no level comes twice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from connectors.models import (
    CaseState,
    DunningCase,
    DunningNotice,
    Invoice,
    InvoiceState,
)
from connectors.models.dunning_case import CASE_TRANSITIONS
from connectors.models.invoice import UNPAID
from connectors.services import dunning, orders
from connectors.services.dunning import DunningRefused
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.connectors.dunning.steps import accepted, noon, run
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice
from tests.generated import examples

pytestmark = pytest.mark.django_db
LEVELS = 3
CASE_DAYS = 7


class Life(RuleBasedStateMachine):
    """One case. ``expected`` is where it has to be; what is refused leaves everything as it was."""

    space: Space

    def __init__(self) -> None:
        super().__init__()
        self.invoice: Invoice = overdue_invoice(self.space)
        self.day: date = DUE + timedelta(days=1)
        self.case: DunningCase = dunning.case_for(self.invoice)
        self.expected = CaseState.RUNNING
        self.until: date | None = None

    def _try(self, to: CaseState, act: Any, *args: Any) -> bool:
        """Do it; whether it may be done is read from the table of transitions and the invoice."""
        self.invoice.refresh_from_db()
        allowed = to in CASE_TRANSITIONS[self.expected] and self.invoice.state in UNPAID
        try:
            act(self.case, *args, at=noon(self.day))
        except DunningRefused:
            assert not allowed
            return False
        assert allowed
        self.expected = to
        self.until = None
        return True

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule()
    def the_run_issues(self) -> None:
        before = DunningNotice.objects.filter(case=self.case).count()
        run(self.space, self.day)
        issued = DunningNotice.objects.filter(case=self.case).count() - before
        assert issued in {0, 1}
        if issued:
            over = self.until is not None and self.day >= self.until
            assert self.expected == CaseState.RUNNING or over
            self.expected, self.until = CaseState.RUNNING, None

    @rule()
    def the_letter_leaves(self) -> None:
        accepted(self.space, self.day, invoice=self.invoice)

    @rule()
    def the_last_term_passes(self) -> None:
        if dunning.close_finished(self.space, self.day, at=noon(self.day)):
            assert self.expected == CaseState.RUNNING
            self.expected = CaseState.FAILED

    @rule(days=st.none() | st.integers(1, 30))
    def a_person_suspends(self, days: int | None) -> None:
        until = self.day + timedelta(days=days) if days else None
        if self._try(CaseState.SUSPENDED, dunning.suspend, until):
            self.until = until

    @rule()
    def a_person_resumes(self) -> None:
        self._try(CaseState.RUNNING, dunning.resume)

    @rule()
    def a_person_cancels(self) -> None:
        self._try(CaseState.CANCELED, dunning.cancel)

    @rule()
    def a_person_writes_off(self) -> None:
        self._try(CaseState.DERECOGNIZED, dunning.write_off)

    @rule()
    def money_arrives(self) -> None:
        if orders.mark_paid(self.invoice.order):
            self.expected, self.until = CaseState.SUCCEEDED, None

    @invariant()
    def the_case_is_where_it_has_to_be(self) -> None:
        self.case.refresh_from_db()
        assert self.case.state == self.expected
        assert self.case.suspended_until == self.until
        assert (self.case.closed_at is not None) == (self.expected not in {CaseState.RUNNING, CaseState.SUSPENDED})

    @invariant()
    def levels_come_one_after_the_other(self) -> None:
        self.case.refresh_from_db()
        standing = list(DunningNotice.objects.filter(case=self.case, withdrawn_at=None).order_by("pk"))
        assert [notice.position for notice in standing] == list(range(1, len(standing) + 1))
        assert self.case.level_position == len(standing) <= LEVELS
        for before, after in pairwise(standing):
            assert before.informed_at is not None
            assert after.issued_on >= before.informed_at.date() + timedelta(days=CASE_DAYS)
            assert after.issued_on > before.due_on

    @invariant()
    def nothing_waits_for_the_paid(self) -> None:
        self.invoice.refresh_from_db()
        if self.invoice.state in {InvoiceState.PAID, InvoiceState.DERECOGNIZED}:
            letters = PrintJob.objects.filter(document_kind="dunning_notice", order_number=self.invoice.order.number)
            assert not letters.filter(state__in=[JobState.PENDING, JobState.FAILED]).exists()


def test_a_case_stands_where_it_has_to_whatever_happens(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=LEVELS, levels__days=CASE_DAYS)
    Life.space = dunning_space
    run_state_machine_as_test(Life, settings=settings(max_examples=examples(10), stateful_step_count=25, deadline=None))


def test_every_state_can_be_left_or_is_the_last() -> None:
    """Money may come in every state; nothing leads out of PAID but a payment that is taken back or a credit note."""
    assert set(CASE_TRANSITIONS) == set(CaseState)
    for state in CaseState:
        assert state == CaseState.SUCCEEDED or CaseState.SUCCEEDED in CASE_TRANSITIONS[state]
    assert CASE_TRANSITIONS[CaseState.SUCCEEDED] == {CaseState.RUNNING, CaseState.CANCELED}
