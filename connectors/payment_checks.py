"""What a payment must be like before it is written down, and the exact sentences where it is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from connectors import money

FIRST_DAY = date(2000, 1, 1)
MAX_LENGTH = {"reference": 500, "payer": 200, "external_id": 200, "note": 300}


class PaymentRefused(Exception):
    """A payment that cannot be recorded or changed as asked; ``problems`` are sentences by the name of the field."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems.values()))


@dataclass(frozen=True, slots=True)
class PaymentInput:
    """What is known of a payment, whoever reports it."""

    amount: Decimal
    currency: str
    paid_on: date
    reference: str = ""
    payer: str = ""
    external_id: str | None = None
    note: str = ""

    def cleaned(self, today: date) -> PaymentInput:
        """The same, its texts on one line without control characters. Raises PaymentRefused with all that is wrong."""
        texts: dict[str, Any] = {name: one_line(getattr(self, name) or "") for name in MAX_LENGTH}
        problems = {
            name: _("At most %(most)s characters are possible, these are %(count)s.")
            % {"most": MAX_LENGTH[name], "count": len(text)}
            for name, text in texts.items()
            if len(text) > MAX_LENGTH[name]
        }
        problems |= _about_amount(self.amount, self.currency) | _about_day(self.paid_on, today)
        if problems:
            raise PaymentRefused(problems)
        return replace(self, **{**texts, "external_id": texts["external_id"] or None})


def one_line(text: str) -> str:
    """Text as lists show it: blanks for line ends, nothing that a database or a terminal could stumble over."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _about_amount(amount: Decimal, currency: str) -> dict[str, str]:
    try:
        unit = money.smallest_unit(currency)
    except money.MoneyError:
        sentence = _("“%(currency)s” is not a currency code; use three letters as in EUR or CHF.")
        return {"currency": sentence % {"currency": currency}}
    if not amount.is_finite() or amount <= 0:
        return {"amount": _("The amount of a payment must be more than zero.")}
    if amount >= money.LIMIT:
        return {"amount": _("The amount must be less than %(limit)s.") % {"limit": f"{money.LIMIT:,}"}}
    if amount != money.rounded(amount, currency):
        sentence = _("%(amount)s is not an amount in %(currency)s: its smallest unit is %(unit)s.")
        return {"amount": sentence % {"amount": amount, "currency": currency, "unit": unit}}
    return {}


def _about_day(paid_on: date, today: date) -> dict[str, str]:
    if paid_on < FIRST_DAY:
        return {"paid_on": _("The day must not be before 1 January 2000.")}
    # Where the bank or the shop is, it may be tomorrow already.
    if paid_on > today + timedelta(days=1):
        return {"paid_on": _("The day lies in the future.")}
    return {}
