"""How printing says things in pages: coloured labels, and what a job's or a printer's state means in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printing.models import Printer, PrinterConfiguration, PrintJob
from printing.provider_choices import provider_choices
from printing.providers.base import PaperState
from printing.sentences import sentence, translated
from printing.states import PAPER_LABELS, ConfigurationState, JobState

STATE_TONES = {
    JobState.PENDING: "wait",
    JobState.SUCCESSFUL: "good",
    JobState.FAILED: "bad",
    JobState.CANCELED: "plain",
}
PAPER_TONES = {
    PaperState.PRINTED: "good",
    PaperState.PROBLEM: "bad",
    PaperState.PRINTING: "wait",
    PaperState.QUEUED: "wait",
}


@dataclass(frozen=True)
class Note:
    """A paragraph with a tone (good, wait, warn, bad, plain) and an icon."""

    tone: str
    icon: str
    title: str
    text: str = ""


def tag(text: str, tone: str = "plain", css: str = "") -> SafeString:
    return format_html('<span class="pr-tag pr-tag-{} {}">{}</span>', tone, css, text)


def moment(value: datetime) -> str:
    """A point in time in the Space's time zone and the reader's language."""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


def service_name(key: str) -> str:
    """The print service's name in the reader's language; its key where this installation does not have it."""
    return translated(dict(provider_choices()).get(key, key))


def state_tag(job: PrintJob) -> SafeString:
    return tag(job.get_state_display(), STATE_TONES[JobState(job.state)], "pr-state")


def paper_tag(job: PrintJob) -> SafeString | str:
    """What the provider says about the paper: only of a job it has taken, and never mixed up with that."""
    if job.state != JobState.SUCCESSFUL and job.paper == PaperState.UNKNOWN:
        return "–"
    return tag(str(PAPER_LABELS[PaperState(job.paper)]), PAPER_TONES.get(PaperState(job.paper), "plain"))


def paper_words(job: PrintJob) -> str:
    """The provider's words about the paper: those it has of its own in the reader's language, others as they came."""
    return "; ".join(translated(part) for part in job.paper_detail.split("; "))


def job_marks(job: PrintJob) -> list[SafeString]:
    """What a job's line must not hide: that there may be two sheets of it, and that it is a second one on purpose."""
    marks = [tag(_("Reprint"), "wait")] if job.reprint_of else []
    return [*marks, tag(_("may have come out twice"), "warn")] if job.possible_duplicate else marks


def instead_of(job: Any) -> str:
    """Why a job is on this printer though another one was named; of rows that come ``with_former_printer()``."""
    if job.substituted_for is None:
        return ""
    if not job.former_printer:
        return _("instead of a printer that was out of order")
    return _("instead of “%(printer)s”, which was out of order") % {"printer": job.former_printer}


def next_try(job: PrintJob) -> str:
    """When a waiting job is tried next, as its lane says."""
    if job.state != JobState.PENDING:
        return "–"
    if job.in_progress:
        return _("being sent")
    printer = job.printer
    if printer is None or printer.paused_at:
        return _("printer paused")
    if printer.next_try_at and printer.next_try_at > timezone.now():
        return moment(printer.next_try_at)
    return _("now")


def lane_word(printer: Printer) -> tuple[str, str]:
    """The lane in one word for a list, and its tone."""
    if printer.paused_at:
        return _("Paused"), "bad"
    if printer.next_try_at and printer.next_try_at > timezone.now():
        return _("Waits until %(time)s") % {"time": time_format(timezone.localtime(printer.next_try_at))}, "warn"
    return _("Ready"), "good"


def pause_sentence(printer: Printer) -> str:
    return sentence(printer.pause_reason, printer.pause_params) if printer.pause_reason else ""


def lane_note(printer: Printer) -> Note:
    """What the printer's lane does: goes on, waits after failures, or is paused."""
    if printer.paused_at:
        title = _("Paused since %(time)s") % {"time": moment(printer.paused_at)}
        return Note("bad", "pause_circle", title, pause_sentence(printer))
    if printer.next_try_at and printer.next_try_at > timezone.now():
        title = _("Waits until %(time)s") % {"time": moment(printer.next_try_at)}
        text = ngettext(
            "The last try failed. Then it is tried again by itself.",
            "The last %(count)s tries failed. Then it is tried again by itself.",
            printer.failures,
        ) % {"count": printer.failures}
        return Note("warn", "schedule", title, text)
    return Note("good", "check_circle", _("Ready"), "")


def online_tag(printer: Printer) -> SafeString:
    """Online or not, as the service said last; while it does not answer itself, that is what there is to say."""
    if printer.connection.check_reason:
        return tag(_("no answer"), "warn")
    if printer.online is None:
        return tag(_("no word"), "plain")
    return tag(_("online"), "good") if printer.online else tag(_("offline"), "bad")


def last_words(printer: Printer) -> list[str]:
    """What is known of a printer's health, and how old that is: since when it is out of order, and the last word."""
    said = []
    if printer.offline_since:
        said.append(_("offline since %(time)s") % {"time": moment(printer.offline_since)})
    if printer.failing_since and not printer.paused_at:
        said.append(_("takes nothing since %(time)s") % {"time": moment(printer.failing_since)})
    if printer.health_at:
        said.append(_("last word: %(time)s") % {"time": moment(printer.health_at)})
    return said


def printer_tags(configuration: PrinterConfiguration) -> list[SafeString]:
    """Everything worth a label: default, state, lane, online."""
    tags = [tag(_("Default"), "wait")] if configuration.is_default else []
    if configuration.state != ConfigurationState.ACTIVE:
        tags.append(tag(configuration.get_state_display(), "warn"))
    if configuration.printer.paused_at:
        tags.append(tag(_("paused"), "bad"))
    return [*tags, online_tag(configuration.printer)]


def job_note(job: PrintJob) -> Note:
    """The job's state in plain words, with the reason."""
    if job.state == JobState.FAILED:
        text = job.reason_sentence or _("The reason is not recorded.")
        return Note("bad", "error", _("Not printed"), text)
    if job.state == JobState.CANCELED:
        return Note("plain", "cancel", _("Canceled"), _("It was withdrawn before it was sent. Nothing comes out."))
    if job.state == JobState.SUCCESSFUL:
        return _accepted_note(job)
    return _waiting_note(job)


def _accepted_note(job: PrintJob) -> Note:
    accepted = (
        _("The print service accepted it on %(time)s.") % {"time": moment(job.accepted_at)}
        if (job.accepted_at)
        else _("The print service accepted it.")
    )
    sentences = {
        PaperState.UNKNOWN: _("Whether paper came out, it has not said."),
        PaperState.QUEUED: _("It waits in the printer's own queue."),
        PaperState.PRINTING: _("The printer says that it is printing."),
        PaperState.PRINTED: _("The printer says that it is printed."),
        PaperState.PROBLEM: _("The printer reports a problem with it: go and look at the printer."),
    }
    paper = PaperState(job.paper)
    tone, icon = ("warn", "warning") if paper == PaperState.PROBLEM else ("good", "check_circle")
    titles = {PaperState.PRINTED: _("Printed"), PaperState.PROBLEM: PAPER_LABELS[PaperState.PROBLEM]}
    title = str(titles.get(paper, _("Accepted")))
    said = paper_words(job)
    told = _("In its words: %(words)s") % {"words": said} if said else ""
    return Note(tone, icon, title, f"{accepted} {sentences[paper]} {told}".strip())


def _waiting_note(job: PrintJob) -> Note:
    printer = job.printer
    if job.in_progress:
        return Note("wait", "sync", _("Being sent"), _("A worker is sending it just now."))
    if printer is not None and printer.paused_at:
        text = _("Nothing is sent to “%(printer)s” until somebody resumes it.") % {"printer": printer.name}
        return Note("bad", "pause_circle", _("The printer is paused"), f"{pause_sentence(printer)} {text}".strip())
    if job.unresolved_since:
        text = _("Nobody knows whether the last try arrived. The print service is asked before it is sent again.")
        return Note("warn", "help", _("Waiting for an answer"), f"{job.reason_sentence} {text}".strip())
    if printer is not None and printer.next_try_at and printer.next_try_at > timezone.now():
        text = _("It is tried again on %(time)s, by itself.") % {"time": moment(printer.next_try_at)}
        return Note("warn", "schedule", _("Waiting for the printer"), f"{job.reason_sentence} {text}".strip())
    text = _("It is sent as soon as the jobs before it have left.")
    return Note("wait", "hourglass_top", _("Waiting for its turn"), f"{job.reason_sentence} {text}".strip())
