"""A rule acts where all its conditions hold, and says of each that does not why."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from connectors import printing_bridge
from connectors.models import CountryOf, Event, MailRule, Order, OutgoingMail, PrintRule
from connectors.rule_sentences import decision_sentence
from connectors.services import orders
from printing.models import PrinterConfiguration, PrintJob
from spaces.models import Space
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory, customer_json, invoice_of, line_json, receive
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db

# Received on a Wednesday: 31 December 2025, 23:30 in Berlin, is 22:30 UTC.
NIGHT = "2025-12-31T22:30:00Z"
VIENNA = {"company": "Muster GmbH", "street": "Gasse 1", "postal_code": "1010", "city": "Wien", "country": "AT"}


@pytest.fixture(autouse=True)
def printer(space: Space) -> PrinterConfiguration:
    Space.objects.filter(pk=space.pk).update(time_zone="Europe/Berlin")
    space.refresh_from_db()
    default: PrinterConfiguration = PrinterConfigurationFactory(space=space, name="Office", is_default=True)
    return default


def order_like(space: Space, rule: PrintRule, **changes: Any) -> Order:
    """119.00 EUR to Germany, delivered to Austria by DHL, for a customer of the group B2B."""
    fields: dict[str, Any] = {
        "customer": customer_json(group="B2B"),
        "delivery_address": VIENNA,
        "delivery_method": "DHL",
        "lines": [line_json(quantity=1, unit_price="100.00")],
    }
    return receive(space, connector=rule.connector, **{**fields, **changes})


def sentence(order: Order, event: Event = Event.RECEIVED) -> str:
    [decision] = printing_bridge.print_decisions(order, event)
    with translation.override("en"):
        return decision_sentence(decision, None)


@pytest.mark.parametrize(
    ("conditions", "prints", "said"),
    [
        ({}, True, "the event is “Order received”."),
        ({"countries": ["DE", "CH"]}, True, "the country of the billing address is Germany."),
        (
            {"countries": ["CH", "AT"]},
            False,
            "the country of the billing address is Germany and the rule wants Austria or Switzerland.",
        ),
        (
            {"countries": ["AT"], "country_of": CountryOf.DELIVERY},
            True,
            "the country of the delivery address is Austria.",
        ),
        (
            {"countries": ["DE"], "country_of": CountryOf.DELIVERY},
            False,
            "the country of the delivery address is Austria and the rule wants Germany.",
        ),
        ({"amount_from": Decimal(119)}, True, "the amount €119.00 is at least €119.00."),
        ({"amount_from": Decimal("119.01")}, False, "the amount is €119.00 and the rule wants at least €119.01."),
        ({"amount_to": Decimal(119)}, True, "the amount €119.00 is at most €119.00."),
        ({"amount_to": Decimal("118.99")}, False, "the amount is €119.00 and the rule wants at most €118.99."),
        ({"customer_group": " b2b"}, True, "the customer group is “B2B”."),
        ({"customer_group": "B2C"}, False, "the customer group is “B2B” and the rule wants “B2C”."),
        ({"delivery_method": "dhl"}, True, "the delivery method is “DHL”."),
        ({"delivery_method": "UPS"}, False, "the delivery method is “DHL” and the rule wants “UPS”."),
    ],
)
def test_a_condition_decides_and_says_so(space: Space, conditions: dict[str, Any], prints: bool, said: str) -> None:
    rule = PrintRuleFactory(connector__space=space, **conditions)
    order = order_like(space, rule)
    assert PrintJob.objects.exists() == prints
    assert sentence(order).endswith(said)
    assert sentence(order).startswith("Would print: Invoice 2" if prints else "Would not print: Invoice 2")


@pytest.mark.parametrize(
    ("conditions", "prints", "said"),
    [
        ({"weekdays": [3]}, True, "the day is a Wednesday."),
        ({"weekdays": [4, 5]}, False, "the day is a Wednesday and the rule wants Thursday or Friday."),
        ({"time_from": time(23)}, True, "the time is 23:30."),
        ({"time_to": time(23, 30)}, False, "the time is 23:30 and the rule wants before 23:30."),
        ({"time_from": time(8), "time_to": time(17)}, False, "and the rule wants 08:00 to 17:00."),
        ({"time_from": time(22), "time_to": time(6)}, True, "the time is 23:30."),
        ({"time_from": time(23, 45), "time_to": time(6)}, False, "and the rule wants 23:45 to 06:00."),
    ],
)
def test_days_and_times_are_those_of_the_space_when_it_happened(
    space: Space, conditions: dict[str, Any], prints: bool, said: str
) -> None:
    rule = PrintRuleFactory(connector__space=space, event=Event.PAID, **conditions)
    order = order_like(space, rule, paid_at=NIGHT)
    assert PrintJob.objects.exists() == prints
    assert sentence(order, Event.PAID).endswith(said)


def test_all_conditions_have_to_hold_and_each_that_does_not_is_named(space: Space) -> None:
    rule = PrintRuleFactory(
        connector__space=space, countries=["CH"], customer_group="B2B", amount_from=500, delivery_method="UPS"
    )
    order = order_like(space, rule)
    assert not PrintJob.objects.exists()
    assert sentence(order).count("the rule wants") == 3
    assert "customer group" not in sentence(order)


def test_without_a_delivery_address_goods_go_to_the_billing_address(space: Space) -> None:
    rule = PrintRuleFactory(connector__space=space, countries=["DE"], country_of=CountryOf.DELIVERY)
    order_like(space, rule, delivery_address=None)
    assert PrintJob.objects.count() == 1


def test_two_rules_choose_the_printer_by_the_amount(space: Space, printer: PrinterConfiguration) -> None:
    connector, other = ConnectorFactory(space=space), PrinterConfigurationFactory(space=space)
    PrintRuleFactory(connector=connector, amount_to=Decimal("99.99"))
    PrintRuleFactory(connector=connector, amount_from=100, configuration=other)
    small = receive(space, connector=connector)
    assert PrintJob.objects.get(order_number=small.number).configuration == printer
    large = receive(space, connector=connector, lines=[line_json(unit_price="500")])
    assert PrintJob.objects.get(order_number=large.number).configuration == other


def test_of_two_rules_that_fit_on_one_printer_the_first_decides(space: Space, printer: PrinterConfiguration) -> None:
    first = PrintRuleFactory(connector__space=space, copies=2)
    PrintRuleFactory(connector=first.connector, copies=5, customer_group="B2B")
    # The default printer by its name is the same printer.
    PrintRuleFactory(connector=first.connector, configuration=printer)
    order = order_like(space, first)
    assert PrintJob.objects.get().copies == 2
    _first, *others = printing_bridge.print_decisions(order, Event.RECEIVED)
    with translation.override("en"):
        said = [decision_sentence(decision, printer) for decision in others]
    assert all(text.endswith("because an earlier rule prints it on this printer already.") for text in said)


def test_a_first_rule_that_does_not_fit_leaves_it_to_the_second(space: Space) -> None:
    first = PrintRuleFactory(connector__space=space, copies=2, customer_group="B2C")
    PrintRuleFactory(connector=first.connector, copies=5)
    order_like(space, first)
    assert PrintJob.objects.get().copies == 5


def test_two_printers_and_two_events_are_printed_on_each(space: Space) -> None:
    first = PrintRuleFactory(connector__space=space)
    PrintRuleFactory(connector=first.connector, configuration=PrinterConfigurationFactory(space=space))
    PrintRuleFactory(connector=first.connector, event=Event.INVOICE_ISSUED)
    order_like(space, first)
    assert PrintJob.objects.count() == 3


def test_the_same_event_again_does_nothing_more_whatever_the_rules_are_by_then(space: Space) -> None:
    rule = PrintRuleFactory(connector__space=space)
    MailRule.objects.create(connector=rule.connector, event="received", document="invoice")
    order = order_like(space, rule)
    rule.delete()
    PrintRuleFactory(connector=rule.connector)
    printing_bridge.print_documents(order, Event.RECEIVED)
    assert (PrintJob.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize(("group", "mails"), [("B2B", 1), ("B2C", 0)])
def test_an_e_mail_rule_sends_the_document_to_the_customer(space: Space, group: str, mails: int) -> None:
    connector = ConnectorFactory(space=space)
    MailRule.objects.create(connector=connector, event="shipped", document="packing_slip", customer_group=group)
    customer = customer_json(email="kundin@example.com", group="B2B")
    order = receive(space, connector=connector, customer=customer)
    assert not OutgoingMail.objects.exists()
    assert orders.mark_shipped(order, timezone.now())
    assert not orders.mark_shipped(order, timezone.now())
    found = list(OutgoingMail.objects.values_list("document_kind", "recipient"))
    assert found == [("packing_slip", "kundin@example.com")] * mails


def test_the_group_of_a_customer_holds_for_an_order_that_names_none(space: Space) -> None:
    first = receive(space, customer=customer_json(group="B2B"))
    second = receive(space, customer=customer_json())
    third = receive(space, customer=customer_json(group="VIP"))
    assert [order.customer_group for order in (first, second, third)] == ["B2B", "B2B", "VIP"]
    third.customer.refresh_from_db()
    assert third.customer.group == "VIP"
    first.refresh_from_db()
    assert first.customer_group == "B2B"


def test_the_sentences_are_german_where_the_reader_is(space: Space) -> None:
    rule = PrintRuleFactory(connector__space=space, countries=["CH"], event=Event.RECEIVED)
    order = order_like(space, rule)
    [decision] = printing_bridge.print_decisions(order, Event.RECEIVED)
    with translation.override("de"):
        assert decision_sentence(decision, None) == (
            f"Würde nicht drucken: Rechnung {invoice_of(order).number}, weil das Land der Rechnungsadresse Deutschland "
            "ist und die Regel Schweiz verlangt."
        )
