"""Numbers, money and dates look as they do in the country, as babel knows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents.formats import city_line, country_name, grouped_iban, style

D = Decimal
PLACES = [("de", "DE"), ("de", "AT"), ("de", "CH"), ("de", "LI"), ("en", "GB"), ("en", "CH"), ("en", "US")]
amounts = st.integers(-(10**11), 10**11).map(lambda units: D(units).scaleb(-2))


@given(st.sampled_from(PLACES), amounts)
def test_amounts_are_written_as_babel_writes_them(place: tuple[str, str], amount: Decimal) -> None:
    locale = "_".join(place)
    expected = format_decimal(amount, "#,##0.00", locale=locale)
    assert style(*place).amount(amount).replace("−", "-") == expected


@given(st.sampled_from(PLACES), amounts.filter(lambda amount: amount >= 0), st.sampled_from(["EUR", "CHF", "USD"]))
def test_money_is_written_as_babel_writes_it(place: tuple[str, str], amount: Decimal, currency: str) -> None:
    expected = format_currency(amount, currency, locale="_".join(place))
    assert style(*place, currency).total(amount) == expected


@given(st.sampled_from(PLACES), st.integers(-(10**9), 10**9).map(lambda units: D(units).scaleb(-3)))
def test_quantities_are_written_as_babel_writes_them(place: tuple[str, str], quantity: Decimal) -> None:
    expected = format_decimal(quantity, "#,##0.###", locale="_".join(place))
    assert style(*place).number(quantity).replace("−", "-").replace("-0", "0", expected == "0") == expected


@pytest.mark.parametrize(
    ("place", "money", "day", "rate"),
    [
        (("de", "DE", "EUR"), "1.234,50\xa0€", "24.11.2025", "8,1\xa0%"),
        (("de", "AT", "EUR"), "€\xa01.234,50", "24.11.2025", "8,1\xa0%"),
        (("de", "CH", "CHF"), "CHF\xa01’234.50", "24.11.2025", "8.1%"),
        (("en", "CH", "CHF"), "CHF\xa01’234.50", "24 Nov 2025", "8.1%"),
        (("en", "GB", "GBP"), "£1,234.50", "24 Nov 2025", "8.1%"),
        (("en", "DE", "EUR"), "€1,234.50", "24 Nov 2025", "8.1%"),
        (("en", "US", "USD"), "$1,234.50", "Nov 24, 2025", "8.1%"),
        (("de", "JP", "JPY"), "1.235\xa0¥", "24.11.2025", "8,1\xa0%"),
    ],
)
def test_each_country_has_its_habits(place: tuple[str, str, str], money: str, day: str, rate: str) -> None:
    write = style(*place)
    amount = D(1235) if place[2] == "JPY" else D("1234.5")
    assert (write.total(amount), write.day(date(2025, 11, 24)), write.rate(D("8.1"))) == (money, day, rate)


def test_a_unit_price_shows_the_decimals_that_it_has() -> None:
    write = style("de", "DE")
    assert [write.price(D(price)) for price in ("9.9", "0.0345", "2.3450", "1000")] == [
        "9,90",
        "0,0345",
        "2,345",
        "1.000,00",
    ]


def test_a_negative_amount_has_a_real_minus_sign() -> None:
    assert style("de", "DE").total(D("-12.5")) == "−12,50\xa0€"


def test_an_iban_is_written_in_groups_of_four() -> None:
    assert grouped_iban("de89 370400440532013000") == "DE89 3704 0044 0532 0130 00".replace(" ", "\xa0")
    assert grouped_iban("") == ""
    assert (
        grouped_iban("No account yet, please ask for it in writing") == "No account yet, please ask for it in writing"
    )


def test_postal_code_and_city_follow_the_country() -> None:
    assert city_line("12345", "Musterstadt", "DE") == "12345 Musterstadt"
    assert city_line("AB1 2CD", "Sampleton", "GB") == "Sampleton AB1 2CD"
    assert city_line("", "Musterstadt", "DE") == "Musterstadt"


def test_the_country_of_destination_is_named_in_the_senders_language() -> None:
    assert country_name("FR", "DE") == "FRANKREICH"
    assert country_name("DE", "GB") == "GERMANY"
    assert country_name("XX", "DE") == "XX"
