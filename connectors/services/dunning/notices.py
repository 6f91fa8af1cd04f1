"""Notices: what is due, frozen as a numbered document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from connectors.documents.data import Language, Sender
from connectors.documents.formats import style
from connectors.documents.notice import NoticeData, NoticeFee, NoticeInterest, OverdueItem, Template
from connectors.dunning.charges import Charges
from connectors.dunning.texts import filled_in
from connectors.models import (
    DunningCase,
    DunningLevelText,
    DunningNotice,
    DunningRun,
    FrozenLogo,
    Invoice,
    SeriesKind,
)
from connectors.money import rounded
from connectors.numbering import next_number
from connectors.services import copies, payment_parts
from connectors.services.dunning.proposal import ProposalItem


def issue_notice(
    item: ProposalItem, case: DunningCase, run: DunningRun, sender: Sender, logo: FrozenLogo | None, at: datetime
) -> DunningNotice:
    """Write the notice of an item with the next number, inside the run's transaction."""
    invoice, charges = item.invoice, item.charges
    data = notice_copy(item, sender, run.day)
    number = next_number(run.space, SeriesKind.DUNNING_NOTICE, run.day)
    notice: DunningNotice = DunningNotice.objects.create(
        space=run.space,
        order=invoice.order,
        case=case,
        run=run,
        level=item.level,
        position=item.level.position,
        number=number,
        issued_on=run.day,
        due_on=item.due_on,
        currency=invoice.currency,
        recipient=invoice.recipient,
        principal=charges.principal,
        fees_before=charges.fees_before,
        fee=charges.fee,
        fee_tax=charges.fee_tax,
        interest=charges.interest.total,
        total=charges.total,
        channel=item.level.channel,
        data=replace(data, number=number).to_json(),
        logo=logo,
        created_at=at,
    )
    return notice


def notice_copy(item: ProposalItem, sender: Sender, day: date) -> NoticeData:
    """What is printed of an item, without its number."""
    invoice, charges, level = item.invoice, item.charges, item.level
    order = invoice.order
    language = copies.document_language(order.language)
    text = _text(item.texts, language, order.space.language)
    values = _placeholders(item, language, sender)
    return NoticeData(
        number="",
        issue_date=day,
        template=cast("Template", level.template),
        level=level.position,
        title=filled_in(text.title, values),
        text=filled_in(text.text, values),
        sender=sender,
        billing_address=order.billing_party,
        currency=invoice.currency,
        language=language,
        country=order.space.country,
        items=(_overdue(invoice, charges),),
        principal=charges.principal,
        fees=_fees(item, day),
        fees_total=charges.fees,
        interest=_interest(charges, invoice.currency),
        interest_total=charges.interest.total,
        total=charges.total,
        due_date=item.due_on,
        order_number=order.number,
        customer_number=order.customer.number,
        reference=invoice.payment_reference,
        payment=payment_parts.of_notice(
            invoice, total=charges.total, slip=level.slip, language=language, language_tag=order.language
        ),
    )


def _text(texts: tuple[DunningLevelText, ...], language: str, space_language: str) -> DunningLevelText:
    """The customer's language, else the Space's, else whatever there is."""
    by_language = {text.language: text for text in texts}
    return by_language.get(language) or by_language.get(space_language) or texts[0]


def _placeholders(item: ProposalItem, language: Language, sender: Sender) -> dict[str, str]:
    invoice, charges = item.invoice, item.charges
    written = style(language, invoice.order.space.country, invoice.currency)
    assert invoice.due_on is not None
    return {
        "number": invoice.number,
        "date": written.day(invoice.issued_on),
        "due": written.day(invoice.due_on),
        "open": written.total(charges.principal),
        "fee": written.total(charges.fee + charges.fee_tax),
        "interest": written.total(charges.interest.total),
        "amount": written.total(charges.total),
        "until": written.day(item.due_on),
        "customer": invoice.recipient,
        "order": invoice.order.number,
        "company": sender.company,
    }


def _overdue(invoice: Invoice, charges: Charges) -> OverdueItem:
    gross = rounded(invoice.gross, invoice.currency)
    assert invoice.due_on is not None
    return OverdueItem(
        number=invoice.number,
        issue_date=invoice.issued_on,
        due_date=invoice.due_on,
        gross=gross,
        settled=gross - charges.principal,
        open=charges.principal,
        order_number=invoice.order.number,
    )


def _fees(item: ProposalItem, day: date) -> tuple[NoticeFee, ...]:
    """The fees of the earlier notices and of this one; a level that costs nothing has no line."""
    currency, level = item.invoice.currency, item.level
    lines = [
        _fee(notice.position, notice.issued_on, notice.fee, notice.fee_tax, None, currency, notice.number)
        for notice in item.earlier
    ]
    own = _fee(level.position, day, item.charges.fee, item.charges.fee_tax, level.fee_tax_rate, currency)
    return tuple(line for line in (*lines, own) if line.gross)


def _fee(
    position: int, day: date, net: Decimal, tax: Decimal, rate: Decimal | None, currency: str, number: str = ""
) -> NoticeFee:
    net, tax = rounded(net, currency), rounded(tax, currency)
    return NoticeFee(level=position, issue_date=day, net=net, tax=tax, gross=net + tax, tax_rate=rate, number=number)


def _interest(charges: Charges, currency: str) -> tuple[NoticeInterest, ...]:
    return tuple(
        NoticeInterest(
            principal=rounded(line.period.principal, currency),
            first_day=line.period.first_day,
            last_day=line.period.last_day,
            days=line.period.days,
            rate=charges.interest.rate,
            amount=line.amount,
        )
        for line in charges.interest.lines
    )
