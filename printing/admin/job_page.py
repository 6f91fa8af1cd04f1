"""What the page of one print job shows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from printing import display, kinds
from printing.models import PrintAttempt, PrinterConfiguration, PrintJob
from printing.providers.base import RemotePrinter
from printing.services import partner_of
from printing.states import ENDED, ConfigurationState, JobState, Outcome, Phase

ATTEMPTS_SHOWN = 50
REPRINTS_SHOWN = 20
PRINTERS_SHOWN = 200

OUTCOME_TONES = {
    Outcome.ACCEPTED: "good",
    Outcome.TRANSIENT: "warn",
    Outcome.PERMANENT: "bad",
    Outcome.CONFIGURATION: "bad",
    Outcome.UNKNOWN: "warn",
}


@dataclass(frozen=True)
class AttemptRow:
    """One try, as its line shows it."""

    attempt: PrintAttempt
    label: str
    tone: str
    options: str


def context(job: PrintJob, may_operate: bool) -> dict[str, Any]:
    partner = partner_of(job)
    attempts = list(job.attempt_set.order_by("-number")[: ATTEMPTS_SHOWN + 1])
    return {
        "job": job,
        "note": display.job_note(job),
        "kind": kinds.label(job.document_kind),
        "next_try": display.next_try(job),
        "paper": display.paper_tag(job),
        "paper_words": display.paper_words(job),
        "instead_of": display.instead_of(job),
        "printer_link": _printer_link(job),
        "service": display.service_name(job.printer.provider) if job.printer else "",
        "source_link": _source_link(job),
        "no_document": _why_no_document(job),
        "attempts": [
            _row(attempt, job.printer.remote if job.printer else None) for attempt in attempts[:ATTEMPTS_SHOWN]
        ],
        "more_attempts": len(attempts) > ATTEMPTS_SHOWN,
        "original_job": _earlier(job),
        "reprints": PrintJob.objects.in_space(job.space).filter(reprint_of=job.pk).order_by("pk")[:REPRINTS_SHOWN],
        "partner": partner,
        "follows": partner is not None and job.follows == partner.pk,
        "may_reschedule_both": may_operate and partner is not None and {job.state, partner.state} == {JobState.FAILED},
        "may_print_both_again": may_operate and partner is not None and {job.state, partner.state} <= ENDED,
        "may_reschedule": may_operate and job.state == JobState.FAILED,
        "may_cancel": may_operate and job.state == JobState.PENDING and not job.in_progress,
        "may_print_again": may_operate and job.state in ENDED,
        "printers": _printers_offered(job) if may_operate and job.state in ENDED else [],
        "token": uuid.uuid4(),
    }


def _row(attempt: PrintAttempt, remote: RemotePrinter | None) -> AttemptRow:
    if not attempt.outcome:
        return AttemptRow(attempt, str(Phase(attempt.phase).label), "wait", _options(attempt, remote))
    outcome = Outcome(attempt.outcome)
    return AttemptRow(attempt, str(outcome.label), OUTCOME_TONES[outcome], _options(attempt, remote))


def _options(attempt: PrintAttempt, remote: RemotePrinter | None) -> str:
    """Tray, paper, sides, colour and copies as they were sent, by their names where the printer reports them."""
    names = {tray.id: tray.name for tray in remote.trays} if remote else {}
    sent = attempt.options
    parts = [
        names.get(sent.get("tray", ""), sent.get("tray", "")),
        _plain(sent.get("paper")),
        str(sent.get("sides") or ""),
        str(sent.get("color") or ""),
    ]
    if sent.get("copies"):
        parts.append(f"{sent['copies']} ×")
    return " · ".join(part for part in parts if part)


def _plain(value: Any) -> str:
    return str(value.get("name", "")) if isinstance(value, dict) else str(value or "")


def _earlier(job: PrintJob) -> PrintJob | None:
    """The job this one repeats, as long as it is kept."""
    if job.reprint_of is None:
        return None
    found: PrintJob | None = PrintJob.objects.in_space(job.space).filter(pk=job.reprint_of).first()
    return found


def _printers_offered(job: PrintJob) -> list[PrinterConfiguration]:
    """Where it can be printed again: its own printer first, where that is in use."""
    usable = PrinterConfiguration.objects.in_space(job.space).usable().order_by("-is_default", "name")
    return sorted(usable[:PRINTERS_SHOWN], key=lambda one: one.pk != job.configuration_id)


def _printer_link(job: PrintJob) -> str:
    configuration = job.configuration
    if configuration is None or configuration.state == ConfigurationState.DELETED:
        return ""
    return reverse("admin:printing_printerconfiguration_change", args=[configuration.pk])


def _source_link(job: PrintJob) -> str:
    kind = kinds.get(job.document_kind)
    if kind is None or not kind.source_admin or job.source_id is None:
        return ""
    try:
        return reverse(f"admin:{kind.source_admin}_change", args=[job.source_id])
    except NoReverseMatch:
        return ""


def _why_no_document(job: PrintJob) -> str:
    if job.document is not None:
        return ""
    if job.state == JobState.PENDING:
        return _("The document is made when its turn comes.")
    if job.state == JobState.FAILED:
        return _("The document was not made, because the job failed before.")
    return _("The document was never made.")
