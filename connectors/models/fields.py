"""Columns for money, as :mod:`connectors.money` bounds it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from connectors.money import PRICE_DECIMALS, QUANTITY_DECIMALS, RATE_DECIMALS

_WHOLE_DIGITS = 10  # connectors.money.LIMIT
_NOT_NEGATIVE = MinValueValidator(Decimal(0))


def amount_field(label: Any, **options: Any) -> models.DecimalField[Any, Decimal]:
    """An amount in any currency: the dinar has three decimals, a unit price may have four."""
    return _decimals(label, _WHOLE_DIGITS, PRICE_DECIMALS, [_NOT_NEGATIVE], options)


def percent_field(label: Any, **options: Any) -> models.DecimalField[Any, Decimal]:
    """A rate or a discount in percent."""
    return _decimals(label, 3, RATE_DECIMALS, [_NOT_NEGATIVE, MaxValueValidator(Decimal(100))], options)


def quantity_field(label: Any, **options: Any) -> models.DecimalField[Any, Decimal]:
    """How much of something: pieces, kilograms, hours."""
    least = MinValueValidator(Decimal(1).scaleb(-QUANTITY_DECIMALS))
    return _decimals(label, _WHOLE_DIGITS, QUANTITY_DECIMALS, [least], options)


def _decimals(
    label: Any, whole: int, decimals: int, validators: list[Any], options: dict[str, Any]
) -> models.DecimalField[Any, Decimal]:
    return models.DecimalField(
        label, max_digits=whole + decimals, decimal_places=decimals, validators=validators, **options
    )
