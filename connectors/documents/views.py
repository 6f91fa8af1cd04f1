"""From a document's frozen data to the finished strings that its template sets."""

from __future__ import annotations

from dataclasses import replace

from connectors.documents.credit_note import CreditNoteData
from connectors.documents.data import DocumentLine, InvoiceData, PackingSlipData
from connectors.documents.formats import Style, grouped_iban, style
from connectors.documents.letter import View, address_lines, clean, letter
from connectors.documents.slip import girocode_view, slip_view
from connectors.documents.words import words

# A line with more text than this may be longer than a page: it cannot be held together with the totals.
_LONG_DESCRIPTION = 1200


def invoice_view(data: InvoiceData, *, copy: bool = False) -> View:
    """Return what the template ``invoice.typ`` needs; raises DocumentError for an unknown language."""
    word = words(data.language, data.country)
    write = style(data.language, data.country, data.currency)
    return letter(
        title=f"{word['invoice']} {data.number}",
        issue_date=data.issue_date,
        language=data.language,
        country=data.country,
        sender=data.sender,
        address=data.billing_address,
        info=_invoice_info(data, word, write),
        word=word,
        slip=slip_view(data.payment),
        copy=copy,
    ) | {
        **_table(data, word, write),
        "opening": _replaced(data, word, write),
        "delivery_address": _delivery_address(data, word),
        "closing": _closing(data, word, write),
        "bank": [] if data.paid else _bank(data, word),
        "girocode": girocode_view(data.payment),
        "girocode_label": word["girocode"],
        "note": clean(data.note),
    }


def credit_note_view(data: CreditNoteData, *, copy: bool = False) -> View:
    """Return what the template ``invoice.typ`` needs for a credit note; raises DocumentError as ``invoice_view`` does.

    Everything that is taken back has a minus sign; there is nothing to pay, and no way to pay it.
    """
    word, invoice = words(data.language, data.country), data.invoice
    write = style(data.language, data.country, invoice.currency)
    number, day = clean(invoice.number), write.day(invoice.issue_date)
    closing = [invoice.tax_note, word["nothing_to_pay"].format(number=number)]
    if data.reason:
        closing.append(word["cancel_reason"].format(reason=data.reason))
    return letter(
        title=f"{word['credit_note']} {data.number}",
        issue_date=data.issue_date,
        language=data.language,
        country=data.country,
        sender=data.sender,
        address=invoice.billing_address,
        info=_credit_note_info(data, word, write),
        word=word,
        copy=copy,
    ) | {
        **_table(_taken_back(invoice), word, write),
        "opening": word["cancels"].format(number=number, date=day),
        "delivery_address": _delivery_address(invoice, word),
        "closing": [clean(text) for text in closing if text],
        "bank": [],
        "girocode": "",
        "girocode_label": "",
        "note": "",
    }


def _taken_back(invoice: InvoiceData) -> InvoiceData:
    """The invoice with the opposite sign; unit prices and rates are what they were, quantities and amounts are not."""
    return replace(
        invoice,
        lines=tuple(replace(line, quantity=-line.quantity, amount=-line.amount) for line in invoice.lines),
        tax_summary=tuple(
            replace(line, net=-line.net, tax=-line.tax, gross=-line.gross) for line in invoice.tax_summary
        ),
        **{name: -getattr(invoice, name) for name in ("lines_total", "discount", "shipping", "net", "tax", "gross")},
    )


def _table(data: InvoiceData, word: dict[str, str], write: Style) -> View:
    """Return the lines and the totals below them."""
    last = data.lines[-1].description if data.lines else ""
    return {
        "caption": word["gross_prices" if data.prices_include_tax else "net_prices"].format(currency=data.currency),
        "head": [word[key] for key in ("position", "description", "quantity", "unit_price", "tax", "amount")],
        "lines": [_invoice_line(line, word, write) for line in data.lines],
        "hold_last": len(last) <= _LONG_DESCRIPTION and last.count("\n") < 15,
        "totals": _totals(data, word, write),
    }


def _replaced(data: InvoiceData, word: dict[str, str], write: Style) -> str:
    """Return the sentence that names the canceled invoice in whose place this one comes; empty for most invoices."""
    if not data.replaces or data.replaces_date is None:
        return ""
    return word["replaces"].format(number=clean(data.replaces), date=write.day(data.replaces_date))


def packing_slip_view(data: PackingSlipData) -> View:
    """Return what the template ``packing_slip.typ`` needs; raises DocumentError for an unknown language."""
    word = words(data.language, data.country)
    write = style(data.language, data.country)
    info = [
        (word["packing_slip_number"], data.number),
        (word["date"], write.day(data.issue_date)),
        (word["customer_number"], data.customer_number),
        (word["order_number"], data.order_number),
        (word["order_date"], write.day(data.order_date) if data.order_date else ""),
        (word["delivery_date"], write.day(data.delivery_date) if data.delivery_date else ""),
        (word["shipping_method"], data.shipping_method),
    ]
    return letter(
        title=f"{word['packing_slip']} {data.number}",
        issue_date=data.issue_date,
        language=data.language,
        country=data.country,
        sender=data.sender,
        address=data.delivery_address,
        info=info,
        word=word,
    ) | {
        "head": [word[key] for key in ("position", "sku", "description", "quantity", "done")],
        "lines": [
            [
                str(line.position),
                clean(line.sku, 12),
                clean(line.description),
                write.number(line.quantity),
                clean(line.unit, 12),
            ]
            for line in data.lines
        ],
        "note": clean(data.note),
    }


def _invoice_info(data: InvoiceData, word: dict[str, str], write: Style) -> list[tuple[str, str]]:
    return [
        (word["invoice_number"], data.number),
        (word["invoice_date"], write.day(data.issue_date)),
        (word["delivery_date"], write.day(data.delivery_date) if data.delivery_date else ""),
        (word["customer_number"], data.customer_number),
        (word["customer_vat_number"], data.billing_address.vat_number),
        (word["order_number"], data.order_number),
        (word["order_date"], write.day(data.order_date) if data.order_date else ""),
        (word["due_date"], write.day(data.due_date) if data.due_date and not data.paid else ""),
    ]


def _credit_note_info(data: CreditNoteData, word: dict[str, str], write: Style) -> list[tuple[str, str]]:
    invoice = data.invoice
    return [
        (word["credit_note_number"], data.number),
        (word["date"], write.day(data.issue_date)),
        (word["invoice_number"], invoice.number),
        (word["invoice_date"], write.day(invoice.issue_date)),
        (word["delivery_date"], write.day(invoice.delivery_date) if invoice.delivery_date else ""),
        (word["customer_number"], invoice.customer_number),
        (word["customer_vat_number"], invoice.billing_address.vat_number),
        (word["order_number"], invoice.order_number),
    ]


def _invoice_line(line: DocumentLine, word: dict[str, str], write: Style) -> list[str]:
    """Return position, description, the small print below it, quantity, unit, unit price, rate and amount."""
    small = [f"{word['sku']} {clean(line.sku)}"] if line.sku else []
    if line.discount_percent or line.discount:
        discount = write.rate(line.discount_percent) if line.discount_percent else write.amount(line.discount)
        small.append(word["line_discount"].format(discount=discount))
    return [
        str(line.position),
        clean(line.description),
        " · ".join(small),
        write.number(line.quantity),
        clean(line.unit, 12),
        write.price(line.unit_price),
        write.rate(line.tax_rate),
        write.amount(line.amount),
    ]


def _totals(data: InvoiceData, word: dict[str, str], write: Style) -> list[list[str]]:
    """Return the rows below the lines: label, amount, and ``plain``, ``total`` or ``small`` for how they look."""
    rows: list[list[str]] = []
    if data.discount or data.shipping:
        rows.append([word["lines_total"], write.amount(data.lines_total), "plain"])
    if data.discount:
        percent = f" {write.rate(data.discount_percent)}" if data.discount_percent else ""
        rows.append([word["discount"] + percent, write.amount(-data.discount), "plain"])
    if data.shipping:
        rows.append([word["shipping"], write.amount(data.shipping), "plain"])
    net = [word["net"], write.amount(data.net)]
    total = [word["gross"].format(currency=data.currency), write.amount(data.gross), "total"]
    key, look = ("tax_contained", "small") if data.prices_include_tax else ("tax_on", "plain")
    taxes = [
        [word[key].format(rate=write.rate(tax.rate), net=write.amount(tax.net)), write.amount(tax.tax), look]
        for tax in data.tax_summary
    ]
    if data.prices_include_tax:
        return [*rows, total, [*net, "small"], *taxes]
    return [*rows, [*net, "plain"], *taxes, total]


def _delivery_address(data: InvoiceData, word: dict[str, str]) -> list[str]:
    """Return label and address in one line each, where goods go elsewhere than the invoice."""
    if data.delivery_address is None or data.delivery_address == data.billing_address:
        return []
    return [word["delivery_address"], ", ".join(address_lines(data.delivery_address, data.country))]


def _closing(data: InvoiceData, word: dict[str, str], write: Style) -> list[str]:
    """Return the paragraphs below the totals: reason for no tax, date of supply, how and until when to pay."""
    paragraphs = [data.tax_note, "" if data.delivery_date else word["delivery_date_is_issue_date"]]
    paragraphs.append(word["paid"] if data.paid else _payment_request(data, word, write))
    if data.payment and data.payment.kind == "qr_bill":
        paragraphs.append(word["slip"])
    paragraphs.append(data.payment_text)
    return [clean(text) for text in paragraphs if text]


def _payment_request(data: InvoiceData, word: dict[str, str], write: Style) -> str:
    if data.gross <= 0:
        return ""
    total = write.total(data.gross)
    if data.due_date is None:
        return "" if data.payment_text else word["payable_at_once"].format(total=total)
    key = "payable_within" if data.payment_days else "payable_until"
    return word[key].format(total=total, days=data.payment_days, date=write.day(data.due_date))


def _bank(data: InvoiceData, word: dict[str, str]) -> list[list[str]]:
    """Return label and value of what a bank transfer needs; nothing without account or amount, or beside a slip."""
    sender = data.sender
    if not sender.iban or data.gross <= 0 or (data.payment and data.payment.kind == "qr_bill"):
        return []
    rows = [
        (word["account_holder"], sender.company or sender.name),
        ("IBAN", grouped_iban(sender.iban)),
        ("BIC", sender.bic),
        (word["bank"], sender.bank_name),
        (word["payment_reference"], data.number),
    ]
    return [[label, clean(value)] for label, value in rows if value]
