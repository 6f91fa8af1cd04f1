"""Sales > Orders: entered here they go the way of every order; afterwards they are read, and buttons report events."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connectors.models import Connector, Event, Invoice, InvoiceState, Order
from printing.models import PrintJob
from spaces.models import Space
from tests.connectors.factories import ConnectorFactory, CustomerFactory, PrintRuleFactory, invoice_of, receive
from tests.factories import PrinterConfigurationFactory, SpaceFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/order/"


def form_data(customer: Any, **changes: Any) -> dict[str, Any]:
    """The form for an order as a browser sends it."""
    data = {
        "token": str(uuid.uuid4()),
        "customer": customer.pk,
        "connector": "",
        "number": "T-1",
        "placed_at_0": "2026-01-31",
        "placed_at_1": "10:00:00",
        "currency": "EUR",
        "prices_include_tax": "on",
        "discount_percent": "10",
        "shipping": "4.90",
        "shipping_tax_rate": "19",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "Tischlampe",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "10.00",
        "lines-0-tax_rate": "19",
        "lines-1-description": "",
        "lines-1-quantity": "",
    }
    return {**data, **changes}


@pytest.fixture
def customer(space: Space) -> Any:
    return CustomerFactory(space=space, company="Muster GmbH", number="K-1", language="de")


def test_an_order_that_is_entered_is_received_like_any_other(
    space: Space, operator_client: Client, customer: Any
) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    assert operator_client.get(f"{BASE}add/").status_code == 200
    assert not Connector.objects.exists()  # looking changes nothing
    response = operator_client.post(
        f"{BASE}add/", form_data(customer, delivery_name="Lager", delivery_city="X", delivery_country="AT")
    )
    assert response.status_code == 302
    order = Order.objects.get()
    assert (order.number, order.customer, order.lines.count()) == ("T-1", customer, 1)
    assert order.placed_at.isoformat() == "2026-01-31T09:00:00+00:00"  # it was ten o'clock in Berlin
    assert str(order.gross.normalize()) == "22.9"
    assert order.delivery_party is not None
    invoice = invoice_of(order)
    assert (invoice.copy.customer_number, invoice.copy.language, invoice.copy.gross) == ("K-1", "de", invoice.gross)
    assert PrintJob.objects.count() == 2
    assert response.headers["Location"] == BASE


def test_two_clicks_on_save_are_one_order(space: Space, operator_client: Client, customer: Any) -> None:
    data = form_data(customer)
    for _click in range(2):
        assert operator_client.post(f"{BASE}add/", data).status_code == 302
    assert (Order.objects.count(), Invoice.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lines-0-quantity": "0"}, "greater than or equal to 0.001"),
        ({"lines-0-quantity": "x"}, "Enter a number."),
        ({f"lines-0-{name}": "" for name in ("description", "quantity", "unit_price", "tax_rate")}, "is required."),
        ({"discount": "5"}, "must have either “percent” or “amount”"),
        ({"discount_percent": "", "discount": "20.01"}, "larger than the sum"),
        ({"number": ""}, "This field is required."),
        ({"delivery_name": "Lager"}, "delivery_address.city: must not be empty"),
        ({"note": "a\0b"}, "Null characters are not allowed"),
        ({"token": "x"}, "Enter a valid UUID."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_form_and_nothing_is_written(
    space: Space, operator_client: Client, customer: Any, changes: dict[str, str], sentence: str
) -> None:
    response = operator_client.post(f"{BASE}add/", form_data(customer, **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Order.objects.exists()


def test_nothing_of_another_space_can_be_chosen(space: Space, operator_client: Client, customer: Any) -> None:
    other = CustomerFactory(company="Fremde AG")
    foreign = ConnectorFactory(space=other.space, name="Fremder Laden")
    assert "Fremder Laden" not in operator_client.get(f"{BASE}add/").content.decode()
    for data in (form_data(other), form_data(customer, connector=foreign.pk)):
        assert operator_client.post(f"{BASE}add/", data).status_code == 200
    assert not Order.objects.exists()
    found = operator_client.get(
        "/space/alpenblick/autocomplete/?app_label=connectors&model_name=order&field_name=customer&term=AG"
    )
    assert found.json()["results"] == []


def test_a_received_order_is_read_only(space: Space, owner_client: Client) -> None:
    order = receive(space)
    page = f"{BASE}{order.pk}/change/"
    content = owner_client.get(page).content.decode()
    assert "Tischlampe" in content
    assert "€23.80" in content
    assert ">2 </td>" in content  # not 2.000
    assert owner_client.post(page, {"number": "x"}).status_code == 405
    assert owner_client.post(f"{BASE}{order.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Order.objects.get().number == order.number


def test_the_buttons_report_paid_and_shipped_once(space: Space, operator_client: Client) -> None:
    connector = ConnectorFactory(space=space)
    for event in (Event.PAID, Event.SHIPPED):
        PrintRuleFactory(connector=connector, event=event)
    order = receive(space, connector=connector)
    for button in ("paid", "shipped", "paid"):
        assert operator_client.get(f"{BASE}{order.pk}/{button}/").status_code == 405
        assert operator_client.post(f"{BASE}{order.pk}/{button}/").status_code == 302
    order.refresh_from_db()
    assert order.paid_at
    assert order.shipped_at
    assert invoice_of(order).state == InvoiceState.PAID
    assert PrintJob.objects.count() == 2


def test_many_orders_are_reported_at_once(space: Space, operator_client: Client) -> None:
    received = [receive(space) for _order in range(2)]
    data = {"action": "paid_selected", "_selected_action": [order.pk for order in received]}
    assert operator_client.post(BASE, data).status_code == 302
    assert not Order.objects.filter(paid_at=None).exists()


def test_a_viewer_looks_and_does_nothing_else(space: Space, viewer_client: Client, customer: Any) -> None:
    order = receive(space)
    assert viewer_client.get(BASE).status_code == 200
    content = viewer_client.get(f"{BASE}{order.pk}/change/").content.decode()
    assert "Mark as paid" not in content
    assert viewer_client.post(f"{BASE}{order.pk}/paid/").status_code == 403
    assert viewer_client.get(f"{BASE}add/").status_code == 403
    assert viewer_client.post(f"{BASE}add/", form_data(customer)).status_code == 403
    viewer_client.post(BASE, {"action": "paid_selected", "_selected_action": [order.pk]})
    assert Order.objects.get().paid_at is None


def test_a_stranger_finds_nothing(space: Space, stranger: Any, stranger_client: Client) -> None:
    order = receive(space, number="A-4711")
    own = f"/space/{stranger.space.slug}/connectors/order/"
    for base in (BASE, own):
        assert stranger_client.get(f"{base}{order.pk}/change/").status_code == 404
        assert stranger_client.post(f"{base}{order.pk}/paid/").status_code == 404
    stranger_client.post(own, {"action": "paid_selected", "_selected_action": [order.pk]})
    assert Order.objects.get().paid_at is None
    assert order.number not in stranger_client.get(own).content.decode()


@pytest.mark.parametrize("term", ["A-4711", "shop-x", "A-47", "Muster"])
def test_an_order_is_found_by_its_numbers_and_its_customer(space: Space, viewer_client: Client, term: str) -> None:
    receive(
        space, number="A-4711", external_id="shop-x", customer={"name": "Muster GmbH", "city": "X", "country": "DE"}
    )
    receive(space, number="B-1")
    content = viewer_client.get(BASE, {"q": term}).content.decode()
    assert "A-4711" in content
    assert "B-1" not in content


def test_the_list_tells_what_was_printed(space: Space, viewer_client: Client) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    receive(space)
    content = viewer_client.get(BASE).content.decode()
    assert "Invoice: Pending" in content
    assert "Packing slip: Pending" in content


def test_without_printing_the_list_has_no_such_column() -> None:
    from tests.factories import MemberFactory

    space = SpaceFactory(slug="alpenblick")
    client = Client()
    client.force_login(MemberFactory(space=space).user)
    order = receive(space)
    assert client.get(BASE).status_code == 200
    content = client.get(f"{BASE}{order.pk}/change/").content.decode()
    assert "Print jobs" not in content


def test_a_longer_list_asks_the_database_as_often(space: Space, viewer_client: Client) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    counts = []
    for _round in range(2):
        for _order in range(3):
            receive(space)
        viewer_client.get(BASE)
        with CaptureQueriesContext(connection) as queries:
            viewer_client.get(BASE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
