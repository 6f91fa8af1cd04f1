"""Tenants: Spaces, their members with roles, and the features activated in them."""

from __future__ import annotations

import zoneinfo
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.choices import country_choices, currency_choices, time_zone_choices
from spaces.querysets import SpaceOwnedQuerySet, SpaceQuerySet
from spaces.validators import is_qr_iban, validate_iban, validate_logo, validate_qr_iban, validate_vat_number


class FeatureName(models.TextChoices):
    PRINTING = "printing", _("Printing")
    DUNNING = "dunning", _("Dunning")


class Role(models.TextChoices):
    """What a member may do: owners everything, operators the daily work, viewers look."""

    OWNER = "owner", _("Owner")
    OPERATOR = "operator", _("Operator")
    VIEWER = "viewer", _("Viewer")


def logo_path(space: Space, filename: str) -> str:
    return f"logos/{space.slug}/{filename}"


class Space(models.Model):
    """A merchant: its own address, language and time zone, and everything that belongs to it."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("short name in the address"),
        max_length=63,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", _("Use lower-case letters, digits and hyphens."))
        ],
        error_messages={"unique": _("Another Space already has this short name.")},
    )
    country = models.CharField(_("country"), max_length=2, choices=country_choices, default="DE")
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=64, choices=time_zone_choices, default="Europe/Berlin")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")

    company = models.CharField(_("company"), max_length=200, help_text=_("As it stands on your documents."))
    street = models.CharField(_("street and number"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=16)
    city = models.CharField(_("city"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    register_entry = models.CharField(
        _("register entry and managers"),
        max_length=300,
        blank=True,
        help_text=_("The line that company law asks for on letters, printed at their foot."),
    )
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True, validators=[validate_vat_number])
    tax_number = models.CharField(_("tax number"), max_length=32, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True, validators=[validate_iban])
    qr_iban = models.CharField(_("QR-IBAN"), max_length=42, blank=True, validators=[validate_qr_iban])
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank_name = models.CharField(_("bank"), max_length=100, blank=True)
    logo = models.ImageField(
        _("logo"),
        upload_to=logo_path,
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"]), validate_logo],
        help_text=_("PNG or JPEG, at most 1 MB; printed at the top of your documents."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Space")
        verbose_name_plural = _("Spaces")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def has_feature(self, name: FeatureName) -> bool:
        return self.features.filter(name=name).exists()

    def clean(self) -> None:
        if self.qr_iban and self.country not in {"CH", "LI"}:
            raise ValidationError({"qr_iban": _("A QR-IBAN exists only in Switzerland and Liechtenstein.")})
        if self.iban and is_qr_iban(self.iban):
            raise ValidationError({"iban": _("This is a QR-IBAN; enter it in its own field and here the other IBAN.")})


class Member(models.Model):
    """A person in a Space."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="members", verbose_name=_("Space"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="space_memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.OPERATOR)
    told_of_problems = models.BooleanField(_("e-mail about print problems"), default=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "user"],
                name="member_once_per_space",
                violation_error_message=_("This person is a member of the Space already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class Feature(models.Model):
    """A feature activated in a Space. No row: its menu is absent and it does nothing."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="features", verbose_name=_("Space"))
    name = models.CharField(_("feature"), max_length=32, choices=FeatureName.choices)
    activated_at = models.DateTimeField(_("activated"), auto_now_add=True)

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "name"],
                name="feature_once_per_space",
                violation_error_message=_("This feature is activated already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_name_display()


class ApiKey(models.Model):
    """What lets a program work in a Space: it names the Space, and is shown once. Only its hash is stored."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="api_keys", verbose_name=_("Space"), editable=False)
    name = models.CharField(_("name"), max_length=100, help_text=_("Such as the program that uses it."))
    # The part of the key by which it is found and people tell keys apart; no secret.
    prefix = models.CharField(_("begins with"), max_length=16, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # To the minute: it is not written by every call.
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects: ClassVar[Any] = SpaceOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
