"""What a document costs: line amounts, discounts, tax per rate, totals.  Pure: no Django, no database.

    lines = [LineInput(quantity=Decimal(3), unit_price=Decimal("9.90"), tax_rate=Decimal(19))]
    totals = document_totals(lines, "EUR", prices_include_tax=False, shipping=Shipping(Decimal("4.90"), Decimal(19)))
    totals.gross, totals.line_amounts, totals.tax_groups

The rules, in the order in which they apply:

1. A line amount is ``quantity × unit price − line discount``, rounded once, half up, to the currency's smallest unit.
2. The document discount (a percentage of the lines, or an amount) is spread over the tax rates in proportion to their
   line amounts.  Each share is a whole number of smallest units and the shares add up to the discount exactly.
   Shipping is not discounted.
3. Tax is worked out once per rate, on the sum of that rate's line amounts less its share of the discount plus its
   shipping: never line by line, so that the summary on the document can be checked with a pocket calculator.
   With net prices, tax = sum × rate / 100 is added; with gross prices, tax = sum × rate / (100 + rate) is contained.
4. The totals are sums of the rates: ``net + tax == gross``, in every rate and in total, to the last unit.

Amounts are in the currency's major unit (``Decimal("9.90")`` is 9 euros 90), rates and percentages in percent
(``Decimal(19)`` is 19 %).  Input that no document can be made of raises :class:`MoneyError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

from babel.numbers import get_currency_precision, is_currency

LIMIT = Decimal(10) ** 10  # every number is smaller: 12 digits with two decimals, DecimalField(12, 2)
QUANTITY_DECIMALS = 3  # 0.125 kg; DecimalField(13, 3)
PRICE_DECIMALS = 4  # a screw for 0.0345; DecimalField(14, 4)
RATE_DECIMALS = 3  # 8.375 %
ZERO = Decimal(0)
HUNDRED = Decimal(100)

_ByRate = Mapping[Decimal, Decimal]
_CASH_UNITS = {"CHF": Decimal("0.05")}
# Two factors, a percentage and guard digits: nothing is rounded on the way, whatever the caller's own context says.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


class MoneyError(ValueError):
    """Input that no document can be made of; the message is a sentence for the person who entered it."""


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line as it was ordered; a discount on it is an amount off the whole line or a percentage of it, not both."""

    quantity: Decimal  # zero or more, at most QUANTITY_DECIMALS decimals
    unit_price: Decimal  # zero or more, net or gross as the document says, at most PRICE_DECIMALS decimals
    tax_rate: Decimal  # percent
    discount: Decimal = ZERO  # amount, in the currency's decimals
    discount_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount on all lines: ``percent`` (0 to 100) or ``amount`` (net or gross as the prices are), never both."""

    percent: Decimal = ZERO
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Shipping:
    """Shipping costs (net or gross as the prices are) and the tax rate in percent that applies to them."""

    amount: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All that is taxed at one rate.

    ``lines - discount + shipping`` is ``net`` with net prices and ``gross`` with gross prices.
    """

    rate: Decimal
    lines: Decimal
    discount: Decimal
    shipping: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """A document's sums; ``line_amounts`` follows the order of the lines, ``tax_groups`` ascends by rate.

    ``lines``, ``discount`` (zero or more, taken off) and ``shipping`` are net or gross as ``prices_include_tax`` says.
    """

    currency: str
    prices_include_tax: bool
    line_amounts: tuple[Decimal, ...]
    lines: Decimal
    discount: Decimal
    shipping: Decimal
    tax_groups: tuple[TaxGroup, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal


@lru_cache(maxsize=256)
def smallest_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 for EUR and CHF, 1 for JPY, 0.001 for KWD.

    Source: Unicode CLDR (babel).  Raises MoneyError for a code that ISO 4217 does not know.
    """
    if not is_currency(currency):
        raise MoneyError(f"“{currency}” is not a currency code; use three letters as in EUR or CHF.")
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up (away from zero on the half) to the currency's smallest unit.

    CHF stays at 0.01, see :func:`rounded_to_cash`.  Raises MoneyError if the result reaches ``LIMIT``.
    """
    _check_number("The amount", amount)
    return _rounded_to(amount, smallest_unit(currency))


def rounded_to_cash(amount: Decimal, currency: str) -> Decimal:
    """Round to what can be paid in coins: CHF to 0.05, half up; every other currency as :func:`rounded`."""
    cash = _CASH_UNITS.get(currency)
    if cash is None:
        return rounded(amount, currency)
    _check_number("The amount", amount)
    with localcontext(_EXACT):
        return _rounded_to((amount / cash).quantize(Decimal(1)) * cash, smallest_unit(currency))


def line_amount(line: LineInput, currency: str) -> Decimal:
    """Return ``quantity × unit price − discount`` of one line, rounded; net or gross as its unit price is.

    Raises MoneyError for a negative quantity or price, a discount larger than the line, too many decimals or digits.
    """
    unit = smallest_unit(currency)
    _check("The quantity", line.quantity, QUANTITY_DECIMALS)
    _check("The unit price", line.unit_price, PRICE_DECIMALS)
    _check_percent("The tax rate", line.tax_rate)
    _check("The line discount", line.discount, _decimals(unit))
    _check_percent("The line discount", line.discount_percent)
    if line.discount and line.discount_percent:
        raise MoneyError("A line has a discount in percent or as an amount, not both.")
    with localcontext(_EXACT):
        full = line.quantity * line.unit_price
        amount = _rounded_to(full - full * line.discount_percent / HUNDRED - line.discount, unit)
    if amount < 0:
        raise MoneyError(f"The line discount of {line.discount} is larger than the line itself.")
    return amount


def document_totals(
    lines: Iterable[LineInput],
    currency: str,
    *,
    prices_include_tax: bool,
    discount: Discount | None = None,
    shipping: Shipping | None = None,
) -> Totals:
    """Work out the sums of a document.

    Raises MoneyError for a line that :func:`line_amount` refuses, a discount larger than the lines, a sum of ``LIMIT``.
    """
    unit = smallest_unit(currency)
    lines = tuple(lines)
    with localcontext(_EXACT):
        amounts = tuple(line_amount(line, currency) for line in lines)
        sums: dict[Decimal, Decimal] = {}
        for line, amount in zip(lines, amounts, strict=True):
            sums[line.tax_rate] = sums.get(line.tax_rate, ZERO) + amount
        taken_off = _discount_amount(discount or Discount(), _added(amounts, unit), unit)
        shares = spread(taken_off, sums, currency)
        carriage = _shipping_by_rate(shipping, unit)
        groups = tuple(
            _tax_group(rate, sums, shares, carriage, unit, gross_prices=prices_include_tax)
            for rate in sorted(sums.keys() | carriage.keys())
        )
        return Totals(
            currency=currency,
            prices_include_tax=prices_include_tax,
            line_amounts=amounts,
            lines=_added(amounts, unit),
            discount=taken_off,
            shipping=_added(carriage.values(), unit),
            tax_groups=groups,
            net=_added((group.net for group in groups), unit),
            tax=_added((group.tax for group in groups), unit),
            gross=_added((group.gross for group in groups), unit),
        )


def spread(amount: Decimal, weights: Mapping[Decimal, Decimal], currency: str) -> dict[Decimal, Decimal]:
    """Split ``amount`` in proportion to ``weights`` (zero or more each); the shares add up to it exactly.

    Largest remainder: every key gets its share rounded down to the smallest unit, and the units left over go to the
    largest remainders, the higher key first among equals.  No share exceeds its weight while the amount does not
    exceed the sum of the weights.  Raises MoneyError if there is an amount but nothing to spread it over.
    """
    unit = smallest_unit(currency)
    with localcontext(_EXACT):
        whole = sum(weights.values(), ZERO)
        if not whole:
            if amount:
                raise MoneyError("There is nothing that this amount could be taken off.")
            return dict.fromkeys(weights, _rounded_to(ZERO, unit))
        # amount × weight is exact; dividing last keeps a share that comes out even from falling below itself.
        exact = {key: amount * weight / whole for key, weight in weights.items()}
        shares = {key: value.quantize(unit, rounding=ROUND_FLOOR) for key, value in exact.items()}
        left_over = int((amount - sum(shares.values(), ZERO)) / unit)
        by_remainder = sorted(weights, key=lambda key: (exact[key] - shares[key], key), reverse=True)
        for key in by_remainder[:left_over]:
            shares[key] += unit
        return shares


def _tax_group(
    rate: Decimal, lines: _ByRate, discounts: _ByRate, shipping: _ByRate, unit: Decimal, *, gross_prices: bool
) -> TaxGroup:
    parts = [by_rate.get(rate, ZERO) for by_rate in (lines, discounts, shipping)]
    amount = parts[0] - parts[1] + parts[2]
    if gross_prices:
        tax = _rounded_to(amount * rate / (HUNDRED + rate), unit)
        net, gross = amount - tax, amount
    else:
        tax = _rounded_to(amount * rate / HUNDRED, unit)
        net, gross = amount, amount + tax
    return TaxGroup(_plain(rate), *(_rounded_to(value, unit) for value in (*parts, net, tax, gross)))


def _discount_amount(discount: Discount, total: Decimal, unit: Decimal) -> Decimal:
    _check_percent("The discount", discount.percent)
    _check("The discount", discount.amount, _decimals(unit))
    if discount.percent and discount.amount:
        raise MoneyError("A document has a discount in percent or as an amount, not both.")
    if discount.amount > total:
        raise MoneyError(f"The discount of {discount.amount} is larger than the sum of the lines, {total}.")
    return _rounded_to(discount.amount or total * discount.percent / HUNDRED, unit)


def _shipping_by_rate(shipping: Shipping | None, unit: Decimal) -> dict[Decimal, Decimal]:
    if shipping is None or not shipping.amount:
        return {}
    _check("The shipping costs", shipping.amount, _decimals(unit))
    _check_percent("The tax rate of the shipping costs", shipping.tax_rate)
    return {shipping.tax_rate: shipping.amount}


def _added(amounts: Iterable[Decimal], unit: Decimal) -> Decimal:
    return _rounded_to(sum(amounts, ZERO), unit)


def _rounded_to(amount: Decimal, unit: Decimal) -> Decimal:
    with localcontext(_EXACT):
        if abs(amount) + unit / 2 >= LIMIT:  # before quantize, which fails on numbers that do not fit the context
            raise MoneyError(f"An amount must be smaller than {LIMIT:,}.")
        return amount.quantize(unit) + ZERO  # turns -0.00 into 0.00


def _check(what: str, value: Decimal, decimals: int) -> None:
    _check_number(what, value)
    if value < 0:
        raise MoneyError(f"{what} must not be negative, it is {value}.")
    if _decimals(value) > decimals:
        raise MoneyError(f"{what} may have {decimals} decimals at most, {value} has {_decimals(value)}.")
    if value >= LIMIT:
        raise MoneyError(f"{what} must be smaller than {LIMIT:,}.")


def _check_percent(what: str, value: Decimal) -> None:
    _check(what, value, RATE_DECIMALS)
    if value > HUNDRED:
        raise MoneyError(f"{what} must be between 0 and 100 percent, it is {value}.")


def _check_number(what: str, value: Decimal) -> None:
    if not isinstance(value, Decimal):
        raise MoneyError(f"{what} must be an exact decimal number, it is {value!r}.")
    if not value.is_finite():
        raise MoneyError(f"{what} must be a number, it is {value}.")


def _decimals(value: Decimal) -> int:
    """Count the decimals that say something: 2 for 1.250, 0 for 1E+3."""
    digits, exponent = value.as_tuple()[1:]
    trailing_zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -int(exponent) - trailing_zeros) if value else 0


def _plain(value: Decimal) -> Decimal:
    """Strip trailing zeros and the exponent, so that equal rates are written alike."""
    return Decimal(f"{value.normalize(_EXACT):f}")
