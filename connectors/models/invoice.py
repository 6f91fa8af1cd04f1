"""Invoices and their states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Case, DecimalField, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from connectors.documents.data import InvoiceData
from connectors.models.fields import amount_field
from connectors.models.issued import IssuedDocument, IssuedQuerySet
from connectors.money import PRICE_DECIMALS


class InvoiceState(models.TextChoices):
    OPEN = "open", _("Open")
    OVERDUE = "overdue", _("Overdue")
    PAID = "paid", _("Paid")
    # Of a print job it is another word in other languages.
    CANCELED = "canceled", pgettext_lazy("invoice", "Canceled")
    DERECOGNIZED = "derecognized", _("Derecognized")
    NOT_APPLICABLE = "not_applicable", _("Nothing to pay")


UNPAID = frozenset({InvoiceState.OPEN, InvoiceState.OVERDUE})

TRANSITIONS: dict[InvoiceState, frozenset[InvoiceState]] = {
    InvoiceState.OPEN: frozenset(
        {InvoiceState.OVERDUE, InvoiceState.PAID, InvoiceState.CANCELED, InvoiceState.DERECOGNIZED}
    ),
    InvoiceState.OVERDUE: frozenset({InvoiceState.PAID, InvoiceState.CANCELED, InvoiceState.DERECOGNIZED}),
    # Open again where the payment is taken back.
    InvoiceState.PAID: frozenset({InvoiceState.CANCELED, InvoiceState.OPEN, InvoiceState.OVERDUE}),
    # Money may arrive for what was written off.
    InvoiceState.DERECOGNIZED: frozenset({InvoiceState.PAID}),
    InvoiceState.NOT_APPLICABLE: frozenset({InvoiceState.CANCELED}),
    InvoiceState.CANCELED: frozenset(),
}


class InvoiceQuerySet(IssuedQuerySet):
    def change_state(self, to: InvoiceState) -> int:
        """Move the invoices that may come into ``to`` from where they are; returns how many did.

        The one way a state changes: a conditional UPDATE, so that of two who try only one succeeds.
        """
        before = [state for state, after in TRANSITIONS.items() if to in after]
        return self.filter(state__in=before).update(state=to, version=F("version") + 1)

    def with_open_amount(self) -> InvoiceQuerySet:
        """Annotate ``paid_amount`` and ``open_amount`` (below zero where too much was paid), in the one query.

        SQLite adds floating-point numbers: rounded to the decimals of the column, the sums are right again.
        """
        payments = apps.get_model("connectors", "Payment").objects.filter(invoice=OuterRef("pk"))
        counted = Case(When(reverses=None, then=F("amount")), default=-F("amount"))
        paid = payments.order_by().values("invoice").annotate(sum=Sum(counted)).values("sum")
        sums = {"output_field": DecimalField(max_digits=14, decimal_places=PRICE_DECIMALS)}
        found: InvoiceQuerySet = self.annotate(
            paid_amount=Round(Coalesce(Subquery(paid, **sums), Decimal(0), **sums), PRICE_DECIMALS)
        ).annotate(open_amount=Round(F("gross") - F("paid_amount"), PRICE_DECIMALS, **sums))
        return found

    def complete(self, invoice: Invoice) -> int:
        """Write the payment of an invoice that is being issued: its reference holds the primary key.

        In the transaction of the issue; an invoice that has its reference is not touched.
        """
        waiting = self.filter(pk=invoice.pk, payment_reference="")
        return super(IssuedQuerySet, waiting).update(data=invoice.data, payment_reference=invoice.payment_reference)


class Invoice(IssuedDocument):
    """An invoice. Its number comes from a series without gaps; only its state changes after the issue."""

    changeable = frozenset({"state", "version"})

    due_on = models.DateField(_("due"), null=True)
    state = models.CharField(_("state"), max_length=16, choices=InvoiceState.choices, default=InvoiceState.OPEN)
    currency = models.CharField(_("currency"), max_length=3)
    recipient = models.CharField(_("customer"), max_length=200)
    net = amount_field(_("net"))
    tax = amount_field(_("tax"))
    gross = amount_field(_("amount"))
    # What the payer sends along, in the form of documents.references.normalised; else the invoice's number.
    payment_reference = models.CharField(_("payment reference"), max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "number"],
                name="invoice_number_once_per_space",
                violation_error_message=_("Another invoice of this Space has this number already."),
            ),
            # Also the index by which an incoming payment finds its invoice.
            models.UniqueConstraint(
                fields=["space", "payment_reference"],
                condition=~Q(payment_reference=""),
                name="payment_reference_once_per_space",
                violation_error_message=_("Another invoice of this Space has this payment reference already."),
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state=InvoiceState.CANCELED),
                name="one_valid_invoice_per_order",
                violation_error_message=_("There is an invoice for this order already."),
            ),
        ]
        indexes = [
            # The list of a Space, newest first, with and without a state.
            models.Index(fields=["space", "-id"], name="invoice_list"),
            models.Index(fields=["space", "state", "-id"], name="invoice_list_by_state"),
            # The daily question which open invoices have become overdue.
            models.Index(fields=["due_on"], condition=Q(state=InvoiceState.OPEN), name="invoice_open_by_due"),
        ]

    @property
    def copy(self) -> InvoiceData:
        """What is printed. Raises DocumentError where this program cannot read the copy."""
        return InvoiceData.from_json(self.data)
