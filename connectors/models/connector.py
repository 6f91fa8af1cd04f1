"""Connectors: where orders come from, and which of their documents print when, where and how often."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connectors.models.dunning_flow import DunningFlow
from connectors.models.slip import Slip, check_slip
from printing.constants import MAX_COPIES
from printing.models import PrinterConfiguration
from spaces.scoping import SpaceOwned

MAX_PAYMENT_DAYS = 365


class Event(models.TextChoices):
    """What can happen to an order."""

    RECEIVED = "received", _("Order received")
    PAID = "paid", _("Order paid")
    SHIPPED = "shipped", _("Order shipped")


class Document(models.TextChoices):
    """What can be printed of an order. The values are the keys under which printing knows the kinds."""

    INVOICE = "invoice", _("Invoice")
    PACKING_SLIP = "packing_slip", _("Packing slip")


class Connector(SpaceOwned):
    """A source of orders with its terms."""

    name = models.CharField(_("name"), max_length=200)
    key = models.SlugField(
        _("key"), max_length=63, help_text=_("By which the importing program names this connector; e.g. “shop”.")
    )
    active = models.BooleanField(_("active"), default=True, help_text=_("An inactive connector takes no orders."))
    payment_days = models.PositiveSmallIntegerField(
        _("payment term in days"),
        default=14,
        validators=[MaxValueValidator(MAX_PAYMENT_DAYS)],
        help_text=_("From the invoice date; 0: due at once."),
    )
    prices_include_tax = models.BooleanField(
        _("prices include tax"), default=True, help_text=_("Unless the order itself says otherwise.")
    )
    dunning_flow = models.ForeignKey(
        DunningFlow,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="connectors",
        verbose_name=_("dunning flow"),
        help_text=_("Empty: the first dunning flow of the Space that fits."),
    )
    slip = models.CharField(
        _("payment slip"),
        max_length=8,
        choices=Slip.choices,
        default=Slip.NONE,
        help_text=_("The Swiss QR-bill, on invoices in CHF or EUR of which something is to be paid."),
    )

    class Meta:
        verbose_name = _("connector")
        verbose_name_plural = _("connectors")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "key"],
                name="connector_key_once_per_space",
                violation_error_message=_("Another connector of this Space has this key already."),
            ),
            models.CheckConstraint(
                condition=Q(payment_days__lte=MAX_PAYMENT_DAYS),
                name="payment_term_within_a_year",
                violation_error_message=_("The payment term is 365 days at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.dunning_flow is not None and self.dunning_flow.space_id != self.space_id:
            raise ValidationError({"dunning_flow": _("This dunning flow does not belong to the Space.")})
        check_slip(self.space, self.slip)


class PrintRule(models.Model):
    """When this happens to an order of the connector, print that."""

    connector = models.ForeignKey(Connector, models.CASCADE, related_name="rules", verbose_name=_("connector"))
    event = models.CharField(_("event"), max_length=16, choices=Event.choices)
    document = models.CharField(_("document"), max_length=16, choices=Document.choices)
    configuration = models.ForeignKey(
        PrinterConfiguration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("printer"),
        help_text=_("Empty: the default printer of the Space."),
    )
    slip_configuration = models.ForeignKey(
        PrinterConfiguration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("printer of the payment slip"),
        help_text=_("Such as the tray with perforated paper. Empty: the slip comes with its invoice."),
    )
    copies = models.PositiveSmallIntegerField(
        _("copies"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_COPIES)],
        help_text=_("Empty: as many as the printer is set to."),
    )

    class Meta:
        verbose_name = _("print rule")
        verbose_name_plural = _("print rules")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connector", "event", "document", "configuration"],
                name="rule_once_per_printer",
                violation_error_message=_("There is such a rule for this printer already; set its copies instead."),
            ),
            # NULL, the default printer, is equal to nothing: it needs a constraint of its own.
            models.UniqueConstraint(
                fields=["connector", "event", "document"],
                condition=Q(configuration=None),
                name="rule_once_for_default_printer",
                violation_error_message=_(
                    "There is such a rule for the default printer already; set its copies instead."
                ),
            ),
            models.CheckConstraint(
                condition=Q(copies=None) | Q(copies__gte=1, copies__lte=MAX_COPIES),
                name="rule_copies_in_range",
                violation_error_message=_("Between 1 and 99 copies can be printed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} → {self.get_document_display()}"

    def clean(self) -> None:
        if self.configuration is not None and self.configuration.space_id != self.connector.space_id:
            raise ValidationError({"configuration": _("This printer does not belong to the Space.")})
        if self.slip_configuration is not None:
            self._check_slip(self.slip_configuration)

    def _check_slip(self, configuration: PrinterConfiguration) -> None:
        problem = None
        if configuration.space_id != self.connector.space_id:
            problem = _("This printer does not belong to the Space.")
        elif self.document != Document.INVOICE:
            problem = _("Only invoices have a payment slip; leave this empty.")
        elif self.connector.slip != Slip.PAGE:
            problem = _("Only a payment slip on a page of its own is printed apart; choose this in the connector.")
        if problem is not None:
            raise ValidationError({"slip_configuration": problem})
