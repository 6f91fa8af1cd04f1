"""What is wrong with an order, said so that whoever wrote the program that sent it can put it right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from connectors.order_schema import MAX_LINES

MAX_PROBLEMS: Final = 20
_SHOWN_CHARACTERS: Final = 40
# The value itself says nothing, or is what is missing.
_WITHOUT_VALUE: Final = frozenset(
    {
        "missing",
        "empty",
        "string_too_short",
        "nobody",
        "discount_form",
        "no_lines",
        "too_many_lines",
        "control_character",
    }
)

_SENTENCES: Final[dict[str, str | Promise]] = {
    "missing": _("is missing"),
    "empty": _("must not be empty"),
    "extra_forbidden": _("is not a field that is known here"),
    "string_type": _("must be text in quotes"),
    "string_too_short": _("must not be empty"),
    "string_too_long": _("may have %(max_length)s characters at most"),
    "string_unicode": _("contains a character that is none"),
    "control_character": _("contains the control character %(code)s"),
    "bool_type": _("must be true or false"),
    "model_type": _("must be an object"),
    "list_type": _("must be a list"),
    "no_lines": _("must have at least one line"),
    "too_many_lines": _("may have %(most)s lines at most, these are %(count)s"),
    "number": _("must be a number"),
    "greater_than": _("must be greater than %(gt)s"),
    "greater_than_equal": _("must not be less than %(ge)s"),
    "less_than": _("must be less than %(lt)s"),
    "less_than_equal": _("must not be greater than %(le)s"),
    "decimal_max_places": _("may have %(decimal_places)s decimals at most"),
    "day": _("must be a day like 2026-01-31"),
    "moment": _("must be a date and time like 2026-01-31T10:00:00+01:00"),
    "time_zone": _("must name its time zone, as in 2026-01-31T10:00:00+01:00"),
    "year": _("must be between the years 2000 and 2099"),
    "country": _("must be a country code of two letters, like DE or CH"),
    "currency": _("must be a currency code of three letters, like EUR or CHF"),
    "email": _("must be an e-mail address"),
    "language": _("must be a language code, like de or en"),
    "nobody": _("must have a company or a name"),
    "discount_form": _("must have either “percent” or “amount”"),
}


class OrderRefused(Exception):
    """An order that cannot be taken; ``problems`` are sentences, each for one field or for the whole."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))


def refusal(error: ValidationError) -> OrderRefused:
    """Say what :mod:`connectors.order_schema` found, a sentence for each field."""
    found = error.errors(include_url=False)
    problems = [_problem(item) for item in found[:MAX_PROBLEMS]]
    if len(found) > MAX_PROBLEMS:
        problems.append(gettext("and %(count)s more problems") % {"count": len(found) - MAX_PROBLEMS})
    return OrderRefused(problems)


def _problem(item: Any) -> str:
    # Not inside the f-string: xgettext does not look there.
    place = path(item["loc"]) or gettext("the order")
    return f"{place}: {problem_of(item)}"


def problem_of(item: Any) -> str:
    """What pydantic found at one field, in the reader's language."""
    kind = item["type"]
    sentence = _SENTENCES.get(kind)
    text = item["msg"] if sentence is None else str(sentence) % {"most": f"{MAX_LINES:,}", **item.get("ctx", {})}
    if kind not in _WITHOUT_VALUE and "input" in item:
        text = gettext("%(problem)s (got %(value)s)") % {"problem": text, "value": shown(item["input"])}
    return text


def path(location: Iterable[int | str]) -> str:
    """``lines[3].quantity``, counted from 0 as programs count."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{shown_name(step)}" for step in location)
    return "".join(steps).removeprefix(".")


def shown_name(name: str) -> str:
    """A field's name; quoted where it is none, so that nothing in it looks like our own words."""
    return name if name.isidentifier() and len(name) <= _SHOWN_CHARACTERS else shown(name)


def shown(value: Any) -> str:
    """A value as it stood in the file, cut short; what a terminal or a log could take for a command is escaped."""
    if isinstance(value, Decimal):
        text = str(value)
    elif isinstance(value, dict | list | tuple):
        text = "{…}" if isinstance(value, dict) else "[…]"
    elif isinstance(value, str):
        text = json.dumps(value[: _SHOWN_CHARACTERS + 1], ensure_ascii=not value.isprintable())
    else:
        text = json.dumps(value, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
