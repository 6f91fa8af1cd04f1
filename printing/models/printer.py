"""The physical printer behind a provider, which is the lane, and the configurations that say how to print on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printing.constants import DEFAULT_MAX_AGE, DEFAULT_SUBSTITUTE_AFTER, MAX_AGE_LIMIT, MAX_COPIES
from printing.models.connection import Connection
from printing.provider_choices import provider_choices
from printing.providers import capabilities
from printing.providers.base import ColorMode, Credentials, PaperSize, RemotePrinter, Sides, Target
from printing.states import ConfigurationState, JobState, UnknownRule
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned

SIDES_CHOICES = [
    (Sides.PRINTER_DEFAULT.value, _("As the printer is set")),
    (Sides.ONE_SIDED.value, _("One side")),
    (Sides.LONG_EDGE.value, _("Both sides, bound at the long edge")),
    (Sides.SHORT_EDGE.value, _("Both sides, bound at the short edge")),
]
COLOR_CHOICES = [
    (ColorMode.PRINTER_DEFAULT.value, _("As the printer is set")),
    (ColorMode.COLOR.value, _("Color")),
    (ColorMode.MONOCHROME.value, _("Black and white")),
]


class PrinterQuerySet(SpaceOwnedQuerySet["Printer"]):
    def due(self) -> PrinterQuerySet:
        """Lanes with work that nobody serves: pending jobs, not paused, not waiting after a failure, lease free."""
        from printing.models.job import PrintJob

        now = timezone.now()
        pending = PrintJob.objects.filter(printer=OuterRef("pk"), state=JobState.PENDING)
        return self.filter(
            Exists(pending),
            Q(lease_expires_at=None) | Q(lease_expires_at__lte=now),
            Q(next_try_at=None) | Q(next_try_at__lte=now),
            paused_at=None,
        ).order_by(F("lease_expires_at").asc(nulls_first=True), "pk")


class Printer(SpaceOwned):
    """A device behind a provider, and its lane: what is printed on it leaves in order, by one worker at a time."""

    name = models.CharField(_("printer"), max_length=200)
    provider = models.CharField(_("print service"), max_length=32, choices=provider_choices)
    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="printers", verbose_name=_("connection"), editable=False
    )
    remote_id = models.CharField(_("printer at the service"), max_length=500)
    capabilities = models.JSONField(default=dict, editable=False)
    capabilities_at = models.DateTimeField(null=True, editable=False)
    online = models.BooleanField(_("online"), null=True, editable=False)
    reported_detail = models.CharField(max_length=500, blank=True, editable=False)
    # When the service last said anything about this printer, and since when it says "offline".
    health_at = models.DateTimeField(_("last word"), null=True, editable=False)
    offline_since = models.DateTimeField(null=True, editable=False)

    # The lane.
    lease_token = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    next_try_at = models.DateTimeField(_("next try"), null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    # Since when nothing could be handed over: the first of the failures in a row.
    failing_since = models.DateTimeField(null=True, editable=False)
    woken_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    pause_reason = models.CharField(max_length=40, blank=True, editable=False)
    pause_params = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = PrinterQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["name"]
        # One device, one lane: two rows for it would print side by side.
        constraints = [models.UniqueConstraint(fields=["space", "provider", "remote_id"], name="device_once_per_space")]

    def __str__(self) -> str:
        return self.name

    @property
    def credentials(self) -> Credentials:
        """The key or token of the connection behind which the printer stands."""
        credentials: Credentials = self.connection.credentials
        return credentials

    @property
    def remote(self) -> RemotePrinter:
        """What the provider last reported of the printer."""
        return capabilities.from_json(self.capabilities)


class ConfigurationQuerySet(SpaceOwnedQuerySet["PrinterConfiguration"]):
    def usable(self) -> ConfigurationQuerySet:
        return self.filter(state=ConfigurationState.ACTIVE)

    def kept(self) -> ConfigurationQuerySet:
        return self.exclude(state=ConfigurationState.DELETED)


class PrinterConfiguration(SpaceOwned):
    """How to print on a printer: tray, paper, sides, colour, copies. Two trays are two configurations on one lane."""

    printer = models.ForeignKey(Printer, models.PROTECT, related_name="configurations", verbose_name=_("printer"))
    name = models.CharField(_("name"), max_length=200)
    is_default = models.BooleanField(
        _("Default"),
        default=False,
        help_text=_("Documents go to this printer unless something else is named. There is one default in a Space."),
    )
    state = models.CharField(
        _("state"), max_length=16, choices=ConfigurationState.choices, default=ConfigurationState.ACTIVE
    )
    tray = models.CharField(_("tray"), max_length=255, blank=True)
    paper = models.CharField(_("paper"), max_length=255, blank=True)
    sides = models.CharField(_("sides"), max_length=32, blank=True, choices=SIDES_CHOICES)
    color = models.CharField(_("color"), max_length=32, blank=True, choices=COLOR_CHOICES)
    copies = models.PositiveSmallIntegerField(
        _("copies"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_COPIES)]
    )
    unknown_rule = models.CharField(
        _("when nobody can say whether it arrived"),
        max_length=16,
        choices=UnknownRule.choices,
        default=UnknownRule.PRINT_AGAIN,
    )
    fit_to_page = models.BooleanField(
        _("fit to the paper"),
        default=False,
        help_text=_("Scales each page to the paper. Forms and payment slips have to keep their size: leave it off."),
    )
    max_age_hours = models.PositiveSmallIntegerField(
        _("not older than (hours)"),
        default=int(DEFAULT_MAX_AGE.total_seconds() // 3600),
        validators=[MinValueValidator(1), MaxValueValidator(int(MAX_AGE_LIMIT.total_seconds() // 3600))],
        help_text=_("A document that has waited for longer is not printed any more but fails, and you decide."),
    )
    substitute = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="substitute_for",
        verbose_name=_("another printer takes over"),
        help_text=_("Documents go there while this printer is out of order."),
    )
    substitute_after_minutes = models.PositiveSmallIntegerField(
        _("after (minutes)"),
        default=int(DEFAULT_SUBSTITUTE_AFTER.total_seconds() // 60),
        validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 60)],
    )
    planned_purge_on = models.DateField(_("planned purge"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = ConfigurationQuerySet.as_manager()

    class Meta:
        verbose_name = _("printer")
        verbose_name_plural = _("printers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["space"],
                condition=Q(is_default=True),
                name="one_default_printer_per_space",
                violation_error_message=_("Another printer is the default already."),
            ),
            models.UniqueConstraint(
                fields=["space", "name"],
                condition=~Q(state=ConfigurationState.DELETED),
                name="printer_name_once_per_space",
                violation_error_message=_("Another printer of this Space has this name already."),
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(state=ConfigurationState.ACTIVE),
                name="default_printer_is_active",
                violation_error_message=_("The default printer has to be active; make another one the default first."),
            ),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("pk")),
                name="printer_is_not_its_own_substitute",
                violation_error_message=_("A printer cannot take over from itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def max_age(self) -> timedelta:
        return timedelta(hours=self.max_age_hours)

    @property
    def substitute_after(self) -> timedelta:
        return timedelta(minutes=self.substitute_after_minutes)

    def paper_size(self) -> PaperSize | None:
        """The chosen paper as the printer reports it; a bare id where the printer does not report it any more."""
        if not self.paper:
            return None
        known = {paper.id: paper for paper in self.printer.remote.papers}
        return known.get(self.paper, PaperSize(id=self.paper, name=self.paper))

    def target(self, copies: int | None = None, printer: Printer | None = None) -> Target:
        """Where and how to print, as providers take it; ``printer`` where a job went before the device was changed."""
        device = printer or self.printer
        return Target(
            credentials=device.credentials,
            printer_id=device.remote_id,
            tray=self.tray,
            paper=self.paper_size(),
            sides=Sides(self.sides),
            color=ColorMode(self.color),
            copies=copies or self.copies,
            fit_to_page=self.fit_to_page,
        )
