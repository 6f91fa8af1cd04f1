"""Bank statements and credit notifications of ISO 20022: camt.053 and camt.054, in all their .001 versions.

Elements are read whatever the version's namespace (Swiss Payment Standards, camt.052/053/054 Implementation
Guidelines; DFÜ-Abkommen Anlage 3): credits that are booked, with a payment for every TxDtls of a collective booking.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from connectors.bank_files.entries import BankFile, Entry, FileRefused, Problem
from connectors.payment_checks import MAX_LENGTH, PaymentInput, one_line

_NAMESPACE = re.compile(r"^\{urn:iso:std:iso:20022:tech:xsd:camt\.05([34])\.001\.\d\d\}Document$")
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NONREF"})


class _Wrong(Exception):
    """A sentence about one booking."""


@dataclass
class _Reading:
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0
    # Of bookings without any number of the bank's: how often the same was there.
    seen: Counter[str] = field(default_factory=Counter)


def read_camt(content: bytes) -> BankFile:
    """Read a camt.053 or camt.054 file. Raises FileRefused."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileRefused(_("The file declares a document type or entities, which no bank does.")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise FileRefused(_("The file is not well-formed XML: %(problem)s.") % {"problem": error}) from error
    if not _NAMESPACE.match(root.tag):
        raise FileRefused(
            _("The file is neither a camt.053 nor a camt.054: its first element is %(tag)s.") % {"tag": root.tag[:120]}
        )
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    reading = _Reading()
    for statement in [*root.iter("Stmt"), *root.iter("Ntfctn")]:
        account = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
        for number, booking in enumerate(statement.findall("Ntry"), 1):
            place = _("booking %(number)s of the account %(account)s") % {"number": number, "account": account or "–"}
            _read_booking(booking, account, place, reading)
    return BankFile("camt", tuple(reading.entries), tuple(reading.problems), reading.skipped)


def _read_booking(booking: Element, account: str, place: str, reading: _Reading) -> None:
    status = _text(booking, "Sts/Cd") or _text(booking, "Sts")
    # A credit with RvslInd gives back what the merchant had paid: nobody pays an invoice by it.
    if _text(booking, "CdtDbtInd") != "CRDT" or status != "BOOK" or _text(booking, "RvslInd") in {"true", "1"}:
        reading.skipped += 1
        return
    try:
        reading.entries += _entries(booking, account, place, reading.seen)
    except _Wrong as wrong:
        reading.problems.append(Problem(place, str(wrong)))


def _entries(booking: Element, account: str, place: str, seen: Counter[str]) -> Iterator[Entry]:
    amount, currency = _money(booking.find("Amt"))
    paid_on = _day(booking)
    details = booking.findall("NtryDtls/TxDtls")
    own_number = _text(booking, "AcctSvcrRef")
    if len(details) < 2:
        _refuse_lump_sum(booking, details)
        # What arrived counts, not what the payer's bank was told to send: charges may lie between them.
        detail = details[0] if details else booking
        key = own_number or _bank_number(detail)
        return iter([_entry(detail, amount, currency, paid_on, account, key, place, seen)])
    parts = [_part_amount(detail, currency) for detail in details]
    if sum(parts) != amount:
        sentence = _("The %(count)s payments in it come to %(sum)s, the booking to %(amount)s.")
        raise _Wrong(sentence % {"count": len(parts), "sum": sum(parts), "amount": amount})
    made = []
    for number, (detail, part) in enumerate(zip(details, parts, strict=True), 1):
        key = _bank_number(detail) or (f"{own_number}/{number}" if own_number else "")
        made.append(_entry(detail, part, currency, paid_on, account, key, f"{place} ({number})", seen))
    return iter(made)


def _refuse_lump_sum(booking: Element, details: list[Element]) -> None:
    """A collective booking without its payments: the notification (camt.054) has them."""
    count = _text(booking, "NtryDtls/Btch/NbOfTxs")
    if not details and count.isdecimal() and int(count) > 1:
        sentence = _("%(count)s payments in one sum, without details; import the bank's camt.054 instead.")
        raise _Wrong(sentence % {"count": count})


def _entry(
    detail: Element,
    amount: Decimal,
    currency: str,
    paid_on: date,
    account: str,
    key: str,
    place: str,
    seen: Counter[str],
) -> Entry:
    references = [_inner(element) for element in detail.findall("RmtInf/Strd/CdtrRefInf/Ref")]
    texts = [
        _inner(element) for path in ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf") for element in detail.findall(path)
    ]
    reference = one_line(" ".join([*references, *texts]))[: MAX_LENGTH["reference"]]
    payer = one_line(_payer(detail))[: MAX_LENGTH["payer"]]
    if not key:
        key = _content_key(seen, str(amount), currency, paid_on.isoformat(), reference, payer)
    payment = PaymentInput(
        amount, currency, paid_on, reference, payer, f"camt:{account}:{key}"[: MAX_LENGTH["external_id"]]
    )
    return Entry(place, payment)


def _content_key(seen: Counter[str], *parts: str) -> str:
    """The same content is the same payment; twice in one file it is two."""
    content = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    seen[content] += 1
    return f"{content}#{seen[content]}"


def _bank_number(detail: Element) -> str:
    """The bank's own number of a payment, else the number it carries from bank to bank (UETR, ISO 20022)."""
    for path in ("Refs/AcctSvcrRef", "Refs/UETR", "Refs/TxId"):
        if (number := _text(detail, path)).upper() not in _NOT_PROVIDED:
            return number
    return ""


def _part_amount(detail: Element, currency: str) -> Decimal:
    """One payment of a collective booking, in the currency of the account."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        element = detail.find(path)
        if element is not None and element.get("Ccy") == currency:
            return _money(element)[0]
    raise _Wrong(_("A payment in it has no amount in %(currency)s.") % {"currency": currency})


def _money(element: Element | None) -> tuple[Decimal, str]:
    if element is None:
        raise _Wrong(_("It has no amount."))
    text = _inner(element)
    try:
        return Decimal(text), element.get("Ccy", "")
    except InvalidOperation as error:
        raise _Wrong(_("“%(text)s” is not an amount.") % {"text": text[:40]}) from error


def _day(booking: Element) -> date:
    """The day of the booking, else that of its value; the time of day does not count."""
    for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        if text := _text(booking, path):
            try:
                return date.fromisoformat(text[:10])
            except ValueError as error:
                raise _Wrong(_("“%(text)s” is not a day.") % {"text": text[:40]}) from error
    raise _Wrong(_("It has no day."))


def _payer(detail: Element) -> str:
    """Who owed the money, before whose account it came from; version 8 puts both one element deeper."""
    paths = (f"RltdPties/{role}{party}/Nm" for role in ("UltmtDbtr", "Dbtr") for party in ("", "/Pty"))
    return next((name for path in paths if (name := _text(detail, path))), "")


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return _inner(found) if found is not None else ""


def _inner(element: Any) -> str:
    return (element.text or "").strip()
