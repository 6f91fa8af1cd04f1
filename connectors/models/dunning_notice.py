"""Dunning runs, and the notices that each of them issues."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connectors.documents.notice import NoticeData
from connectors.models.dunning_case import DunningCase
from connectors.models.dunning_flow import DunningChannel, DunningLevel
from connectors.models.fields import amount_field
from connectors.models.issued import IssuedDocument
from spaces.scoping import SpaceOwned


class RunSource(models.TextChoices):
    """Who began a run."""

    SCHEDULE = "schedule", _("Daily schedule")
    PERSON = "person", _("Person")
    COMMAND = "command", _("Command")


class DunningRun(SpaceOwned):
    """One run: written in the transaction of its notices, so that there are all of them or none."""

    day = models.DateField(_("day"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    source = models.CharField(_("begun by"), max_length=16, choices=RunSource.choices, default=RunSource.PERSON)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    notice_count = models.PositiveIntegerField(_("notices"), default=0)
    # Chosen, but paid, suspended or issued between the proposal and the run: a list of {"invoice": number, "reasons":
    # [[code, parameters], …]}.
    dropped = models.JSONField(_("left out"), default=list)
    # Sum of the notices' totals by currency, as decimal strings.
    totals = models.JSONField(_("totals"), default=dict)

    class Meta:
        verbose_name = _("dunning run")
        verbose_name_plural = _("dunning runs")
        ordering = ["-pk"]
        constraints = [
            # The schedule asks each hour; of two workers that ask at once one runs.
            models.UniqueConstraint(
                fields=["space", "day"],
                condition=Q(source=RunSource.SCHEDULE),
                name="one_scheduled_run_per_day",
                violation_error_message=_("The daily run of this day is done already."),
            )
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="dunning_run_list"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()

    def total(self, currency: str) -> Decimal:
        return Decimal(self.totals.get(currency, "0"))


class DunningNotice(IssuedDocument):
    """A notice of one level, as it was issued: what is open, the fees and the interest up to that day."""

    changeable = frozenset({"informed_at", "withdrawn_at"})

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="notices", verbose_name=_("dunning case"))
    run = models.ForeignKey(DunningRun, models.PROTECT, related_name="notices", verbose_name=_("dunning run"))
    level = models.ForeignKey(DunningLevel, models.PROTECT, related_name="notices", verbose_name=_("level"))
    position = models.PositiveSmallIntegerField(_("level"))
    due_on = models.DateField(_("due"))
    currency = models.CharField(_("currency"), max_length=3)
    recipient = models.CharField(_("customer"), max_length=200)
    # principal + fees_before + fee + fee_tax + interest = total
    principal = amount_field(_("open"))
    fees_before = amount_field(_("earlier fees"))
    fee = amount_field(_("fee"))
    fee_tax = amount_field(_("tax on the fee"))
    interest = amount_field(_("interest"))
    total = amount_field(_("total"))
    channel = models.CharField(_("what it does"), max_length=16, choices=DunningChannel.choices)
    # When the customer was really informed: its first print job was accepted, its mail sent, its task done. Days count
    # from here, never from the issue.
    informed_at = models.DateTimeField(_("informed"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("dunning notice")
        verbose_name_plural = _("dunning notices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "number"],
                name="notice_number_once_per_space",
                violation_error_message=_("Another dunning notice of this Space has this number already."),
            ),
            models.UniqueConstraint(
                fields=["case", "position"],
                # Of a withdrawn notice nothing has left: its level may be issued again.
                condition=Q(withdrawn_at=None),
                name="no_level_twice",
                violation_error_message=_("This level was issued for this invoice already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    principal__gt=0, fees_before__gte=0, fee__gte=0, fee_tax__gte=0, interest__gte=0, total__gt=0
                ),
                name="notice_amounts_not_negative",
            ),
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="notice_list"),
            # Hourly: whose letter or mail may have left meanwhile, and which tasks wait for a person.
            models.Index(
                fields=["space", "channel"], condition=Q(informed_at=None, withdrawn_at=None), name="notice_on_its_way"
            ),
        ]

    @property
    def copy(self) -> NoticeData:
        """What is printed. Raises DocumentError where this program cannot read the copy."""
        return NoticeData.from_json(self.data)
