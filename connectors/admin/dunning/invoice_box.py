"""What the page of an invoice says about its dunning."""

from __future__ import annotations

from typing import Any

from connectors.admin.dunning import words
from connectors.admin.dunning.outlook import outlooks
from connectors.models import DunningCase, Invoice


def invoice_box(invoice: Invoice) -> dict[str, Any]:
    """The case of an invoice, if there is one, and what a run of today would do with it."""
    case: DunningCase | None = DunningCase.objects.filter(invoice=invoice).first()
    return {
        "case": case,
        "tag": words.case_tag(case) if case else "",
        "outlook": outlooks(invoice.space, [invoice]).get(invoice.pk),
    }
