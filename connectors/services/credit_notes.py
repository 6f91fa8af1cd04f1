"""Credit notes: issued when an invoice is canceled, as a copy of the invoice that they take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.contrib.auth.models import AbstractBaseUser

from connectors.documents.credit_note import CreditNoteData
from connectors.models import CreditNote, FrozenLogo, Invoice, SeriesKind
from connectors.numbering import next_number
from connectors.services import copies


def issue(
    invoice: Invoice,
    *,
    logo: FrozenLogo | None,
    day: date,
    reason: str = "",
    withdrawn: int = 0,
    left: int = 0,
    by: AbstractBaseUser | None = None,
) -> CreditNote:
    """Issue the credit note over all of an invoice, with the next number of its own series.

    Inside the transaction that cancels the invoice, late. ``withdrawn`` and ``left`` count its print jobs and e-mails.
    """
    space, canceled = invoice.space, invoice.copy
    number = next_number(space, SeriesKind.CREDIT_NOTE, day)
    data = CreditNoteData(
        number=number,
        issue_date=day,
        sender=copies.sender_of(space, logo),
        language=canceled.language,
        country=space.country,
        invoice=replace(canceled, payment=None),
        reason=reason,
    )
    note: CreditNote = CreditNote.objects.create(
        space=space,
        order=invoice.order,
        invoice=invoice,
        number=number,
        issued_on=day,
        currency=invoice.currency,
        recipient=invoice.recipient,
        net=invoice.net,
        tax=invoice.tax,
        gross=invoice.gross,
        data=data.to_json(),
        logo=logo,
        withdrawn_count=withdrawn,
        left_count=left,
        created_by_id=by.pk if by else None,
    )
    return note
