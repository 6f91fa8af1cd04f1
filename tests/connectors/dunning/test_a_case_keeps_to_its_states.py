"""Whatever is done to a case, in whatever order, it keeps to its states; each change is a line of its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.models import CaseEventKind, CaseState, DunningCase, DunningNotice, InvoiceState
from connectors.services import dunning, orders
from connectors.services.dunning import DunningRefused
from spaces.models import Space
from tests.connectors.dunning.steps import accepted, run
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice
from tests.generated import examples

pytestmark = pytest.mark.django_db

CLOSED = {"canceled", "derecognized", "failed", "succeeded"}
# What people and money may do in which state, and where it leads: the table of the product's documentation, by hand.
LEADS_TO = {
    "suspend": {"running": "suspended", "suspended": "suspended"},
    "resume": {"suspended": "running", "canceled": "running"},
    "cancel": {"running": "canceled", "suspended": "canceled", "failed": "canceled"},
    "write_off": dict.fromkeys(("running", "suspended", "canceled", "failed"), "derecognized"),
    "pay": dict.fromkeys(("running", "suspended", "canceled", "failed", "derecognized"), "succeeded"),
}
ACTIONS = [*LEADS_TO, "run", "letter leaves", "a week passes"]


class Story:
    """One case, and what is done to it day by day."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.day = DUE + timedelta(days=7)
        self.case: DunningCase = dunning.case_for(overdue_invoice(space))
        self.paid = False

    def do(self, action: str) -> None:
        if action in LEADS_TO:
            self._ask(action)
        elif action == "run":
            run(self.space, self.day)
            dunning.close_finished(self.space, self.day)
        elif action == "letter leaves":
            accepted(self.space, self.day, self.case.invoice)
        else:
            self.day += timedelta(days=7)
        self.case.refresh_from_db()

    def _ask(self, action: str) -> None:
        before, lines = self.case.state, self.case.events.count()
        steps: dict[str, Callable[[], object]] = {
            "suspend": lambda: dunning.suspend(self.case, None),
            "resume": lambda: dunning.resume(self.case),
            "cancel": lambda: dunning.cancel(self.case),
            "write_off": lambda: dunning.write_off(self.case),
            "pay": lambda: orders.mark_paid(self.case.invoice.order),
        }
        try:
            steps[action]()
        except DunningRefused:
            assert before not in LEADS_TO[action], f"{action} was refused in the state {before}"
            assert self.case.events.count() == lines
        self.case.refresh_from_db()
        expected = before if action == "pay" and self.paid else LEADS_TO[action].get(before, before)
        assert self.case.state == expected, f"{action} in the state {before}"
        self.paid = self.paid or action == "pay"
        if self.case.state != before:
            assert self.case.events.count() > lines

    def holds(self) -> None:
        """What is true of a case after every step."""
        case, invoice = self.case, self.case.invoice
        invoice.refresh_from_db()
        assert (case.closed_at is not None) == (case.state in CLOSED)
        assert case.suspended_until is None or case.state == CaseState.SUSPENDED
        standing = DunningNotice.objects.filter(case=case, withdrawn_at=None).order_by("position")
        positions = [notice.position for notice in standing]
        assert positions == list(range(1, len(positions) + 1))
        assert case.level_position == len(positions)
        waiting = standing.filter(informed_at=None)
        if case.state in {"suspended", "canceled", "derecognized", "succeeded"}:
            assert not waiting.exists()
        if self.paid:
            assert (invoice.state, case.state) == (InvoiceState.PAID, CaseState.SUCCEEDED)
        issued = case.events.filter(kind=CaseEventKind.NOTICE_ISSUED).count()
        assert issued == DunningNotice.objects.filter(case=case).count()


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=12))
def test_whatever_is_done_in_whatever_order(dunning_space: Space, actions: list[str]) -> None:
    with transaction.atomic():
        DunningFlowFactory(space=dunning_space, levels=2)
        story = Story(dunning_space)
        for action in actions:
            story.do(action)
            story.holds()
        transaction.set_rollback(True)
