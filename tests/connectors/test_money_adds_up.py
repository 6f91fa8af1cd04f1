"""Whatever is ordered, the figures on the document add up to the last unit."""

from __future__ import annotations

from decimal import Decimal, localcontext
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from connectors.money import (
    Discount,
    LineInput,
    Shipping,
    Totals,
    document_totals,
    line_amount,
    rounded_to_cash,
    smallest_unit,
    spread,
)

D = Decimal


def decimals(most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10**places).map(lambda whole: D(whole).scaleb(-places))


currencies = st.sampled_from(["EUR", "CHF", "GBP", "JPY", "KWD"])
rates = st.sampled_from([D(0), D("2.6"), D(7), D("8.1"), D(19), D(20), D("8.375"), D(100)])
lines = st.builds(
    LineInput, decimals(1000, 3), decimals(5000, 4), rates, discount_percent=st.just(D(0)) | decimals(100, 2)
)
discounts = st.none() | st.builds(Discount, percent=decimals(100, 3))


@st.composite
def documents(draw: st.DrawFn) -> tuple[list[LineInput], Totals]:
    currency = draw(currencies)
    ordered = draw(st.lists(lines, max_size=12))
    shipping = st.builds(Shipping, decimals(50, 0), rates)
    totals = document_totals(
        ordered,
        currency,
        prices_include_tax=draw(st.booleans()),
        discount=draw(discounts),
        shipping=draw(st.none() | shipping),
    )
    return ordered, totals


@given(documents())
def test_every_rate_and_the_total_add_up(document: tuple[list[LineInput], Totals]) -> None:
    _, totals = document
    groups = totals.tax_groups
    assert totals.net + totals.tax == totals.gross
    assert sum(totals.line_amounts) == totals.lines == sum(group.lines for group in groups)
    assert sum(group.discount for group in groups) == totals.discount
    assert sum(group.shipping for group in groups) == totals.shipping
    assert sum(group.net for group in groups) == totals.net
    assert sum(group.tax for group in groups) == totals.tax
    for group in groups:
        asked = group.lines - group.discount + group.shipping
        assert group.net + group.tax == group.gross
        assert asked == (group.gross if totals.prices_include_tax else group.net)
        assert 0 <= group.discount <= group.lines


@given(documents())
def test_the_tax_of_a_rate_is_within_half_a_unit(document: tuple[list[LineInput], Totals]) -> None:
    _, totals = document
    half = smallest_unit(totals.currency) / 2
    for group in totals.tax_groups:
        if totals.prices_include_tax:
            assert abs(group.gross * group.rate / (100 + group.rate) - group.tax) <= half
        else:
            assert abs(group.net * group.rate / 100 - group.tax) <= half


@given(documents())
def test_every_amount_is_a_whole_number_of_units(document: tuple[list[LineInput], Totals]) -> None:
    _, totals = document
    unit = smallest_unit(totals.currency)
    amounts = [totals.net, totals.tax, totals.gross, totals.discount, totals.shipping, *totals.line_amounts]
    assert all(amount.as_tuple().exponent == unit.as_tuple().exponent for amount in amounts)


@given(st.lists(lines, max_size=10), discounts, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(
    ordered: list[LineInput], discount: Discount | None, gross: bool, random: Random
) -> None:
    shuffled = random.sample(ordered, len(ordered))
    one = document_totals(ordered, "EUR", prices_include_tax=gross, discount=discount)
    other = document_totals(shuffled, "EUR", prices_include_tax=gross, discount=discount)
    assert (one.tax_groups, one.net, one.tax, one.gross) == (other.tax_groups, other.net, other.tax, other.gross)
    assert repr(one.tax_groups) == repr(other.tax_groups)


@given(st.lists(lines, min_size=1, max_size=8))
def test_the_gross_price_of_a_net_document_gives_the_net_back(ordered: list[LineInput]) -> None:
    """Within a unit for each rate: the tax is rounded once on the way there and once on the way back."""
    for group in document_totals(ordered, "EUR", prices_include_tax=False).tax_groups:
        back = document_totals(
            [LineInput(D(1), group.gross, group.rate)] if group.gross else [], "EUR", prices_include_tax=True
        )
        assert abs(back.net - group.net) <= D("0.01")


@given(st.dictionaries(rates, decimals(1000, 2), min_size=1), st.data())
def test_shares_add_up_and_none_exceeds_its_weight(weights: dict[Decimal, Decimal], data: st.DataObject) -> None:
    whole = sum(weights.values(), D(0))
    amount = D(data.draw(st.integers(0, int(whole * 100)))).scaleb(-2)
    shares = spread(amount, weights, "EUR")
    assert sum(shares.values()) == amount
    assert all(0 <= shares[key] <= weights[key] for key in weights)
    if whole:
        assert all(abs(shares[key] - amount * weights[key] / whole) < D("0.01") for key in weights)


@given(lines)
def test_a_callers_own_precision_changes_nothing(line: LineInput) -> None:
    expected = line_amount(line, "EUR")
    with localcontext() as context:
        context.prec = 5
        assert line_amount(line, "EUR") == expected


@given(decimals(10000, 2))
def test_cash_is_a_whole_number_of_five_cents_and_near(amount: Decimal) -> None:
    cash = rounded_to_cash(amount, "CHF")
    assert cash % D("0.05") == 0
    assert abs(cash - amount) <= D("0.025")
