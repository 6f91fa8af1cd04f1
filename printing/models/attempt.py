"""Every try to hand a job to its provider, as it went."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from printing.models.job import PrintJob
from printing.sentences import sentence
from printing.states import Outcome, Phase


class PrintAttempt(models.Model):
    """One attempt at one job. Written before the work begins: a worker that dies leaves it without an outcome."""

    job = models.ForeignKey(PrintJob, models.CASCADE, related_name="attempt_set", verbose_name=_("print job"))
    number = models.PositiveIntegerField(_("number"))
    phase = models.CharField(_("phase"), max_length=16, choices=Phase.choices)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    printer_name = models.CharField(_("printer"), max_length=200)
    provider = models.CharField(_("print service"), max_length=32)
    # Tray, paper, sides, colour and copies as they were sent.
    options = models.JSONField(default=dict)
    started_at = models.DateTimeField(_("started"))
    sending_at = models.DateTimeField(_("sent"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # Counted with another job's try: the printer could not be reached, so this job was not sent either.
    shared = models.BooleanField(default=False)
    remote_id = models.CharField(_("number at the service"), max_length=500, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    reason_params = models.JSONField(default=dict)
    detail = models.TextField(_("technical detail"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="attempt_number_once_per_job")]

    def __str__(self) -> str:
        return f"{self.job} #{self.number}"

    @property
    def reason_sentence(self) -> str:
        """What went wrong, in the reader's language."""
        return sentence(self.reason, self.reason_params) if self.reason else ""
