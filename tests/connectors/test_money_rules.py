"""The rules of connectors.money, each with figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.money import (
    Discount,
    LineInput,
    Shipping,
    TaxGroup,
    document_totals,
    line_amount,
    rounded,
    rounded_to_cash,
    smallest_unit,
    spread,
)

D = Decimal


@pytest.mark.parametrize(("currency", "unit"), [("EUR", "0.01"), ("CHF", "0.01"), ("JPY", "1"), ("KWD", "0.001")])
def test_each_currency_has_its_smallest_unit(currency: str, unit: str) -> None:
    assert smallest_unit(currency) == D(unit)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("0.005", "0.01"), ("0.00499", "0.00"), ("1.115", "1.12"), ("-0.005", "-0.01"), ("-0.001", "0")],
)
def test_the_half_is_rounded_away_from_zero(amount: str, expected: str) -> None:
    assert rounded(D(amount), "EUR") == D(expected)


def test_an_amount_rounded_to_nothing_has_no_minus_sign() -> None:
    assert str(rounded(D("-0.001"), "EUR")) == "0.00"


def test_francs_are_rounded_to_five_cents_only_for_cash() -> None:
    assert rounded(D("10.03"), "CHF") == D("10.03")
    assert rounded_to_cash(D("10.03"), "CHF") == D("10.05")
    assert rounded_to_cash(D("10.025"), "CHF") == D("10.05")
    assert rounded_to_cash(D("10.02"), "CHF") == D("10.00")
    assert rounded_to_cash(D("10.03"), "EUR") == D("10.03")


def test_a_line_is_rounded_once_after_its_discount() -> None:
    assert line_amount(LineInput(D("0.125"), D("12.3456"), D(7), discount_percent=D(10)), "EUR") == D("1.39")
    assert line_amount(LineInput(D(3), D("9.90"), D(19), discount=D("0.70")), "EUR") == D("29.00")
    assert line_amount(LineInput(D(3), D("333.3333"), D(10)), "JPY") == D(1000)


def test_tax_is_added_to_net_prices_per_rate() -> None:
    lines = [LineInput(D(1), D("0.03"), D(19)) for _ in range(10)]
    totals = document_totals(lines, "EUR", prices_include_tax=False)
    # Line by line it would be ten times 0.01.
    assert (totals.net, totals.tax, totals.gross) == (D("0.30"), D("0.06"), D("0.36"))


def test_tax_is_contained_in_gross_prices_per_rate() -> None:
    lines = [LineInput(D(1), D("119.00"), D(19)), LineInput(D(2), D("10.70"), D(7))]
    totals = document_totals(lines, "EUR", prices_include_tax=True)
    assert totals.tax_groups == (
        TaxGroup(D(7), lines=D("21.40"), discount=D(0), shipping=D(0), net=D("20.00"), tax=D("1.40"), gross=D("21.40")),
        TaxGroup(D(19), lines=D(119), discount=D(0), shipping=D(0), net=D(100), tax=D(19), gross=D(119)),
    )
    assert (totals.net, totals.tax, totals.gross) == (D("120.00"), D("20.40"), D("140.40"))


def test_a_discount_in_percent_is_spread_over_the_rates_and_spares_shipping() -> None:
    lines = [LineInput(D(3), D("9.90"), D(19)), LineInput(D(1), D("1.39"), D(7))]
    totals = document_totals(
        lines, "EUR", prices_include_tax=False, discount=Discount(percent=D(5)), shipping=Shipping(D("4.90"), D(19))
    )
    reduced, normal = totals.tax_groups
    assert (totals.lines, totals.discount, totals.shipping) == (D("31.09"), D("1.55"), D("4.90"))
    assert (reduced.discount, reduced.net, reduced.tax) == (D("0.07"), D("1.32"), D("0.09"))
    assert (normal.discount, normal.net, normal.tax) == (D("1.48"), D("33.12"), D("6.29"))
    assert totals.gross == D("40.82")


def test_a_cent_that_cannot_be_shared_goes_to_one_rate() -> None:
    assert spread(D("0.01"), {D(7): D(10), D(19): D(10)}, "EUR") == {D(7): D(0), D(19): D("0.01")}


def test_shipping_at_a_rate_no_line_has_makes_its_own_tax_group() -> None:
    totals = document_totals(
        [LineInput(D(1), D(10), D(0))], "CHF", prices_include_tax=False, shipping=Shipping(D(10), D("8.1"))
    )
    assert [(group.rate, group.net, group.tax) for group in totals.tax_groups] == [
        (D(0), D(10), D(0)),
        (D("8.1"), D(10), D("0.81")),
    ]


def test_equal_rates_written_differently_are_one_rate() -> None:
    lines = [LineInput(D(1), D(10), D("20")), LineInput(D(1), D(10), D("20.00"))]
    (group,) = document_totals(lines, "EUR", prices_include_tax=False).tax_groups
    assert (str(group.rate), group.net) == ("20", D(20))


def test_line_amounts_follow_the_order_of_the_lines() -> None:
    lines = [LineInput(D(1), D(price), D(19)) for price in (3, 1, 2)]
    assert document_totals(lines, "EUR", prices_include_tax=True).line_amounts == (D(3), D(1), D(2))


def test_amounts_carry_the_decimals_of_the_currency() -> None:
    totals = document_totals([LineInput(D(1), D(10), D(19))], "EUR", prices_include_tax=False)
    assert [str(value) for value in (totals.net, totals.tax, totals.gross)] == ["10.00", "1.90", "11.90"]
