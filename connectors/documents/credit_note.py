"""What is printed on a credit note, as a frozen copy: the invoice that it cancels, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from connectors.documents.codec import decode, encode
from connectors.documents.data import SCHEMA_VERSION, InvoiceData, Language, Sender


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
        """Return the copy as plain JSON values, with the version of this schema."""
        return {"kind": "credit_note", "version": SCHEMA_VERSION, **encode(self)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Read what ``to_json`` wrote; raises DocumentError where it is something else."""
        return decode(cls, value, kind="credit_note", version=SCHEMA_VERSION)
