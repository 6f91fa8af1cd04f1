"""From a dunning notice's frozen data to the finished strings that its template sets."""

from __future__ import annotations

from connectors.documents.formats import Style, grouped_iban, style
from connectors.documents.letter import View, clean, letter
from connectors.documents.notice import NoticeData, NoticeFee, NoticeInterest
from connectors.documents.references import grouped
from connectors.documents.slip import girocode_view, slip_view
from connectors.documents.words import words


def notice_view(data: NoticeData, *, copy: bool = False, preview: bool = False) -> View:
    """Return what the templates ``notice_….typ`` need; what is not issued yet says so in the place of a copy.

    Raises DocumentError for an unknown language, and for a payment that cannot be on a slip or in a code.
    """
    word = words(data.language, data.country)
    write = style(data.language, data.country, data.currency)
    return letter(
        title=data.title,
        issue_date=data.issue_date,
        language=data.language,
        country=data.country,
        sender=data.sender,
        address=data.billing_address,
        info=_info(data, word, write),
        word=word,
        slip=slip_view(data.payment),
        copy=copy,
    ) | {
        "text": [clean(paragraph) for paragraph in data.text.replace("\r\n", "\n").split("\n\n") if paragraph.strip()],
        "head": [
            word[key]
            for key in ("overdue_invoice", "overdue_since", "overdue_gross", "overdue_settled", "overdue_open")
        ],
        "items": _items(data, word, write),
        "claims": _claims(data, word, write),
        "total": [word["notice_total"].format(date=write.day(data.due_date)), write.total(data.total)],
        "closing": word["slip"] if data.payment and data.payment.kind == "qr_bill" else "",
        "bank": _bank(data, word),
        "girocode": girocode_view(data.payment),
        "girocode_label": word["girocode"],
        **({"copy": word["preview"]} if preview else {}),
    }


def _info(data: NoticeData, word: dict[str, str], write: Style) -> list[tuple[str, str]]:
    return [
        (word["notice_number"], data.number),
        (word["date"], write.day(data.issue_date)),
        (word["customer_number"], data.customer_number),
        (word["customer_vat_number"], data.billing_address.vat_number),
        (word["order_number"], data.order_number),
        (word["notice_due_date"], write.day(data.due_date)),
    ]


def _items(data: NoticeData, word: dict[str, str], write: Style) -> list[list[str]]:
    return [
        [
            clean(item.number),
            f"{word['overdue_of']} {write.day(item.issue_date)}",
            write.day(item.due_date),
            write.amount(item.gross),
            write.amount(item.settled) if item.settled else "",
            write.amount(item.open),
        ]
        for item in data.items
    ]


def _claims(data: NoticeData, word: dict[str, str], write: Style) -> list[list[str]]:
    """Return label and amount of what the total is made of; nothing where it is the open amount alone."""
    lines = [[_fee(fee, word, write), write.amount(fee.gross)] for fee in data.fees]
    lines += [[_interest(line, word, write), write.amount(line.amount)] for line in data.interest]
    return [[word["open_items"], write.amount(data.principal)], *lines] if lines else []


def _fee(fee: NoticeFee, word: dict[str, str], write: Style) -> str:
    label = word["notice_fee"]
    if fee.number:
        label = word["notice_fee_of"].format(number=clean(fee.number), date=write.day(fee.issue_date))
    if fee.tax_rate is None or not fee.tax:
        return label
    return word["notice_fee_taxed"].format(fee=label, rate=write.rate(fee.tax_rate), tax=write.amount(fee.tax))


def _interest(line: NoticeInterest, word: dict[str, str], write: Style) -> str:
    key = "interest_line_one" if line.days == 1 else "interest_line"
    return word[key].format(
        rate=write.rate(line.rate),
        principal=write.amount(line.principal),
        first=write.day(line.first_day),
        last=write.day(line.last_day),
        days=line.days,
    )


def _bank(data: NoticeData, word: dict[str, str]) -> list[list[str]]:
    """Return label and value of what a bank transfer needs; nothing without an account, or beside a slip."""
    sender = data.sender
    if not sender.iban or (data.payment and data.payment.kind == "qr_bill"):
        return []
    rows = [
        (word["account_holder"], sender.company or sender.name),
        ("IBAN", grouped_iban(sender.iban)),
        ("BIC", sender.bic),
        (word["bank"], sender.bank_name),
        (word["payment_reference"], grouped(data.reference) if data.reference else data.items[0].number),
    ]
    return [[label, clean(value)] for label, value in rows if value]
