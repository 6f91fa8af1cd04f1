"""Orders as they come in, and what is made of them."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import factory as factory_boy
from factory.django import DjangoModelFactory

from connectors.models import Connector, Customer, Document, Event, Invoice, Order, PrintRule, Slip
from connectors.order_json import RawOrder, parse
from connectors.order_schema import OrderInput
from connectors.services import orders
from spaces.models import Space
from tests.factories import SpaceFactory

# Its own types describe the factories; what tests hold in their hands are the rows they make.
factory: Any = factory_boy
RowFactory: Any = DjangoModelFactory

_numbers = count(1)


def order_json(line_count: int = 1, **changes: Any) -> dict[str, Any]:
    """An order as an importing program sends it; ``changes`` replaces its fields."""
    number = next(_numbers)
    order = {
        "external_id": f"shop-{number}",
        "number": f"{number}",
        "currency": "EUR",
        "placed_at": "2026-01-31T10:00:00+01:00",
        "prices_include_tax": False,
        "customer": customer_json(),
        "lines": [line_json() for _line in range(line_count)],
    }
    return {**order, **changes}


def customer_json(**changes: Any) -> dict[str, Any]:
    customer = {
        "external_id": "customer-1",
        "company": "Beispiel AG",
        "street": "Musterweg 3",
        "postal_code": "54321",
        "city": "Beispielhausen",
        "country": "DE",
    }
    return {**customer, **changes}


def line_json(**changes: Any) -> dict[str, Any]:
    return {"description": "Tischlampe", "quantity": 2, "unit_price": "10.00", "tax_rate": 19, **changes}


def order_input(line_count: int = 1, **changes: Any) -> OrderInput:
    return parse(RawOrder(json.dumps(order_json(line_count, **changes)).encode()))


def receive(space: Space, line_count: int = 1, connector: Connector | None = None, **changes: Any) -> Order:
    """An order of this Space, received as every order is."""
    order, _created = orders.receive(space, order_input(line_count, **changes), connector)
    return order


def invoice_of(order: Order) -> Invoice:
    return Invoice.objects.get(order=order)


class ConnectorFactory(RowFactory):  # type: ignore[misc]
    """A connector that prints nothing: it has no rules."""

    class Meta:
        model = Connector

    space = factory.SubFactory(SpaceFactory)
    name = factory.SelfAttribute("key")
    key = factory.Sequence(lambda number: f"shop-{number}")


class PrintRuleFactory(RowFactory):  # type: ignore[misc]
    """The invoice on the default printer, when an order is received."""

    class Meta:
        model = PrintRule

    connector = factory.SubFactory(ConnectorFactory)
    event = Event.RECEIVED
    document = Document.INVOICE


class CustomerFactory(RowFactory):  # type: ignore[misc]
    class Meta:
        model = Customer

    space = factory.SubFactory(SpaceFactory)
    company = factory.Sequence(lambda number: f"Beispiel {number} AG")
    street = "Musterweg 3"
    postal_code = "54321"
    city = "Beispielhausen"
    country = "DE"


def swiss(space: Space, slip: Slip = Slip.PAGE, **account: str) -> Connector:
    """Make the Space a Swiss one, with a QR-IBAN unless an ``account`` is given; its connector asks for slips."""
    address = {"company": "Beispiel AG", "street": "Beispielgasse 7", "postal_code": "8000", "city": "Zürich"}
    account = account or {"qr_iban": "CH4431999123000889012"}
    for name, value in {**address, "country": "CH", "currency": "CHF", **account}.items():
        setattr(space, name, value)
    space.full_clean()
    space.save()
    connector: Connector = ConnectorFactory(space=space, slip=slip)
    return connector


def swiss_invoice(space: Space, connector: Connector | None = None, **order: Any) -> Invoice:
    """An invoice in CHF to somebody in Geneva."""
    address = {"postal_code": "1200", "city": "Genève", "country": "CH"}
    customer = customer_json(**address, **order.pop("customer", {}))
    return invoice_of(receive(space, connector=connector, **{"currency": "CHF", "customer": customer, **order}))
