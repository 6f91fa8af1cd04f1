"""What every document has, whatever it is about: letterhead, window, information block, footer.

The templates get finished strings only; nothing is worked out or formatted there.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from connectors.documents.data import Party, Sender
from connectors.documents.formats import city_line, country_name, grouped_iban

View = dict[str, Any]

# Envelopes with the window on the right (SN 010130); everybody else gets the window of DIN 5008 form B.
_WINDOW_RIGHT = {"CH", "LI"}
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ZERO_WIDTH_SPACE = "\u200b"
_LONGEST_WORD = 24


def clean(text: str, longest_word: int = _LONGEST_WORD) -> str:
    """Take out what no font can show, and let a word that is wider than its column break anywhere.

    Control characters become spaces, line breaks stay.  Words of up to ``longest_word`` characters are not touched.
    """
    text = _UNPRINTABLE.sub(" ", text.replace("\r\n", "\n"))
    if len(text) <= longest_word:
        return text
    return re.sub(rf"\S{{{longest_word + 1},}}", lambda match: _ZERO_WIDTH_SPACE.join(match[0]), text)


def address_lines(party: Party, sender_country: str) -> list[str]:
    """Return the lines of an address for the window; the country only where the letter leaves the sender's."""
    lines = [party.company, party.name, party.extra, party.street]
    lines.append(city_line(party.postal_code, party.city, party.country))
    if party.country and party.country != sender_country:
        lines.append(country_name(party.country, sender_country))
    return [clean(line) for line in lines if line]


def letter(
    *,
    title: str,
    issue_date: date,
    language: str,
    country: str,
    sender: Sender,
    address: Party,
    info: list[tuple[str, str]],
    word: dict[str, str],
    slip: View | None = None,
    copy: bool = False,
) -> View:
    """Return the part of a template's data that all documents share; ``info`` is labels and values.

    The letter ends with its ``slip``, where ``slip_view`` gave one; a ``copy`` says so on every page.
    """
    before_page, rest = word["page"].split("{page}")
    between, after_pages = rest.split("{pages}")
    name = sender.company or sender.name
    return {
        "title": clean(title),
        "author": clean(name),
        "date": [issue_date.year, issue_date.month, issue_date.day],
        "language": language,
        "window": "right" if country in _WINDOW_RIGHT else "left",
        "letterhead": clean(name),
        "return_line": clean(_return_line(sender)),
        "address": address_lines(address, sender.country or country),
        "info": [[label, clean(value, 18)] for label, value in info if value],
        "page_words": [before_page, between, after_pages],
        "footer": _footer(sender, country, word),
        "slip": slip,
        "copy": word["copy"] if copy else "",
    }


def _return_line(sender: Sender) -> str:
    parts = (sender.company or sender.name, sender.street, city_line(sender.postal_code, sender.city, sender.country))
    return " · ".join(part for part in parts if part)


def _footer(sender: Sender, country: str, word: dict[str, str]) -> list[list[str]]:
    """Return the columns of the footer, each a list of lines; empty columns are left out."""
    abroad = sender.country and sender.country != country
    columns = [
        [
            sender.company,
            sender.name,
            sender.extra,
            sender.street,
            city_line(sender.postal_code, sender.city, sender.country),
            country_name(sender.country, country).title() if abroad else "",
        ],
        [_labelled(word["phone"], sender.phone), sender.email, sender.website],
        [sender.bank_name, _labelled("IBAN", grouped_iban(sender.iban)), _labelled("BIC", sender.bic)],
        [
            _labelled(word["vat_number"], sender.vat_number),
            _labelled(word["tax_number"], sender.tax_number),
            *sender.register_text.splitlines(),
        ],
    ]
    kept = [[clean(line, 30) for line in column if line] for column in columns]
    return [column for column in kept if column]


def _labelled(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""
