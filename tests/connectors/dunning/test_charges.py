"""What a notice asks for adds up, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents.data import Party
from connectors.dunning.charges import Claim, Terms, charges, is_business
from connectors.dunning.interest import Settlement
from connectors.money import rounded, smallest_unit

DUE = date(2026, 3, 2)


def claim(gross: str = "100.00", *settled: Settlement, currency: str = "EUR") -> Claim:
    return Claim(Decimal(gross), currency, DUE, settled)


def terms(fee: str = "0", tax: str | None = None, rate: str = "0") -> Terms:
    return Terms(Decimal(fee), Decimal(tax) if tax is not None else None, Decimal(rate))


def test_a_fee_without_tax_is_compensation() -> None:
    asked = charges(claim(), terms("5"), [], DUE + timedelta(days=10))
    assert (asked.fee, asked.fee_tax, asked.total) == (Decimal("5.00"), Decimal("0.00"), Decimal("105.00"))


def test_a_fee_with_tax_is_rounded_to_the_cent() -> None:
    asked = charges(claim(), terms("4.99", "19"), [], DUE + timedelta(days=10))
    assert (asked.fee_tax, asked.total) == (Decimal("0.95"), Decimal("105.94"))


def test_earlier_fees_stay_owed_and_interest_is_not_added_twice() -> None:
    asked = charges(claim("1000.00"), terms("10", rate="9"), [Decimal("5.95")], DUE + timedelta(days=73))
    assert asked.fees_before == Decimal("5.95")
    assert asked.interest.total == Decimal("18.00")  # a fifth of a year on 1,000 euros, not on the fees
    assert asked.total == Decimal("1033.95")


def test_payments_make_the_open_sum_smaller() -> None:
    asked = charges(
        claim("100.00", Settlement(DUE + timedelta(days=1), Decimal("99.99"))),
        terms(rate="9"),
        [],
        DUE + timedelta(days=9),
    )
    assert asked.principal == Decimal("0.01")
    assert asked.total == Decimal("0.01")


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (Party(name="Ada Beispiel"), False),
        (Party(company="Beispiel AG", name="Ada Beispiel"), True),
        (Party(name="Ada Beispiel", vat_number="DE123456789"), True),
        (Party(company="  ", name="Ada Beispiel"), False),
    ],
)
def test_a_company_or_a_vat_number_makes_a_business(party: Party, *, expected: bool) -> None:
    assert is_business(party) is expected


@given(
    gross=st.decimals(Decimal("0.01"), Decimal(1_000_000), places=2),
    fee=st.decimals(Decimal(0), Decimal(500), places=4),
    tax=st.none() | st.decimals(Decimal(0), Decimal(100), places=3),
    rate=st.decimals(Decimal(0), Decimal(100), places=3),
    before=st.lists(st.decimals(Decimal(0), Decimal(100), places=2), max_size=8),
    days=st.integers(0, 1000),
    currency=st.sampled_from(["EUR", "CHF", "JPY", "KWD"]),
)
def test_the_parts_add_up_in_whole_units(
    gross: Decimal,
    fee: Decimal,
    tax: Decimal | None,
    rate: Decimal,
    before: list[Decimal],
    days: int,
    currency: str,
) -> None:
    asked = charges(Claim(gross, currency, DUE), Terms(fee, tax, rate), before, DUE + timedelta(days=days))
    unit = smallest_unit(currency)
    parts = [asked.principal, asked.fees_before, asked.fee, asked.fee_tax, asked.interest.total]
    assert sum(parts) == asked.total
    assert all(part % unit == 0 and part >= 0 for part in parts)
    assert asked.principal == rounded(gross, currency)
