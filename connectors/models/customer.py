"""Customers as the last order knew them; orders and documents hold copies of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spaces.choices import country_choices
from spaces.scoping import SpaceOwned
from spaces.validators import validate_vat_number


class Customer(SpaceOwned):
    """Somebody who orders. Known again by ``external_id``, which is the shop's; a guest has none."""

    external_id = models.CharField(
        _("number in the shop system"), max_length=100, null=True, blank=True, help_text=_("Empty for guests.")
    )
    number = models.CharField(_("customer number"), max_length=64, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    extra = models.CharField(_("address supplement"), max_length=200, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2, choices=country_choices)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Of the documents. Empty: the language of the Space."),
    )
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True, validators=[validate_vat_number])
    group = models.CharField(
        _("group"),
        max_length=64,
        blank=True,
        help_text=_("Such as “B2B”. Rules and dunning flows can be for one group. An order may name another."),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "external_id"],
                name="customer_once_per_space",
                violation_error_message=_("Another customer has this number in the shop system already."),
            ),
            models.CheckConstraint(
                condition=~Q(company="") | ~Q(name=""),
                name="customer_has_a_name",
                violation_error_message=_("Enter a company or a name."),
            ),
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="customer_list"),
        ]

    def __str__(self) -> str:
        return self.company or self.name

    def clean(self) -> None:
        # Two guests are two rows: unique constraints let only NULL repeat.
        self.external_id = self.external_id or None
