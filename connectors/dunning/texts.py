"""The merchant's own words on a notice, and what is put in for the names in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# What may stand in a title or a text, and an example of what comes out.
PLACEHOLDERS: Final[Mapping[str, str]] = {
    "number": "2026-0042",  # of the invoice
    "date": "31.01.2026",  # of the invoice
    "due": "14.02.2026",  # when the invoice was to be paid
    "open": "100,00 €",  # of the invoice, after payments and credit notes
    "fee": "5,00 €",  # of this notice, with its tax
    "interest": "1,23 €",
    "amount": "106,23 €",  # all that is to be paid now
    "until": "28.02.2026",  # the new due day
    "customer": "Beispiel AG",
    "order": "4711",
    "company": "Alpenblick GmbH",  # the merchant
}

_NAME = re.compile(r"\{([^{}\n]*)\}")


def unknown_placeholders(text: str) -> list[str]:
    """The names in braces that nothing can be put in for, in their order, each once."""
    return list(dict.fromkeys(name for name in _NAME.findall(text) if name not in PLACEHOLDERS))


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """Put in the values, in one pass: a brace in a customer's name is no placeholder.

    A name without a value stays as it was written; :func:`unknown_placeholders` refuses such texts when they are saved.
    """
    return _NAME.sub(lambda found: values.get(found.group(1), found.group(0)), text)
