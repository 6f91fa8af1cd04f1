"""Credit notes: each cancels one invoice, all of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from connectors.documents.credit_note import CreditNoteData
from connectors.models.fields import amount_field
from connectors.models.invoice import Invoice
from connectors.models.issued import IssuedDocument


class CreditNote(IssuedDocument):
    """Cancels an invoice, all of it: what is issued is corrected by another document (§ 31 Abs. 5 UStDV), not edited.

    The amounts are those of the invoice, not negated; the document shows them with a minus sign.
    """

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="credit_note", verbose_name=_("invoice"))
    currency = models.CharField(_("currency"), max_length=3)
    recipient = models.CharField(_("customer"), max_length=200)
    net = amount_field(_("net"))
    tax = amount_field(_("tax"))
    gross = amount_field(_("amount"))
    # Print jobs and e-mails of the invoice at the moment of the cancellation: taken back, and gone already.
    withdrawn_count = models.PositiveIntegerField(_("withdrawn before it left"), default=0)
    left_count = models.PositiveIntegerField(_("had left already"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )

    class Meta:
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "number"],
                name="credit_note_number_once_per_space",
                violation_error_message=_("Another credit note of this Space has this number already."),
            ),
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="credit_note_list"),
        ]

    @property
    def copy(self) -> CreditNoteData:
        """What is printed. Raises DocumentError where this program cannot read the copy."""
        return CreditNoteData.from_json(self.data)
