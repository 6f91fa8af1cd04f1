"""A connector's rules are set in its form and tried out on an order: what each would do, and why; nothing happens."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from connectors.models import Connector, Document, Event, MailRule, OutgoingMail, PrintRule
from printing.models import PrintJob
from spaces.models import Feature, Space
from tests.connectors.dunning_factories import DunningFlowFactory
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory, customer_json, invoice_of, receive
from tests.factories import FeatureFactory, PrinterConfigurationFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/connector/"


@pytest.fixture
def connector(space: Space) -> Connector:
    PrinterConfigurationFactory(space=space, name="Office", is_default=True, copies=2)
    row: Connector = ConnectorFactory(space=space, name="Shop", key="shop")
    return row


def posted(connector: Connector, **fields: Any) -> dict[str, Any]:
    """The form with one print rule and one e-mail rule that have the same conditions."""
    common = {"event": "received", "document": "invoice", "country_of": "billing", **fields}
    data: dict[str, Any] = {"name": connector.name, "key": connector.key, "active": "on", "payment_days": "14"}
    for prefix in ("rules", "mail_rules"):
        data |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
        data |= {f"{prefix}-0-{name}": value for name, value in common.items()}
    return data


def tried(client: Client, connector: Connector, number: str) -> str:
    answer = client.get(f"{BASE}{connector.pk}/try-out/", {"order": number})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_conditions_are_set_in_the_form_and_shown_again(connector: Connector, operator_client: Client) -> None:
    data = posted(
        connector,
        countries=["DE", "CH"],
        amount_from="50",
        customer_group="B2B",
        delivery_method="DHL",
        weekdays=["1", "5"],
        time_from="08:00",
        time_to="17:30",
    )
    assert operator_client.post(f"{BASE}{connector.pk}/change/", data).status_code == 302
    for rule in (PrintRule.objects.get(), MailRule.objects.get()):
        assert (rule.countries, rule.weekdays) == (["DE", "CH"], [1, 5])
        assert (rule.amount_from, rule.customer_group, rule.delivery_method) == (Decimal(50), "B2B", "DHL")
        assert not rule.amount_to
        assert (rule.time_from, rule.time_to) == (time(8), time(17, 30))
    page = operator_client.get(f"{BASE}{connector.pk}/change/").content.decode()
    assert '<option value="CH" selected>' in page
    assert "B2B" in page
    assert 'value="50"' in page
    assert "Order received → Invoice, on conditions" in page


def test_what_is_wrong_in_a_condition_is_not_folded_away(connector: Connector, operator_client: Client) -> None:
    address = f"{BASE}{connector.pk}/change/"
    folded = operator_client.get(address).content.decode().count("<details")
    data = posted(connector, amount_from="-1")
    assert operator_client.post(address, data).content.decode().count("<details") == folded


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount_from": "50", "amount_to": "10"}, "“Amount from” is larger than “amount to”."),
        ({"time_from": "08:00", "time_to": "08:00"}, "leave both empty for any time"),
        ({"countries": ["XX"]}, "Select a valid choice"),
        ({"weekdays": ["8"]}, "Select a valid choice"),
        ({"document": "credit_note"}, "A credit note comes with the event"),
        ({"event": "credit_note_issued"}, "A credit note comes with the event"),
    ],
)
def test_conditions_that_can_never_hold_are_refused(
    connector: Connector, operator_client: Client, fields: dict[str, Any], said: str
) -> None:
    answer = operator_client.post(f"{BASE}{connector.pk}/change/", posted(connector, **fields))
    assert answer.status_code == 200
    assert said in unescape(answer.content.decode())
    assert not PrintRule.objects.exists()


def test_two_rules_for_one_printer_may_differ_in_their_conditions(
    connector: Connector, operator_client: Client
) -> None:
    PrintRuleFactory(connector=connector, customer_group="B2B")
    rule = PrintRuleFactory(connector=connector, customer_group="B2C")
    assert connector.rules.count() == 2
    assert rule.configuration is None


def test_the_dunning_flow_is_named_where_the_space_duns(
    space: Space, connector: Connector, owner_client: Client
) -> None:
    address = f"{BASE}{connector.pk}/change/"
    assert 'name="dunning_flow"' not in owner_client.get(address).content.decode()
    FeatureFactory(space=space, name="dunning")
    flow, foreign = DunningFlowFactory(space=space, name="Strict"), DunningFlowFactory(name="Foreign")
    page = owner_client.get(address).content.decode()
    assert "Strict" in page
    assert "Foreign" not in page
    assert owner_client.post(address, {**posted(connector), "dunning_flow": flow.pk}).status_code == 302
    connector.refresh_from_db()
    assert connector.dunning_flow == flow
    assert owner_client.post(address, {**posted(connector), "dunning_flow": foreign.pk}).status_code == 200


def test_it_says_for_each_rule_what_it_would_do_and_why(connector: Connector, viewer_client: Client) -> None:
    PrintRuleFactory(connector=connector, countries=["DE"])
    PrintRuleFactory(connector=connector, event=Event.SHIPPED, countries=["CH", "AT"], copies=3)
    MailRule.objects.create(connector=connector, event=Event.PAID, document=Document.INVOICE, customer_group="B2B")
    order = receive(connector.space, connector=connector, customer=customer_json(group="B2B"))
    number = invoice_of(order).number
    before = (PrintJob.objects.count(), OutgoingMail.objects.count())
    page = tried(viewer_client, connector, order.number)
    assert (
        f"Would print: Invoice {number}, 2 copies, on the default printer “Office”, because the event is “Order "
        "received” and the country of the billing address is Germany." in page
    )
    assert (
        f"Would not print: Invoice {number}, because the country of the billing address is Germany and the rule wants "
        "Austria or Switzerland." in page
    )
    assert f"Would e-mail: Invoice {number}, because the event is “Order paid” and the customer group is “B2B”." in page
    assert "Has not happened yet; tried out as if it happened now." in page
    assert "The order has no e-mail address" in page
    assert "No rule asks for anything." in page
    # The invoice was issued, whether or not a rule speaks of it; only paid, shipped and credit note have not happened.
    assert page.count("Has not happened yet") == 3
    assert (PrintJob.objects.count(), OutgoingMail.objects.count()) == before


def test_it_says_what_would_stand_in_the_way(connector: Connector, viewer_client: Client) -> None:
    PrintRuleFactory(connector=connector, event=Event.CREDIT_NOTE_ISSUED, document=Document.CREDIT_NOTE)
    order = receive(connector.space, connector=connector)
    Feature.objects.filter(space=connector.space).delete()
    page = tried(viewer_client, connector, order.number)
    assert "The feature Printing is not activated in this Space: nothing prints." in page
    assert "Would not print: Credit note, because there is no such document of this order." in page


def test_an_order_that_is_not_here_is_said(connector: Connector, viewer_client: Client) -> None:
    other = receive(connector.space, connector=ConnectorFactory(space=connector.space, name="Till"), number="900")
    assert "There is no order with this number." in tried(viewer_client, connector, "nothing")
    assert "This order came through the connector “Till”; its rules decide." in tried(
        viewer_client, connector, other.number
    )


def test_an_order_of_another_space_is_not_found(connector: Connector, stranger: Any, viewer_client: Client) -> None:
    foreign = receive(stranger.space, number="foreign-1")
    assert "There is no order with this number." in tried(viewer_client, connector, foreign.number)


def test_it_costs_equally_many_queries_however_many_rules_there_are(
    connector: Connector, viewer_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        PrintRuleFactory(connector=connector, customer_group=str(number))
        MailRule.objects.create(connector=connector, event="paid", document="invoice", customer_group=str(number))
    order = receive(connector.space, connector=connector)
    with django_assert_max_num_queries(20):
        tried(viewer_client, connector, order.number)


def test_only_get_is_answered(connector: Connector, operator_client: Client) -> None:
    assert operator_client.post(f"{BASE}{connector.pk}/try-out/").status_code == 405
