"""What is printed on a credit note, as a frozen copy: the invoice that it cancels, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from connectors.documents.data import InvoiceData, Language, Sender
from connectors.documents.versions import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteData:
    """Everything on a credit note.

    ``invoice`` is the copy of the invoice that it cancels, without its payment: all lines, rates and amounts are its
    own, and shown with a minus sign.  ``sender`` and ``country`` are the merchant as he is now; ``reason`` is said to
    the customer.
    """

    number: str
    issue_date: date
    sender: Sender
    language: Language
    country: str
    invoice: InvoiceData
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the copy as plain JSON values, with its kind and version."""
        return CREDIT_NOTE.write(self)

    @staticmethod
    def from_json(value: Any) -> CreditNoteData:
        """Read what ``to_json`` wrote, now or in an earlier version; raises DocumentError with what to do."""
        return CREDIT_NOTE.read(value)


CREDIT_NOTE: Final = Schema("credit_note", CreditNoteData)
