"""The sales of a plan, as the orders that a shop sends."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tests.connectors.factories import customer_json
from tests.simulation.plan import Customer, Sale
from tests.simulation.prices import CURRENCY


def order_of(sale: Sale) -> dict[str, Any]:
    """What stands in the order of a sale, placed now."""
    lines = [
        {
            "description": f"Article {number}",
            "quantity": line.quantity,
            "unit_price": str(line.unit_price),
            "tax_rate": str(line.tax_rate),
        }
        for number, line in enumerate(sale.lines, start=1)
    ]
    return {
        "external_id": f"sale-{sale.number}",
        "number": f"B-{sale.number}",
        "currency": CURRENCY,
        "placed_at": timezone.now().isoformat(),
        "prices_include_tax": sale.prices_include_tax,
        "customer": _customer(sale.customer),
        "lines": lines,
    }


def _customer(customer: Customer) -> dict[str, Any]:
    person = {"company": "", "name": "Kim Muster"}
    return customer_json(
        external_id=f"customer-{customer.number}",
        postal_code="3000",
        city="Bern",
        country="CH",
        email=customer.email,
        language=customer.language,
        **({"company": f"Kundschaft {customer.number} AG"} if customer.company else person),
    )
