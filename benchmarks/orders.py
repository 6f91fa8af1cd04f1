"""Orders as a shop sends them: five lines, two tax rates, shipping."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from benchmarks.rows import saved
from connectors.models import Connector, Invoice, Order
from connectors.order_schema import OrderInput
from connectors.services.orders import receive
from spaces.models import Space

_GOODS = (
    ("Tischlampe „Lübeck“, Messing gebürstet", "TL-1000", "2", "89.90", "19"),
    ("Leuchtmittel E27, 8 W, warmweiß", "LM-E27-08", "6", "4.95", "19"),
    ("Fachbuch „Licht und Raum“, 3. Auflage", "978-3-00-000000-0", "1", "39.00", "7"),
    ("Textilkabel, meterweise", "TK-3x075", "12.5", "2.35", "19"),
    ("Montagezubehör (Schrauben, Dübel, Klemmen)", "MZ-1", "1", "12.49", "19"),
)
_numbers = count(1)


def order_inputs(amount: int) -> Iterator[OrderInput]:
    """New orders, each of another customer."""
    for _ in range(amount):
        number = next(_numbers)
        yield OrderInput.model_validate(_order(number))


def _order(number: int) -> dict[str, Any]:
    return {
        "external_id": f"shop-{number}",
        "number": f"{10_000 + number}",
        "currency": "EUR",
        "placed_at": "2025-11-23T10:15:00+01:00",
        "customer": {
            "external_id": f"customer-{number}",
            "company": "Käuferin & Söhne OHG",
            "name": f"Abteilung {number}",
            "street": "Äußere Lübecker Straße 100 a",
            "postal_code": "54321",
            "city": "Beispielhausen",
            "country": "DE",
            "language": "de",
        },
        "lines": [
            {"description": text, "sku": sku, "quantity": quantity, "unit_price": price, "tax_rate": rate}
            for text, sku, quantity, price, rate in _GOODS
        ],
        "shipping": {"amount": "4.90", "tax_rate": "19"},
    }


def connector(space: Space, key: str) -> Connector:
    """A connector that prints nothing yet."""
    return saved(Connector(space=space, name=key, key=key))


def invoices(source: Connector, amount: int) -> list[Invoice]:
    """The invoices of new orders."""
    orders: list[Order] = [receive(source.space, order, source)[0] for order in order_inputs(amount)]
    return list(Invoice.objects.filter(order__in=orders).order_by("pk"))
