"""Incidents: what a person has to be told once, when it begins and when it is over."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printing.models.job import PrintJob
from printing.models.printer import Printer
from printing.sentences import sentence, translated
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


class IncidentKind(models.TextChoices):
    PRINTER_DOWN = "printer_down", _("The printer cannot be reached")
    PRINTER_OFFLINE = "printer_offline", _("The printer is offline")
    PRINTER_PAUSED = "printer_paused", _("The connection has to be put right")
    JOB_FAILED = "job_failed", _("A print job has failed")
    PAPER_PROBLEM = "paper_problem", _("Problem at the printer")


class Incident(SpaceOwned):
    """One trouble of one printer or one job. While it is open there is no second one for the same."""

    kind = models.CharField(_("kind"), max_length=20, choices=IncidentKind.choices)
    printer = models.ForeignKey(Printer, models.CASCADE, null=True, related_name="incidents")
    job = models.ForeignKey(PrintJob, models.CASCADE, null=True, related_name="incidents")
    reason = models.CharField(max_length=40, blank=True)
    reason_params = models.JSONField(default=dict)
    # The provider's own words, where it is not one of our reasons.
    detail = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    closed_at = models.DateTimeField(_("over since"), null=True)
    # Being told by whoever holds the token, or the last time that it did not work out; told; and its end told.
    claim_token = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(_("told"), null=True)
    end_told_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SpaceOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "printer"],
                condition=Q(closed_at=None, printer__isnull=False),
                name="one_open_incident_per_printer",
            ),
            models.UniqueConstraint(
                fields=["kind", "job"], condition=Q(closed_at=None, job__isnull=False), name="one_open_incident_per_job"
            ),
            models.CheckConstraint(
                condition=Q(printer__isnull=True, job__isnull=False) | Q(printer__isnull=False, job__isnull=True),
                name="incident_of_a_printer_or_a_job",
            ),
        ]
        indexes = [
            models.Index(fields=["space", "id"], condition=Q(closed_at=None), name="incident_open"),
            # What is still to be told: a beginning, or the end of what was told.
            models.Index(fields=["space"], condition=Q(told_at=None, closed_at=None), name="incident_untold"),
            models.Index(
                fields=["space"],
                condition=Q(closed_at__isnull=False, told_at__isnull=False, end_told_at=None),
                name="incident_end_untold",
            ),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="incident_purge"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"

    @property
    def explanation(self) -> str:
        """Why, in the reader's language: our reason, or the provider's words."""
        return sentence(self.reason, self.reason_params) if self.reason else translated(self.detail)
