"""Sales > Credit notes: what cancels an invoice, to look at and to print again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.admin import labels
from connectors.admin.documents import IssuedAdmin, link_to
from connectors.documents.errors import DocumentError
from connectors.models import CreditNote


@admin.register(CreditNote)
class CreditNoteAdmin(IssuedAdmin):
    list_display = ["number", "recipient", "invoice_number", "amount", "issued", "order_number", "printing"]
    list_filter = ["issued_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("invoice", "created_by").defer("data", "invoice__data")

    @admin.display(description=_("invoice"))
    def invoice_number(self, note: CreditNote) -> str:
        return note.invoice.number

    @admin.display(description=_("amount"))
    def amount(self, note: CreditNote) -> str:
        return labels.money(-note.gross, note.currency)

    @admin.display(description=_("issued"))
    def issued(self, note: CreditNote) -> str:
        return labels.day(note.issued_on)

    @admin.display(description=_("order"))
    def order_number(self, note: CreditNote) -> str:
        return note.order.number

    def page_context(self, request: HttpRequest, row: CreditNote) -> dict[str, Any]:
        facts = [
            (gettext("Cancels invoice"), link_to(row.invoice)),
            (gettext("Customer"), row.recipient),
            (gettext("Reason"), _reason(row)),
            (gettext("Net"), labels.money(-row.net, row.currency)),
            (gettext("Tax"), labels.money(-row.tax, row.currency)),
            (gettext("Total"), labels.money(-row.gross, row.currency)),
            (gettext("Issued"), labels.day(row.issued_on)),
            (gettext("Of the invoice withdrawn before it left"), row.withdrawn_count),
            (gettext("Of the invoice gone already"), row.left_count),
            (gettext("Created by"), str(row.created_by or "–")),
        ]
        return {**super().page_context(request, row), "facts": facts}


def _reason(note: CreditNote) -> str:
    """What was said to the customer; where the copy cannot be read, why not: its page opens all the same."""
    try:
        return note.copy.reason or "–"
    except DocumentError as error:
        return str(error)
