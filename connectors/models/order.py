"""Orders with their lines, as they came in."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connectors.documents.data import ADDRESS, Party
from connectors.models.connector import Connector
from connectors.models.customer import Customer
from connectors.models.fields import amount_field, percent_field, quantity_field
from spaces.scoping import SpaceOwned

ZERO = Decimal(0)


class Order(SpaceOwned):
    """An order and its addresses at that time. Received once: what comes again under its ``external_id`` is it."""

    connector = models.ForeignKey(Connector, models.PROTECT, related_name="orders", verbose_name=_("connector"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders", verbose_name=_("customer"))
    # As it was when the order came: what a rule decides does not change with the customer.
    customer_group = models.CharField(_("customer group"), max_length=64, blank=True)
    external_id = models.CharField(_("number in the shop system"), max_length=100)
    number = models.CharField(_("order number"), max_length=64)
    currency = models.CharField(_("currency"), max_length=3)
    language = models.CharField(_("language"), max_length=8)
    prices_include_tax = models.BooleanField(_("prices include tax"))
    placed_at = models.DateTimeField(_("placed"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    # Copies of a connectors.documents.data.Party, read below and nowhere else: they have versions.
    billing_address = models.JSONField(_("billing address"))
    delivery_address = models.JSONField(_("delivery address"), null=True, blank=True)
    delivery_method = models.CharField(_("delivery method"), max_length=100, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Printed on the documents."))
    tax_note = models.CharField(
        _("reason without tax"),
        max_length=300,
        blank=True,
        help_text=_("The sentence the invoice needs where no tax is charged."),
    )
    discount_percent = percent_field(_("discount in percent"), default=ZERO)
    discount = amount_field(_("discount"), default=ZERO)
    shipping = amount_field(_("shipping costs"), default=ZERO)
    shipping_tax_rate = percent_field(_("tax rate of the shipping costs"), default=ZERO)
    net = amount_field(_("net"))
    tax = amount_field(_("tax"))
    gross = amount_field(_("total"))

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "external_id"],
                name="order_once_per_space",
                violation_error_message=_("An order with this number of the shop system was received already."),
            ),
            models.CheckConstraint(
                condition=Q(gross__gte=0) & Q(net__gte=0) & Q(tax__gte=0), name="order_amounts_not_negative"
            ),
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="order_list"),
            # "Did order 4711 print?" Two shops of one Space may count alike: not unique.
            models.Index(fields=["space", "number"], name="order_by_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def billing_party(self) -> Party:
        return ADDRESS.read(self.billing_address)

    @property
    def delivery_party(self) -> Party | None:
        """Where the goods go, when not to the billing address."""
        return ADDRESS.read(self.delivery_address) if self.delivery_address else None


class OrderLine(models.Model):
    """One line of an order; prices are net or gross as the order says."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name=_("order"))
    position = models.PositiveIntegerField(_("item"))
    sku = models.CharField(_("SKU"), max_length=64, blank=True)
    description = models.CharField(_("description"), max_length=1000)
    quantity = quantity_field(_("quantity"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    unit_price = amount_field(_("unit price"))
    tax_rate = percent_field(_("tax rate"))
    discount_percent = percent_field(_("discount in percent"), default=ZERO)
    discount = amount_field(_("discount"), default=ZERO)
    amount = amount_field(_("amount"))

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position_once_per_order"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.description}"
