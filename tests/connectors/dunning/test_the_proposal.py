"""Every overdue invoice is proposed, or stands beside the proposal with every reason why not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.dunning.reasons import Reason
from connectors.models import DunningCase, DunningFlow, Invoice
from connectors.services import dunning, orders
from spaces.models import Feature, FeatureName, Space
from tests.connectors.dunning_factories import (
    DUE,
    DunningFlowFactory,
    DunningLevelFactory,
    overdue_invoice,
)
from tests.connectors.factories import ConnectorFactory, customer_json

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def reasons(space: Space, day: date = DUE + WEEK) -> dict[str, list[str]]:
    """The reason codes by invoice number."""
    proposal = dunning.propose(space, day)
    return {one.invoice.number: [why.reason.value for why in one.reasons] for one in proposal.exclusions}


def only_sentences(space: Space, day: date = DUE + WEEK) -> list[str]:
    """The sentences of the one invoice that is not proposed."""
    (exclusion,) = dunning.propose(space, day).exclusions
    return exclusion.sentences


def test_an_invoice_is_proposed_with_level_channel_and_amounts(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    level = DunningLevelFactory(flow=flow, fee="5.00", interest_business="9", payment_days=10)
    invoice = overdue_invoice(dunning_space, "1000.00")
    proposal = dunning.propose(dunning_space, DUE + WEEK)
    (item,) = proposal.items
    assert (item.invoice, item.level, item.level.channel, item.case) == (invoice, level, "print", None)
    assert item.charges.principal == Decimal("1000.00")
    assert item.charges.interest.total == Decimal("1.73")  # 7 days at 9 %
    assert proposal.totals == {"EUR": Decimal("1006.73")}
    assert item.due_on == date(2026, 4, 2)  # ten days after Monday the 23rd
    assert proposal.exclusions == ()
    assert not DunningCase.objects.exists()  # looking changes nothing


def test_what_is_not_overdue_is_neither_proposed_nor_excluded(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    paid = overdue_invoice(dunning_space)
    orders.mark_paid(paid.order)
    proposal = dunning.propose(dunning_space, DUE)
    assert (proposal.items, proposal.exclusions) == ((), ())
    assert [one.invoice.state for one in dunning.propose(dunning_space, DUE + WEEK).items] == ["open"]


def test_without_the_feature_nothing_is_proposed(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    Feature.objects.filter(name=FeatureName.DUNNING).delete()
    assert only_sentences(dunning_space) == ["The feature Dunning is not activated in this Space."]


def test_a_level_is_due_on_a_working_day(dunning_space: Space) -> None:
    """Five days after Monday the 16th is a Saturday."""
    DunningFlowFactory(space=dunning_space, levels=1, levels__days=5)
    overdue_invoice(dunning_space)
    assert only_sentences(dunning_space, DUE + timedelta(days=6)) == ["The level “Level 1” is due on 23 Mar 2026."]
    assert dunning.propose(dunning_space, DUE + WEEK).items


def test_an_invoice_due_on_a_holiday_counts_from_the_next_working_day(dunning_space: Space) -> None:
    """Due on Good Friday: the customer may pay until the Tuesday after Easter, and interest begins after that."""
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, days=1, interest_business="36.5")
    overdue_invoice(dunning_space, "1000.00", issued=date(2026, 3, 20))
    tuesday = date(2026, 4, 7)
    assert reasons(dunning_space, tuesday) == {"2026-0001": [Reason.NOT_DUE_UNTIL]}
    (item,) = dunning.propose(dunning_space, tuesday + timedelta(days=1)).items
    assert item.charges.interest.total == Decimal("1.00")


def test_consumers_and_companies_pay_their_own_rate(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, interest_consumer="5", interest_business="10")
    consumer = customer_json(external_id="c", company="", name="Ada Beispiel")
    overdue_invoice(dunning_space, "10000.00", customer=consumer)
    overdue_invoice(dunning_space, "10000.00", customer=customer_json(external_id="b"))
    sums = {
        item.invoice.recipient: item.charges.interest.total for item in dunning.propose(dunning_space, DUE + WEEK).items
    }
    assert sums == {"Ada Beispiel": Decimal("9.59"), "Beispiel AG": Decimal("19.18")}


@pytest.mark.parametrize(
    ("conditions", "changes", "expected"),
    [
        ({"country": "AT"}, {}, [Reason.NO_FLOW]),
        ({"country": "DE"}, {}, None),
        ({"amount_from": "100.01"}, {}, [Reason.BELOW_MINIMUM]),
        ({"amount_from": "100.00", "amount_to": "100.00"}, {}, None),
        ({"amount_to": "99.99"}, {}, [Reason.NO_FLOW]),
        ({"currency": "CHF"}, {}, [Reason.OTHER_CURRENCY]),
        ({"currency": "CHF"}, {"currency": "CHF"}, None),
        ({}, {"currency": "CHF"}, [Reason.OTHER_CURRENCY]),
        ({"active": False}, {}, [Reason.NO_FLOW]),
    ],
)
def test_a_flow_is_taken_where_its_conditions_fit(
    dunning_space: Space, conditions: dict[str, Any], changes: dict[str, Any], expected: list[Reason] | None
) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, **conditions)
    invoice = overdue_invoice(dunning_space, **changes)
    assert reasons(dunning_space) == ({} if expected is None else {invoice.number: expected})


def test_of_two_flows_that_fit_the_smaller_number_is_taken(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, priority=5, country="AT")
    second = DunningFlowFactory(space=dunning_space, levels=1, priority=20)
    first = DunningFlowFactory(space=dunning_space, levels=1, priority=10)
    overdue_invoice(dunning_space)
    assert dunning.propose(dunning_space, DUE + WEEK).items[0].flow == first
    DunningFlow.objects.filter(pk=first.pk).update(active=False)
    assert dunning.propose(dunning_space, DUE + WEEK).items[0].flow == second


def test_the_flow_that_the_connector_names_wins(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, priority=1)
    named = DunningFlowFactory(space=dunning_space, levels=1, priority=99, country="CH")
    overdue_invoice(dunning_space, connector=ConnectorFactory(space=dunning_space, dunning_flow=named))
    assert dunning.propose(dunning_space, DUE + WEEK).items[0].flow == named


def test_an_inactive_named_flow_is_not_replaced_by_another(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    named = DunningFlowFactory(space=dunning_space, levels=1, name="B2B", active=False)
    overdue_invoice(dunning_space, connector=ConnectorFactory(space=dunning_space, dunning_flow=named))
    assert only_sentences(dunning_space) == ["The dunning flow “B2B” is not active."]


def test_below_the_minimum_says_how_much_is_open(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, name="All", amount_from="1500.00")
    overdue_invoice(dunning_space, "1000.50")
    assert only_sentences(dunning_space) == ["Only 1,000.50 EUR are open; the flow “All” duns from 1,500.00 EUR."]


def test_all_reasons_are_named_not_only_the_first(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space, active=False, name="Old")
    DunningLevelFactory(flow=flow, days=30, channel="email", texts=[])
    invoice = overdue_invoice(dunning_space, connector=ConnectorFactory(space=dunning_space, dunning_flow=flow))
    dunning.suspend(dunning.case_for(invoice), None)
    assert only_sentences(dunning_space) == [
        "The dunning flow “Old” is not active.",
        "The case is suspended until somebody resumes it.",
        "The level “Level 1” is due on 15 Apr 2026.",
        "The level “Level 1” has no text in any language.",
        "The level “Level 1” is sent by e-mail, but the customer has no e-mail address.",
    ]


def test_a_flow_without_levels_says_so(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, name="Empty")
    overdue_invoice(dunning_space)
    assert only_sentences(dunning_space) == ["The dunning flow “Empty” has no levels."]


def test_a_letter_cannot_be_printed_where_nothing_prints(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    Feature.objects.filter(name=FeatureName.PRINTING).delete()
    assert reasons(dunning_space) == {"2026-0001": [Reason.PRINTING_OFF]}


def test_other_spaces_stay_out_of_it(dunning_space: Space, stranger: Any) -> None:
    DunningFlowFactory(space=stranger.space, levels=1)
    overdue_invoice(dunning_space)
    overdue_invoice(stranger.space)
    assert reasons(dunning_space) == {"2026-0001": [Reason.NO_FLOW]}


def queries(space: Space) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        proposal = dunning.propose(space, DUE + WEEK)
        assert len(proposal.items) + len(proposal.exclusions) == Invoice.objects.count()
        assert all(exclusion.sentences for exclusion in proposal.exclusions)
    return len(captured)


def test_many_invoices_cost_as_many_queries_as_few(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2, amount_from="50.00")
    for number in range(3):
        overdue_invoice(dunning_space, ["40.00", "60.00", "70.00"][number])
    dunning.suspend(dunning.case_for(Invoice.objects.latest("pk")), None)
    few = queries(dunning_space)
    for number in range(30):
        overdue_invoice(dunning_space, ["40.00", "60.00"][number % 2])
    dunning.open_cases(dunning_space, DUE + WEEK)
    assert queries(dunning_space) == few <= 10
