"""Connect > Connectors, and Sales > Customers: within one Space, by role."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from connectors.models import Connector, Customer, Document, Event, PrintRule, Slip
from spaces.models import Space
from tests.connectors.documents.payments import SWISS_IBAN
from tests.connectors.factories import ConnectorFactory, CustomerFactory, PrintRuleFactory, receive
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/connector/"
CUSTOMERS = "/space/alpenblick/connectors/customer/"


def form_data(*rules: tuple[str, str, Any, str], **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": "Shop",
        "key": "shop",
        "active": "on",
        "payment_days": "30",
        "rules-TOTAL_FORMS": str(len(rules)),
        "rules-INITIAL_FORMS": "0",
        "mail_rules-TOTAL_FORMS": "0",
        "mail_rules-INITIAL_FORMS": "0",
    }
    for number, rule in enumerate(rules):
        fields = zip(("event", "document", "configuration", "copies"), rule, strict=True)
        data |= {f"rules-{number}-{name}": value for name, value in fields}
        data[f"rules-{number}-country_of"] = "billing"
    return {**data, **changes}


def test_a_connector_is_made_with_its_rules(space: Space, operator_client: Client) -> None:
    printer = PrinterConfigurationFactory(space=space)
    assert operator_client.get(f"{BASE}add/").status_code == 200
    data = form_data(("paid", "invoice", printer.pk, "2"), ("shipped", "packing_slip", "", ""))
    assert operator_client.post(f"{BASE}add/", data).status_code == 302
    connector = Connector.objects.get()
    assert (connector.space, connector.payment_days) == (space, 30)
    assert {(rule.event, rule.document, rule.configuration, rule.copies) for rule in connector.rules.all()} == {
        (Event.PAID, Document.INVOICE, printer, 2),
        (Event.SHIPPED, Document.PACKING_SLIP, None, None),
    }
    assert "Shop" in operator_client.get(BASE).content.decode()


@pytest.mark.parametrize(
    ("rules", "changes", "sentence"),
    [
        ([("paid", "invoice", "", ""), ("paid", "invoice", "", "2")], {}, "Two rules say the same"),
        ([("paid", "invoice", "", "100")], {}, "less than or equal to 99"),
        ([("paid", "invoice", "", "0")], {}, "greater than or equal to 1"),
        ([("never", "invoice", "", "")], {}, "Select a valid choice"),
        ([], {"key": "taken"}, "Another connector of this Space has this key already."),
        ([], {"payment_days": "366"}, "less than or equal to 365"),
    ],
)
def test_what_is_wrong_is_said_in_the_form(
    space: Space, operator_client: Client, rules: list[Any], changes: dict[str, str], sentence: str
) -> None:
    ConnectorFactory(space=space, key="taken")
    response = operator_client.post(f"{BASE}add/", form_data(*rules, **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_printers_of_another_space_are_not_offered_and_not_taken(
    space: Space, operator_client: Client, stranger: Any
) -> None:
    connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector)
    content = operator_client.get(f"{BASE}{connector.pk}/change/").content.decode()
    assert stranger.configuration.name not in content
    data = form_data(("paid", "invoice", stranger.configuration.pk, ""))
    assert operator_client.post(f"{BASE}add/", data).status_code == 200
    assert Connector.objects.in_space(space).count() == 1


def test_a_connector_with_orders_is_not_deleted_and_one_without_is(space: Space, owner_client: Client) -> None:
    used, unused = ConnectorFactory(space=space), ConnectorFactory(space=space)
    receive(space, connector=used)
    assert owner_client.post(f"{BASE}{used.pk}/delete/", {"post": "yes"}).status_code == 403
    assert owner_client.post(f"{BASE}{unused.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Connector.objects.all()) == [used]


def test_a_viewer_looks_and_changes_nothing(space: Space, viewer_client: Client) -> None:
    connector = ConnectorFactory(space=space)
    assert viewer_client.get(f"{BASE}{connector.pk}/change/").status_code == 200
    assert viewer_client.post(f"{BASE}{connector.pk}/change/", form_data(name="x")).status_code == 403
    assert viewer_client.post(f"{BASE}add/", form_data()).status_code == 403


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_stranger_finds_nothing(space: Space, stranger: Any, stranger_client: Client, page: str) -> None:
    rows: dict[str, Any] = {"connector": ConnectorFactory(space=space), "customer": CustomerFactory(space=space)}
    for slug in ("alpenblick", stranger.space.slug):
        for model, row in rows.items():
            url = f"/space/{slug}/connectors/{model}/{row.pk}/{page}/"
            assert stranger_client.get(url).status_code == 404
            assert stranger_client.post(url, {"post": "yes"}).status_code in {403, 404}
    assert Connector.objects.filter(pk=rows["connector"].pk).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"copies": 100},
        {"amount_from": 20, "amount_to": 10},
        {"time_from": time(8), "time_to": time(8)},
        {"event": Event.CREDIT_NOTE_ISSUED},
        {"document": Document.CREDIT_NOTE},
    ],
)
def test_the_database_takes_no_rule_that_can_never_hold(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PrintRuleFactory(**fields)
    assert not PrintRule.objects.exists()


def test_a_customer_is_found_and_changed(space: Space, operator_client: Client) -> None:
    customer = CustomerFactory(space=space, company="Muster GmbH", number="K-7")
    CustomerFactory(space=space, company="Beispiel AG")
    for term in ("K-7", "must"):
        content = operator_client.get(CUSTOMERS, {"q": term}).content.decode()
        assert "Muster GmbH" in content
        assert "Beispiel AG" not in content
    data = {"company": "", "name": "", "city": "Y", "country": "DE"}
    response = operator_client.post(f"{CUSTOMERS}{customer.pk}/change/", data)
    assert "Enter a company or a name." in response.content.decode()
    response = operator_client.post(f"{CUSTOMERS}{customer.pk}/change/", {**data, "name": "Neu"})
    assert response.status_code == 302
    assert str(Customer.objects.get(pk=customer.pk)) == "Neu"


def test_the_payment_slip_is_offered_where_the_account_is_swiss(space: Space, operator_client: Client) -> None:
    address = f"{BASE}add/"
    assert "Payment slip" not in operator_client.get(address).content.decode()
    Space.objects.filter(pk=space.pk).update(iban=SWISS_IBAN, country="CH")
    assert "Payment slip" in operator_client.get(address).content.decode()
    assert operator_client.post(address, form_data(slip="page")).status_code == 302
    assert Connector.objects.get().slip == Slip.PAGE


def test_a_slip_that_could_not_be_made_is_refused_with_the_reason(space: Space, operator_client: Client) -> None:
    Space.objects.filter(pk=space.pk).update(iban=SWISS_IBAN, country="CH", city="x" * 36)
    content = operator_client.post(f"{BASE}add/", form_data(slip="page")).content.decode()
    assert f"The city “{'x' * 36}” is longer than the 35 characters that fit on a payment slip." in content
    assert not Connector.objects.exists()


def test_a_slip_whose_account_is_gone_can_be_switched_off(space: Space, operator_client: Client) -> None:
    connector = ConnectorFactory(space=space, slip=Slip.FOOT)
    address = f"{BASE}{connector.pk}/change/"
    refused = operator_client.post(address, form_data(slip="foot")).content.decode()
    assert "The settings of the Space do not suffice for a payment slip." in refused
    assert operator_client.post(address, form_data(slip="none")).status_code == 302
    assert "Payment slip" not in operator_client.get(address).content.decode()
