"""Adds up what stands on a document with a pocket calculator's means; nothing of the product's arithmetic is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connectors.documents.credit_note import CreditNoteData
from connectors.documents.data import InvoiceData, PackingSlipData, Party
from connectors.documents.notice import NoticeData

CENT = Decimal("0.01")
ZERO = Decimal(0)


def wrong_sums(copy: Any) -> list[str]:
    """What does not add up, a line each."""
    checks: dict[type[Any], Callable[[Any], Iterator[str]]] = {
        InvoiceData: _invoice,
        CreditNoteData: _credit_note,
        NoticeData: _notice,
        PackingSlipData: _packing_slip,
    }
    return [] if isinstance(copy, Party) else list(checks[type(copy)](copy))


def _invoice(data: InvoiceData) -> Iterator[str]:
    yield from _differs("net + tax = gross", data.net + data.tax, data.gross)
    yield from _differs("lines", sum((line.amount for line in data.lines), ZERO), data.lines_total)
    for name in ("net", "tax", "gross"):
        yield from _differs(
            f"tax summary, {name}", sum((getattr(rate, name) for rate in data.tax_summary), ZERO), getattr(data, name)
        )
    whole = data.gross if data.prices_include_tax else data.net
    yield from _differs("lines - discount + shipping", data.lines_total - data.discount + data.shipping, whole)
    for line in data.lines:
        full = line.quantity * line.unit_price
        taken_off = full * line.discount_percent / 100 + line.discount
        yield from _differs(f"line {line.position}", _rounded(full - taken_off), line.amount)
    for rate in data.tax_summary:
        yield from _differs(f"{rate.rate} %: net + tax = gross", rate.net + rate.tax, rate.gross)
        tax = rate.gross * rate.rate / (100 + rate.rate) if data.prices_include_tax else rate.net * rate.rate / 100
        yield from _differs(f"{rate.rate} %: tax", _rounded(tax), rate.tax)
    if data.payment is not None and data.payment.amount is not None:
        yield from _differs("payment", data.payment.amount, data.gross)


def _credit_note(data: CreditNoteData) -> Iterator[str]:
    return (f"invoice: {wrong}" for wrong in _invoice(data.invoice))


def _notice(data: NoticeData) -> Iterator[str]:
    for item in data.items:
        yield from _differs(f"{item.number}: open", item.gross - item.settled, item.open)
    for fee in data.fees:
        yield from _differs(f"fee of level {fee.level}: net + tax = gross", fee.net + fee.tax, fee.gross)
        yield from _differs(f"fee of level {fee.level}: tax", _rounded(fee.net * (fee.tax_rate or 0) / 100), fee.tax)
    for line in data.interest:
        yield from _differs(f"days from {line.first_day}", (line.last_day - line.first_day).days + 1, line.days)
    yield from _differs("items", sum((item.open for item in data.items), ZERO), data.principal)
    yield from _differs("fees", sum((fee.gross for fee in data.fees), ZERO), data.fees_total)
    yield from _differs("interest", sum((line.amount for line in data.interest), ZERO), data.interest_total)
    yield from _differs("total", data.principal + data.fees_total + data.interest_total, data.total)
    if data.payment is not None and data.payment.amount is not None:
        yield from _differs("payment", data.payment.amount, data.total)


def _packing_slip(data: PackingSlipData) -> Iterator[str]:
    positions = [line.position for line in data.lines]
    if positions != list(range(1, len(positions) + 1)):
        yield f"positions: {positions}"


def _differs(what: str, worked_out: Any, stands: Any) -> Iterator[str]:
    if worked_out != stands:
        yield f"{what}: {worked_out}, but {stands} stands there"


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
