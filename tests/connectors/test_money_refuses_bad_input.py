"""What no document can be made of is refused with a sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.money import Discount, LineInput, MoneyError, Shipping, document_totals, line_amount, rounded, spread

D = Decimal
GOOD: dict[str, Any] = {"quantity": D(1), "unit_price": D(10), "tax_rate": D(19)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quantity": D(-1)}, "The quantity must not be negative, it is -1."),
        ({"quantity": D("0.0001")}, "The quantity may have 3 decimals at most, 0.0001 has 4."),
        ({"quantity": D("NaN")}, "The quantity must be a number, it is NaN."),
        ({"quantity": D("Infinity")}, "The quantity must be a number, it is Infinity."),
        ({"quantity": D(10) ** 10}, "The quantity must be smaller than 10,000,000,000."),
        ({"unit_price": D("-0.01")}, "The unit price must not be negative, it is -0.01."),
        ({"unit_price": D("0.00001")}, "The unit price may have 4 decimals at most, 0.00001 has 5."),
        ({"unit_price": 9.9}, "The unit price must be an exact decimal number, it is 9.9."),
        ({"tax_rate": D(-1)}, "The tax rate must not be negative, it is -1."),
        ({"tax_rate": D("100.1")}, "The tax rate must be between 0 and 100 percent, it is 100.1."),
        ({"tax_rate": D("8.12345")}, "The tax rate may have 3 decimals at most, 8.12345 has 5."),
        ({"discount": D("0.001")}, "The line discount may have 2 decimals at most, 0.001 has 3."),
        ({"discount": D("10.01")}, "The line discount of 10.01 is larger than the line itself."),
        ({"discount": D(1), "discount_percent": D(1)}, "A line has a discount in percent or as an amount, not both."),
        ({"quantity": D(10) ** 6, "unit_price": D(10) ** 4}, "An amount must be smaller than 10,000,000,000."),
    ],
)
def test_a_bad_line_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MoneyError) as refused:
        line_amount(LineInput(**(GOOD | change)), "EUR")
    assert str(refused.value) == sentence


def test_decimals_hidden_behind_seventy_digits_are_found() -> None:
    with pytest.raises(MoneyError, match="decimals at most"):
        line_amount(LineInput(D("1." + "0" * 70 + "1"), D(1), D(0)), "EUR")


def test_trailing_zeros_are_not_decimals() -> None:
    assert line_amount(LineInput(D("1.000000"), D("2.00000000"), D("19.0000")), "EUR") == D(2)


@pytest.mark.parametrize("currency", ["", "eur", "Euro", "XYZ"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(MoneyError, match="is not a currency code"):
        rounded(D(1), currency)


@pytest.mark.parametrize(
    "discount", [Discount(percent=D(101)), Discount(amount=D("10.01")), Discount(D(1), D(1)), Discount(amount=D(-1))]
)
def test_a_bad_document_discount_is_refused(discount: Discount) -> None:
    with pytest.raises(MoneyError):
        document_totals([LineInput(**GOOD)], "EUR", prices_include_tax=False, discount=discount)


@pytest.mark.parametrize("shipping", [Shipping(D(-1), D(19)), Shipping(D("0.001"), D(19)), Shipping(D(1), D(101))])
def test_bad_shipping_costs_are_refused(shipping: Shipping) -> None:
    with pytest.raises(MoneyError, match="shipping"):
        document_totals([LineInput(**GOOD)], "EUR", prices_include_tax=False, shipping=shipping)


def test_lines_that_overflow_together_are_refused() -> None:
    lines = [LineInput(D(1), D("9999999999"), D(0))] * 2
    with pytest.raises(MoneyError, match="smaller than"):
        document_totals(lines, "EUR", prices_include_tax=False)


def test_tax_that_overflows_the_total_is_refused() -> None:
    with pytest.raises(MoneyError, match="smaller than"):
        document_totals([LineInput(D(1), D("9999999999"), D(1))], "EUR", prices_include_tax=False)


def test_an_amount_cannot_be_spread_over_nothing() -> None:
    with pytest.raises(MoneyError, match="nothing"):
        spread(D(1), {}, "EUR")
