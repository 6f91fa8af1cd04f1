"""Dunning flows: in which steps a Space asks for the money of overdue invoices, and what each step does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from connectors.dunning.texts import PLACEHOLDERS, unknown_placeholders
from connectors.models.fields import amount_field, percent_field
from connectors.models.slip import Slip, check_slip
from printing.models import PrinterConfiguration
from spaces.choices import country_choices, currency_choices
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned

ZERO = Decimal(0)
MAX_LEVELS = 9
MAX_DAYS = 365


class DunningChannel(models.TextChoices):
    """What a level does."""

    PRINT = "print", _("Print the letter")
    EMAIL = "email", _("Send it by e-mail")
    BOTH = "both", _("Print it and send it by e-mail")
    TASK = "task", _("A task for a person")

    @property
    def prints(self) -> bool:
        return self in {DunningChannel.PRINT, DunningChannel.BOTH}

    @property
    def mails(self) -> bool:
        return self in {DunningChannel.EMAIL, DunningChannel.BOTH}


class NoticeTemplate(models.TextChoices):
    """The letters there are; the values are those of connectors.documents.notice."""

    REMINDER = "reminder", _("Friendly reminder")
    NOTICE = "notice", _("Dunning letter")
    FINAL = "final", _("Last notice")


class DunningFlow(SpaceOwned):
    """Levels, one after the other. A connector may name its flow; the first that fits is taken otherwise."""

    name = models.CharField(_("name"), max_length=100)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive flow issues nothing; its cases wait.")
    )
    automatic = models.BooleanField(
        _("automatic"),
        default=True,
        help_text=_("Issued by the daily run. Otherwise only when a person confirms a run."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=10, help_text=_("Of several flows that fit, the one with the smallest number is taken.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        choices=country_choices,
        blank=True,
        help_text=_("Of the billing address. Empty: any."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=currency_choices,
        blank=True,
        help_text=_("Of the invoices and of the fees below. Empty: the currency of the Space."),
    )
    amount_from = amount_field(
        _("amount from"), null=True, blank=True, help_text=_("What is open at least; less is not dunned.")
    )
    amount_to = amount_field(_("amount to"), null=True, blank=True, help_text=_("What is open at most."))
    customer_group = models.CharField(_("customer group"), max_length=64, blank=True, help_text=_("Empty: any."))

    objects: ClassVar[Any] = SpaceOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("dunning flow")
        verbose_name_plural = _("dunning flows")
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "name"],
                name="dunning_flow_name_once_per_space",
                violation_error_message=_("Another dunning flow of this Space has this name already."),
            ),
            models.CheckConstraint(
                condition=Q(amount_from=None) | Q(amount_to=None) | Q(amount_from__lte=F("amount_to")),
                name="dunning_flow_amounts_in_order",
                violation_error_message=_("“Amount from” is larger than “amount to”."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DunningLevel(models.Model):
    """One step of a flow: when, what it costs, and what is done."""

    flow = models.ForeignKey(DunningFlow, models.CASCADE, related_name="levels", verbose_name=_("dunning flow"))
    position = models.PositiveSmallIntegerField(
        _("level"), validators=[MinValueValidator(1), MaxValueValidator(MAX_LEVELS)]
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("For you; customers read the title of the text."))
    days = models.PositiveSmallIntegerField(
        _("days"),
        default=7,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_(
            "Level 1: after the due day of the invoice. Later levels: after the customer was informed of the level "
            "before, when its letter or e-mail had really left. Moved to the next working day."
        ),
    )
    fee = amount_field(_("fee"), default=ZERO, help_text=_("Without tax."))
    fee_tax_rate = percent_field(
        _("tax rate of the fee"),
        null=True,
        blank=True,
        help_text=_("Empty: no tax, as in Germany, Austria and Switzerland, where the fee is compensation."),
    )
    interest_consumer = percent_field(
        _("interest for consumers"),
        default=ZERO,
        help_text=_(
            "Percent a year, from the day after the due day. Germany: base rate + 5 (§ 288 Abs. 1 BGB); Switzerland: "
            "5 (Art. 104 OR)."
        ),
    )
    interest_business = percent_field(
        _("interest for companies"),
        default=ZERO,
        help_text=_(
            "Percent a year, for billing addresses with a company or a VAT number. Germany: base rate + 9 "
            "(§ 288 Abs. 2 BGB); Switzerland: 5 (Art. 104 OR)."
        ),
    )
    payment_days = models.PositiveSmallIntegerField(
        _("new payment term in days"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)],
        help_text=_("From the date of the letter. Moved to the next working day."),
    )
    channel = models.CharField(
        _("what it does"), max_length=16, choices=DunningChannel.choices, default=DunningChannel.PRINT
    )
    template = models.CharField(
        _("letter"), max_length=16, choices=NoticeTemplate.choices, default=NoticeTemplate.NOTICE
    )
    configuration = models.ForeignKey(
        PrinterConfiguration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("printer"),
        help_text=_("Empty: the default printer of the Space."),
    )
    slip = models.CharField(
        _("payment slip"),
        max_length=8,
        choices=Slip.choices,
        default=Slip.NONE,
        help_text=_("The Swiss QR-bill over the new total, for claims in CHF or EUR."),
    )
    slip_configuration = models.ForeignKey(
        PrinterConfiguration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("printer of the payment slip"),
        help_text=_("For a slip on a page of its own. Empty: it is printed with the letter."),
    )

    class Meta:
        verbose_name = _("dunning level")
        verbose_name_plural = _("dunning levels")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "position"],
                name="dunning_level_once_per_flow",
                violation_error_message=_("The flow has this level already."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_LEVELS),
                name="dunning_level_position_in_range",
                violation_error_message=_("Levels are counted from 1 to 9."),
            ),
            models.CheckConstraint(
                condition=Q(days__lte=MAX_DAYS, payment_days__gte=1, payment_days__lte=MAX_DAYS),
                name="dunning_level_days_within_a_year",
                violation_error_message=_("Days and payment term are a year at most, the payment term at least a day."),
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0, interest_consumer__gte=0, interest_business__gte=0),
                name="dunning_level_charges_not_negative",
                violation_error_message=_("Fees and interest are not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.name}"

    def clean(self) -> None:
        for name in ("configuration", "slip_configuration"):
            configuration = getattr(self, name)
            if configuration is not None and configuration.space_id != self.flow.space_id:
                raise ValidationError({name: _("This printer does not belong to the Space.")})
        check_slip(self.flow.space, self.slip)


def validate_placeholders(value: str) -> None:
    if unknown := unknown_placeholders(value):
        raise ValidationError(
            _("“{%(name)s}” is not known here. Known are: %(known)s."),
            params={"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)},
        )


class DunningLevelText(models.Model):
    """What a level says to the customer, in one language; ``connectors.dunning.texts`` names the placeholders."""

    level = models.ForeignKey(DunningLevel, models.CASCADE, related_name="texts", verbose_name=_("dunning level"))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=200, validators=[validate_placeholders])
    text = models.TextField(_("text"), blank=True, max_length=4000, validators=[validate_placeholders])

    class Meta:
        verbose_name = _("text of a dunning level")
        verbose_name_plural = _("texts of a dunning level")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "language"],
                name="dunning_text_once_per_language",
                violation_error_message=_("There is a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.title
