"""Connectors: where orders come from, and on which terms."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connectors.models.dunning_flow import DunningFlow
from connectors.models.slip import Slip, check_slip
from spaces.scoping import SpaceOwned

MAX_PAYMENT_DAYS = 365


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
