"""Payments in a CSV table: a header with the names of the columns, then a payment per line."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from connectors.bank_files.entries import BankFile, Entry, FileRefused, Problem
from connectors.payment_checks import PaymentInput

# As in the documentation; German names because German programs write them.
COLUMNS = {
    "date": "date", "datum": "date",
    "amount": "amount", "betrag": "amount",
    "currency": "currency", "währung": "currency",
    "invoice": "invoice", "rechnung": "invoice",
    "reference": "reference", "verwendungszweck": "reference",
    "payer": "payer", "zahler": "payer",
    "id": "id", "nummer": "id",
    "note": "note", "notiz": "note",
}  # fmt: skip
_NEEDED = ("date", "amount")
MAX_FIELD = 10_000
_PLAIN = re.compile(r"[+-]?\d+(?:[.,](?:\d{1,2}|\d{4,}))?")
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{3})+(?:\.\d+)?|(?:['’ \u00a0\u202f]\d{3})+(?:[.,]\d+)?)"
)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class _Wrong(Exception):
    """A sentence about one line."""


def read_csv(content: bytes, currency: str) -> BankFile:
    """Read a table with ``;`` or ``,`` between its columns. Raises FileRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(_("The file is neither a CAMT file nor UTF-8 text. Save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise FileRefused(_("The file is neither a CAMT file nor UTF-8 text. Save it as “CSV UTF-8”."))
    rows = _rows(text)
    _number, header = next(rows, (0, []))
    columns = _columns(header)
    entries: list[Entry] = []
    problems: list[Problem] = []
    skipped, seen = 0, Counter[str]()
    for number, row in rows:
        place = _("line %(line)s") % {"line": number}
        try:
            entry = _entry(place, _fields(columns, row), currency, seen)
        except _Wrong as wrong:
            problems.append(Problem(place, str(wrong)))
            continue
        if entry.payment.amount < 0:
            skipped += 1
        else:
            entries.append(entry)
    return BankFile("csv", tuple(entries), tuple(problems), skipped)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the number of the line on which each ends."""
    first = text.partition("\n")[0]
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        for row in reader:
            if any(value.strip() for value in row):
                yield reader.line_num, [value.strip() for value in row]
    except csv.Error as error:
        sentence = _("Line %(line)s cannot be read: %(problem)s.")
        raise FileRefused(sentence % {"line": reader.line_num, "problem": error}) from error


def _columns(header: list[str]) -> list[str]:
    columns = [COLUMNS.get(name.lower(), "") for name in header]
    unknown = [name for name, column in zip(header, columns, strict=True) if not column]
    if unknown and not any(columns):
        raise FileRefused(
            _("The first line has to name the columns: %(columns)s.")
            % {"columns": ", ".join(dict.fromkeys(COLUMNS.values()))}
        )
    if unknown:
        raise FileRefused(
            _("There is no column “%(name)s”. Possible are: %(columns)s.")
            % {"name": unknown[0][:60], "columns": ", ".join(dict.fromkeys(COLUMNS.values()))}
        )
    for name in _NEEDED:
        if name not in columns:
            raise FileRefused(_("The column “%(name)s” is missing.") % {"name": name})
    if len(set(columns)) < len(columns):
        raise FileRefused(_("A column stands twice in the first line."))
    return columns


def _fields(columns: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(columns):
        sentence = _("It has %(count)s columns instead of %(expected)s.")
        raise _Wrong(sentence % {"count": len(row), "expected": len(columns)})
    return dict(zip(columns, row, strict=True))


def _entry(place: str, fields: dict[str, str], currency: str, seen: Counter[str]) -> Entry:
    payment = PaymentInput(
        amount=_amount(fields["amount"]),
        currency=fields.get("currency", "").upper() or currency,
        paid_on=_day(fields["date"]),
        reference=fields.get("reference", ""),
        payer=fields.get("payer", ""),
        external_id=_id(fields, seen),
        note=fields.get("note", ""),
    )
    return Entry(place, payment, fields.get("invoice", ""))


def _id(fields: dict[str, str], seen: Counter[str]) -> str:
    """Its own number, else one made of its content: the same line in another file is the same payment."""
    if own := fields.get("id"):
        return f"csv:{own}"
    content = hashlib.sha256("\0".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()).hexdigest()[:32]
    seen[content] += 1
    return f"csv:{content}#{seen[content]}"


def _amount(text: str) -> Decimal:
    """An amount as programs, Germans and the Swiss write it: 1234.50, 1.234,50, 1'234.50; never a guess."""
    if re.fullmatch(r"[+-]?\d{1,3}[.,]\d{3}", text):
        sentence = _("“%(text)s” may be two amounts: write it with two decimals, as in 1234.50.")
        raise _Wrong(sentence % {"text": text})
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        sentence = _("“%(text)s” is not an amount: write it as in 1234.50.")
        raise _Wrong(sentence % {"text": text[:40]})
    digits = re.sub(r"['’ \u00a0\u202f]", "", text)
    last = max(digits.rfind("."), digits.rfind(","))
    # Several of one sign group thousands; else the last sign is the decimal one.
    if last >= 0 and digits.count(digits[last]) == 1:
        whole = re.sub(r"[.,]", "", digits[:last])
        return Decimal(f"{whole}.{digits[last + 1 :]}")
    return Decimal(re.sub(r"[.,]", "", digits))


def _day(text: str) -> date:
    iso, german = _ISO_DAY.fullmatch(text), _GERMAN_DAY.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
    except ValueError:
        pass
    raise _Wrong(_("“%(text)s” is not a day: write it as in 2026-03-31 or 31.03.2026.") % {"text": text[:40]})
