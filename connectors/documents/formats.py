"""Numbers, money, dates and addresses as they are written in a language and a country (Unicode CLDR, by babel).

babel formats one number in about 20 µs, and an invoice has hundreds.  What babel knows about a locale is therefore
asked once (:func:`style`), and numbers are written with Python's own formatting.  A test compares both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_percent, get_currency_precision

_MINUS = "\u2212"
_NO_BREAK_SPACE = "\u00a0"
_LONGEST_IBAN = 34
# English where it is at home, and as the Swiss write it.  Elsewhere CLDR would put German separators into English
# sentences ("1.234,50"), which an English reader takes for another number.
_ENGLISH = {"AU", "CA", "CH", "GB", "IE", "NZ", "US"}
_GERMAN = {"AT", "BE", "CH", "DE", "IT", "LI", "LU"}
_POSTAL_CODE_LAST = {"AU", "CA", "GB", "IE", "NZ", "US"}


@dataclass(frozen=True, slots=True)
class Style:
    """How one locale writes numbers; ``money`` and ``percent`` hold ``{}`` where the number goes."""

    locale: Locale
    point: str
    group: str
    decimals: int
    money: str
    percent: str

    def number(self, value: Decimal, least: int = 0, most: int = 3) -> str:
        """Write a number with at least ``least`` and at most ``most`` decimals; ``-`` is a real minus sign."""
        text = f"{abs(value):,.{most}f}"
        whole, _, fraction = text.partition(".")
        fraction = fraction[:least] + fraction[least:].rstrip("0")
        text = whole.replace(",", self.group) + (self.point + fraction if fraction else "")
        return _MINUS + text if value < 0 else text

    def amount(self, value: Decimal) -> str:
        """Write an amount without its currency, with the currency's decimals."""
        return self.number(value, self.decimals, self.decimals)

    def price(self, value: Decimal) -> str:
        """Write a unit price: the currency's decimals, and up to four where the price has them."""
        return self.number(value, self.decimals, max(self.decimals, 4))

    def total(self, value: Decimal) -> str:
        """Write an amount with its currency, as in ``1.234,50 €`` or ``CHF 1’234.50``."""
        text = self.money.replace("{}", self.amount(abs(value)))
        return _MINUS + text if value < 0 else text

    def rate(self, value: Decimal) -> str:
        """Write a percentage, ``8,1 %``."""
        return self.percent.replace("{}", self.number(value))

    def day(self, value: date) -> str:
        """Write a date, ``24.11.2025`` or ``24 Nov 2025``."""
        return _day(value, self.locale)


@lru_cache(maxsize=256)
def style(language: str, country: str, currency: str = "EUR") -> Style:
    """Return how documents in a language are written by a merchant of a country.  ``currency`` as in ISO 4217."""
    if language == "en":
        locale = Locale("en", country if country in _ENGLISH else "GB")
    else:
        locale = Locale("de", country if country in _GERMAN else "DE")
    symbols = locale.number_symbols["latn"]
    return Style(
        locale=locale,
        point=symbols["decimal"],
        group=symbols["group"],
        decimals=get_currency_precision(currency),
        money=_money_pattern(locale, currency),
        percent=format_percent(Decimal(0), locale=locale).replace("0", "{}"),
    )


def _money_pattern(locale: Locale, currency: str) -> str:
    sample = format_currency(Decimal(1), currency, locale=locale)
    first, last = sample.index("1"), max(index for index, char in enumerate(sample) if char.isdigit())
    return sample[:first] + "{}" + sample[last + 1 :]


@lru_cache(maxsize=4096)
def _day(value: date, locale: Locale) -> str:
    return format_date(value, "medium", locale)


def grouped_iban(iban: str) -> str:
    """Write an IBAN in groups of four (ISO 13616), held together by no-break spaces; what is none stays as it is."""
    plain = "".join(iban.split()).upper()
    if len(plain) > _LONGEST_IBAN:
        return iban
    return _NO_BREAK_SPACE.join(plain[start : start + 4] for start in range(0, len(plain), 4))


def city_line(postal_code: str, city: str, country: str) -> str:
    """Write postal code and city in the order of the country they are in."""
    parts = (city, postal_code) if country in _POSTAL_CODE_LAST else (postal_code, city)
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=512)
def country_name(country: str, sender_country: str) -> str:
    """Name the country of destination in capitals, in the sender's language (DIN 5008, 5.4; UPU S42)."""
    locale = Locale("de" if sender_country in _GERMAN else "en")
    return str(locale.territories.get(country, country)).upper()
