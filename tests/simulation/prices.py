"""What the levels of the simulated Space charge; the Space is set up from it, and the ledger works with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

CURRENCY = "CHF"


@dataclass(frozen=True, slots=True)
class Price:
    """Fee without tax, and percentages; no tax rate: the fee is compensation."""

    fee: Decimal
    tax_rate: Decimal | None
    interest_consumer: Decimal
    interest_business: Decimal


def _price(fee: str, tax_rate: str | None, consumer: str, business: str) -> Price:
    return Price(Decimal(fee), Decimal(tax_rate) if tax_rate else None, Decimal(consumer), Decimal(business))


LARGE, SMALL = "Large", "Small"
# By flow and level.
PRICES = {
    (LARGE, 1): _price("0", None, "0", "5"),
    (LARGE, 2): _price("20", "8.1", "5", "9.125"),
    (LARGE, 3): _price("40", None, "5", "9.125"),
    (LARGE, 4): _price("0", None, "5", "9.125"),
    (SMALL, 1): _price("2.50", "2.6", "5", "5"),
    (SMALL, 2): _price("12.35", None, "5", "7.77"),
}
