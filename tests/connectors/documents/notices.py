"""Sample dunning notices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from connectors.documents.notice import NoticeData, NoticeFee, NoticeInterest, OverdueItem
from tests.connectors.documents.samples import GERMAN, SENDERS, SWISS

D = Decimal


def notice(country: str = "DE", **changes: Any) -> NoticeData:
    """The second notice of an invoice of which a part is paid, with two fees and interest in two lines."""
    swiss = country == "CH"
    fields: dict[str, Any] = {
        "number": "M2026-0007",
        "issue_date": date(2026, 3, 16),
        "template": "notice",
        "level": 2,
        "title": "2. Mahnung zu Rechnung 2026-0042",
        "text": "Guten Tag,\n\nbitte zahlen Sie den Betrag bis zum 26.03.2026.\nVielen Dank.",
        "sender": SENDERS[country],
        "billing_address": SWISS if swiss else GERMAN,
        "currency": "CHF" if swiss else "EUR",
        "language": "de",
        "country": country,
        "items": (
            OverdueItem(
                number="2026-0042",
                issue_date=date(2026, 1, 31),
                due_date=date(2026, 2, 14),
                gross=D("1190.00"),
                settled=D("190.00"),
                open=D("1000.00"),
                order_number="4711",
            ),
        ),
        "principal": D("1000.00"),
        "fees": (
            NoticeFee(
                level=1, issue_date=date(2026, 3, 2), net=D("2.50"), tax=D(0), gross=D("2.50"), number="M2026-0003"
            ),
            NoticeFee(level=2, issue_date=date(2026, 3, 16), net=D(5), tax=D(0), gross=D(5)),
        ),
        "fees_total": D("7.50"),
        "interest": (
            _interest("1190.00", date(2026, 2, 15), date(2026, 3, 1), 15, "3.07"),
            _interest("1000.00", date(2026, 3, 2), date(2026, 3, 16), 15, "2.58"),
        ),
        "interest_total": D("5.65"),
        "total": D("1013.15"),
        "due_date": date(2026, 3, 26),
        "order_number": "4711",
        "customer_number": "K-1001",
    }
    return NoticeData(**{**fields, **changes})


def _interest(principal: str, first: date, last: date, days: int, amount: str) -> NoticeInterest:
    return NoticeInterest(
        principal=D(principal), first_day=first, last_day=last, days=days, rate=D("6.27"), amount=D(amount)
    )
