"""What an order looks like when it comes in: the fields, their bounds, and the form an importing program sends.

Every string is bounded by its column, every number by what :mod:`connectors.money` can add up. Sentences about what is
wrong are made in :mod:`connectors.order_errors`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any, Self

import babel
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from connectors.money import LIMIT, PRICE_DECIMALS, QUANTITY_DECIMALS, RATE_DECIMALS, MoneyError, smallest_unit

MAX_LINES = 10_000
_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)
# In CLDR's list of territories, but no country of ISO 3166-1 that a letter could go to.
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
_LINE_BREAKS = "\n\r\t"


def _wrong(kind: str, **context: Any) -> PydanticCustomError:
    """An error whose sentence :mod:`connectors.order_errors` knows by its kind."""
    return PydanticCustomError(kind, kind, context)


def _clean(allowed: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        for character in text:
            if unicodedata.category(character) == "Cc" and character not in allowed:
                raise _wrong("control_character", code=f"U+{ord(character):04X}")
        return text.strip()

    return check


def _up_to(length: int) -> StringConstraints:
    return StringConstraints(strict=True, max_length=length)


def _not_empty(text: str) -> str:
    if not text:
        raise _wrong("empty")
    return text


_ONE_LINE = AfterValidator(_clean(""))
_LINES = AfterValidator(_clean(_LINE_BREAKS))
_REQUIRED = AfterValidator(_not_empty)


def _exact(value: Any) -> Decimal:
    """A JSON number, read as a decimal, or a string of digits; never a float, never true."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LIMIT:
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _wrong("number")
    return value


def _within(decimals: int, *, positive: bool = False, most: Decimal | None = None) -> BeforeValidator:
    def check(value: Any) -> Decimal:
        number = _exact(value)
        if positive and number <= 0:
            raise PydanticKnownError("greater_than", {"gt": 0})
        if number < 0:
            raise PydanticKnownError("greater_than_equal", {"ge": 0})
        if most is not None and number > most:
            raise PydanticKnownError("less_than_equal", {"le": int(most)})
        if number >= LIMIT:
            raise PydanticKnownError("less_than", {"lt": int(LIMIT)})
        try:
            exact = number.quantize(Decimal(1).scaleb(-decimals))
        except InvalidOperation:
            exact = None
        if exact != number:
            raise PydanticKnownError("decimal_max_places", {"decimal_places": decimals})
        return abs(number)  # -0 is none

    return BeforeValidator(check)


Quantity = Annotated[Decimal, _within(QUANTITY_DECIMALS, positive=True)]
Amount = Annotated[Decimal, _within(PRICE_DECIMALS)]
Percent = Annotated[Decimal, _within(RATE_DECIMALS, most=Decimal(100))]


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        moment = value
    else:
        if not isinstance(value, str) or len(value) > 40:
            raise _wrong("moment")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise _wrong("moment") from None
    if moment.tzinfo is None:
        raise _wrong("time_zone")
    if not 2000 <= moment.year < 2100:
        raise _wrong("year")
    return moment


Moment = Annotated[datetime, BeforeValidator(_moment)]


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes = map(str, babel.Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


def _country(code: str) -> str:
    if code not in _countries():
        raise _wrong("country")
    return code


def _currency(code: str) -> str:
    try:
        smallest_unit(code)
    except MoneyError:
        raise _wrong("currency") from None
    return code


def _email(address: str) -> str:
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise _wrong("email") from None
    return address


def _language(tag: str) -> str:
    if tag and not re.fullmatch(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*", tag, re.ASCII):
        raise _wrong("language")
    return tag


def _line_list(value: Any) -> Any:
    """Count first: a million lines are not worth looking at."""
    if not isinstance(value, list | tuple):
        raise PydanticKnownError("list_type")
    if not value:
        raise _wrong("no_lines")
    if len(value) > MAX_LINES:
        raise _wrong("too_many_lines", count=len(value))
    return value


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AddressInput(_Input):
    """Where somebody lives or wants the parcel."""

    company: Annotated[str, _up_to(200), _ONE_LINE] = ""
    name: Annotated[str, _up_to(200), _ONE_LINE] = ""
    extra: Annotated[str, _up_to(200), _ONE_LINE] = ""
    street: Annotated[str, _up_to(200), _ONE_LINE] = ""
    postal_code: Annotated[str, _up_to(16), _ONE_LINE] = ""
    city: Annotated[str, _up_to(100), _ONE_LINE, _REQUIRED]
    country: Annotated[str, _up_to(100), AfterValidator(_country)]

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.company and not self.name:
            raise _wrong("nobody")
        return self


class CustomerInput(AddressInput):
    """Who ordered; without ``external_id`` a guest."""

    external_id: Annotated[str, _up_to(100), _ONE_LINE] = ""
    number: Annotated[str, _up_to(64), _ONE_LINE] = ""
    email: Annotated[str, _up_to(254), _ONE_LINE, AfterValidator(_email)] = ""
    language: Annotated[str, _up_to(35), AfterValidator(_language)] = ""
    vat_number: Annotated[str, _up_to(32), _ONE_LINE] = ""
    group: Annotated[str, _up_to(64), _ONE_LINE] = ""


class DiscountInput(_Input):
    """``{"percent": 10}`` or ``{"amount": "5.00"}``."""

    percent: Percent = Decimal(0)
    amount: Amount = Decimal(0)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise _wrong("discount_form")
        return self


class ShippingInput(_Input):
    """What the delivery costs, and the tax on it."""

    amount: Amount
    tax_rate: Percent


class LineInput(_Input):
    """One line; the price is net or gross as the order says."""

    description: Annotated[str, _up_to(1000), _LINES, _REQUIRED]
    quantity: Quantity
    unit_price: Amount
    tax_rate: Percent
    sku: Annotated[str, _up_to(64), _ONE_LINE] = ""
    unit: Annotated[str, _up_to(20), _ONE_LINE] = ""
    discount: DiscountInput | None = None


class OrderInput(_Input):
    """One order as it comes in."""

    external_id: Annotated[str, _up_to(100), _ONE_LINE, _REQUIRED]
    number: Annotated[str, _up_to(64), _ONE_LINE] = ""
    currency: Annotated[str, _up_to(100), AfterValidator(_currency)]
    placed_at: Moment
    paid_at: Moment | None = None
    shipped_at: Moment | None = None
    prices_include_tax: Annotated[bool, Field(strict=True)] | None = None
    customer: CustomerInput
    billing_address: AddressInput | None = None
    delivery_address: AddressInput | None = None
    delivery_method: Annotated[str, _up_to(100), _ONE_LINE] = ""
    lines: Annotated[tuple[LineInput, ...], BeforeValidator(_line_list)]
    discount: DiscountInput | None = None
    shipping: ShippingInput | None = None
    note: Annotated[str, _up_to(2000), _LINES] = ""
    tax_note: Annotated[str, _up_to(300), _ONE_LINE] = ""
