"""The conditions of rules: which of them hold for what has happened. Pure; the sentences are in rule_sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum


class Condition(StrEnum):
    """What a rule can ask for."""

    COUNTRY = "country"
    AMOUNT_FROM = "amount_from"
    AMOUNT_TO = "amount_to"
    CUSTOMER_GROUP = "customer_group"
    DELIVERY_METHOD = "delivery_method"
    WEEKDAY = "weekday"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a rule asks for; what is empty always holds.

    ``countries`` are codes of ISO 3166-1, ``weekdays`` numbers of ISO 8601 (Monday is 1). A time of day includes its
    beginning and not its end; one that ends before it begins goes past midnight.
    """

    countries: frozenset[str] = frozenset()
    country_of: str = "billing"
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    customer_group: str = ""
    delivery_method: str = ""
    weekdays: frozenset[int] = field(default=frozenset())
    time_from: time | None = None
    time_to: time | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What conditions are compared with: the order, and the moment of the event where the Space is."""

    billing_country: str
    delivery_country: str
    amount: Decimal
    currency: str
    customer_group: str
    delivery_method: str
    at: datetime

    def country(self, country_of: str) -> str:
        return self.delivery_country if country_of == "delivery" else self.billing_country


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that a rule has, and whether it holds."""

    condition: Condition
    holds: bool


def examine(asked: Conditions, given: Circumstances) -> tuple[Finding, ...]:
    """All conditions that a rule has, in the order in which they are read; those that are empty are left out."""
    country = given.country(asked.country_of)
    answers = {
        Condition.COUNTRY: country in asked.countries if asked.countries else None,
        Condition.AMOUNT_FROM: None if asked.amount_from is None else given.amount >= asked.amount_from,
        Condition.AMOUNT_TO: None if asked.amount_to is None else given.amount <= asked.amount_to,
        Condition.CUSTOMER_GROUP: _same(asked.customer_group, given.customer_group),
        Condition.DELIVERY_METHOD: _same(asked.delivery_method, given.delivery_method),
        Condition.WEEKDAY: given.at.isoweekday() in asked.weekdays if asked.weekdays else None,
        Condition.TIME: _within(asked.time_from, asked.time_to, given.at.time()),
    }
    return tuple(Finding(condition, holds) for condition, holds in answers.items() if holds is not None)


def _same(asked: str, given: str) -> bool | None:
    """Whether two names are the same for a person, who sees neither capitals nor blanks."""
    return _plain(asked) == _plain(given) if asked else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _within(begin: time | None, end: time | None, now: time) -> bool | None:
    if begin is None and end is None:
        return None
    after_begin = begin is None or now >= begin
    before_end = end is None or now < end
    if begin is not None and end is not None and end < begin:
        return after_begin or before_end
    return after_begin and before_end
