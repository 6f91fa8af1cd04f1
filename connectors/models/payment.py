"""Payments as they came in: for an invoice, or waiting to be assigned to one; and the files they were read from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connectors.models.fields import amount_field
from connectors.models.invoice import Invoice
from connectors.money import rounded
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


class PaymentSource(models.TextChoices):
    MANUAL = "manual", _("Entered by hand")
    # An order that was received as paid, or of which somebody said so.
    ORDER = "order", _("Paid with the order")
    API = "api", "API"
    IMPORT = "import", _("Bank file")


class Unmatched(models.TextChoices):
    """Why a payment is not an invoice's."""

    NO_REFERENCE = "no_reference"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    CURRENCY = "currency"
    INVOICE_CANCELED = "invoice_canceled"


_WHY_UNMATCHED = {
    Unmatched.NO_REFERENCE: _("The payer named neither a reference nor an invoice."),
    Unmatched.NOT_FOUND: _("No invoice was found by what the payer wrote."),
    Unmatched.SEVERAL: _("The payer named several invoices, such as %(number)s."),
    Unmatched.CURRENCY: _("The invoice %(number)s is in another currency."),
    Unmatched.INVOICE_CANCELED: _("The invoice %(number)s is canceled."),
}


class ImportFormat(models.TextChoices):
    CAMT = "camt", "CAMT"
    CSV = "csv", "CSV"


class PaymentImport(SpaceOwned):
    """A file of payments that was read. Its content is not kept, only what tells that it was read already."""

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    format = models.CharField(_("format"), max_length=8, choices=ImportFormat.choices)
    matched_count = models.PositiveIntegerField(_("assigned"), default=0)
    unmatched_count = models.PositiveIntegerField(_("to be assigned"), default=0)
    known_count = models.PositiveIntegerField(_("known already"), default=0)
    # Entries that are no payment to the merchant: debits, entries that the bank has not booked yet.
    skipped_count = models.PositiveIntegerField(_("left out"), default=0)
    bad_count = models.PositiveIntegerField(_("with errors"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by")
    )
    created_at = models.DateTimeField(_("imported"), default=timezone.now)
    # Empty while its payments are being recorded, and for good where that was broken off: it may be imported again.
    finished_at = models.DateTimeField(null=True, editable=False)
    # Sentences in the language of whoever imported it; the first of them, where there are many.
    problems = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("payment file")
        verbose_name_plural = _("payment files")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "sha256"],
                name="payment_file_once_per_space",
                violation_error_message=_("This file was imported already."),
            )
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="payment_file_list"),
        ]

    def __str__(self) -> str:
        return self.file_name


class PaymentQuerySet(SpaceOwnedQuerySet["Payment"]):
    def to_be_assigned(self) -> PaymentQuerySet:
        """Money without an invoice that nobody has taken back."""
        return self.filter(invoice=None, reverses=None, reversal=None)


class Payment(SpaceOwned):
    """Money that came in; or, with ``reverses``, money of which it turned out that it did not, or that went back.

    Only the invoice is ever filled in later; everything else stays as it was recorded.
    """

    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="payments", verbose_name=_("invoice"))
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    paid_on = models.DateField(_("paid on"))
    # As the payer or the bank wrote it.
    reference = models.CharField(_("reference"), max_length=500, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=PaymentSource.choices)
    # The bank's or the shop's own number of it: the same again is the same payment.
    external_id = models.CharField(_("number at the source"), max_length=200, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", verbose_name=_("takes back")
    )
    unmatched = models.CharField(max_length=20, choices=Unmatched.choices, blank=True, editable=False)
    # What it seemed to be for: the invoice that is canceled, or in another currency.
    unmatched_number = models.CharField(max_length=64, blank=True, editable=False)
    payment_import = models.ForeignKey(
        PaymentImport, models.PROTECT, null=True, related_name="payments", verbose_name=_("payment file")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )
    created_at = models.DateTimeField(_("recorded"), default=timezone.now)

    objects: ClassVar[Any] = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "external_id"],
                name="payment_once_per_space",
                violation_error_message=_("A payment with this number of its source was recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_amount_positive",
                violation_error_message=_("The amount of a payment must be more than zero."),
            ),
        ]
        indexes = [
            # The list of a Space, newest first, and by source.
            models.Index(fields=["space", "-id"], name="payment_list"),
            models.Index(fields=["space", "source", "-id"], name="payment_list_by_source"),
            # What waits to be assigned.
            models.Index(fields=["space", "-id"], condition=Q(invoice=None), name="payment_to_be_assigned"),
        ]

    def __str__(self) -> str:
        return f"{rounded(self.counted, self.currency)} {self.currency}"

    @property
    def counted(self) -> Decimal:
        """What it adds to what was paid: below zero where money went back."""
        return -self.amount if self.reverses_id is not None else self.amount

    @property
    def unmatched_sentence(self) -> str:
        """Why it is no invoice's, in the reader's language; empty where it is one's."""
        return (
            str(_WHY_UNMATCHED[Unmatched(self.unmatched)]) % {"number": self.unmatched_number} if self.unmatched else ""
        )
