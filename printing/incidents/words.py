"""Incidents in the words that people read on the pages and in e-mails: what belongs together is one entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printing.display import moment
from printing.models import Incident, IncidentKind, Printer, PrintJob
from printing.states import ConfigurationState

# So many documents are named; how many more there are is said.
TITLES_NAMED = 10


@dataclass(frozen=True)
class Entry:
    """Incidents of one kind, at one printer, for one reason."""

    incidents: list[Incident]

    @property
    def first(self) -> Incident:
        return self.incidents[0]

    @property
    def count(self) -> int:
        return len(self.incidents)

    @property
    def printer(self) -> Printer | None:
        return self.first.printer or (self.first.job.printer if self.first.job else None)

    @property
    def since(self) -> datetime:
        return min(incident.opened_at for incident in self.incidents)

    @property
    def jobs(self) -> list[PrintJob]:
        return [incident.job for incident in self.incidents if incident.job]

    @property
    def title(self) -> str:
        """What is the matter, in one line."""
        named = {"printer": self.printer.name if self.printer else "", "count": self.count}
        kind = IncidentKind(self.first.kind)
        if kind == IncidentKind.PRINTER_DOWN:
            return _("“%(printer)s” cannot be reached") % named
        if kind == IncidentKind.PRINTER_OFFLINE:
            return _("“%(printer)s” is offline") % named
        if kind == IncidentKind.PRINTER_PAUSED:
            return _("The connection of “%(printer)s” has to be put right. Nothing is printed until then") % named
        if self.count == 1:
            return self._one(kind) % {**named, "title": self.jobs[0].title}
        return self._many(kind) % named

    def _one(self, kind: IncidentKind) -> str:
        if kind == IncidentKind.PAPER_PROBLEM:
            return _("“%(printer)s” reports a problem with “%(title)s”")
        if self.printer is None:
            return _("“%(title)s” was not printed")
        return _("“%(title)s” was not printed on “%(printer)s”")

    def _many(self, kind: IncidentKind) -> str:
        if kind == IncidentKind.PAPER_PROBLEM:
            return ngettext(
                "“%(printer)s” reports a problem with %(count)s document",
                "“%(printer)s” reports a problem with %(count)s documents",
                self.count,
            )
        if self.printer is None:
            return ngettext("%(count)s document was not printed", "%(count)s documents were not printed", self.count)
        return ngettext(
            "%(count)s document was not printed on “%(printer)s”",
            "%(count)s documents were not printed on “%(printer)s”",
            self.count,
        )

    @property
    def end(self) -> str:
        """That it is over, in one line."""
        if self.first.job_id is None:
            begin, end = moment(self.since), moment(self.first.closed_at) if self.first.closed_at else ""
            named = {"printer": self.printer.name if self.printer else "", "since": begin, "until": end}
            return _("“%(printer)s” is well again. It was out of order from %(since)s to %(until)s.") % named
        failed = self.first.kind == IncidentKind.JOB_FAILED
        if self.count == 1:
            text = (
                _("The printer has taken “%(title)s” now.")
                if failed
                else _("The printer reports no problem with “%(title)s” any more.")
            )
        elif failed:
            text = ngettext(
                "The printer has taken %(count)s document now.",
                "The printer has taken %(count)s documents now.",
                self.count,
            )
        else:
            text = ngettext(
                "The printer reports no problem with %(count)s document any more.",
                "The printer reports no problem with %(count)s documents any more.",
                self.count,
            )
        return text % {"title": self.jobs[0].title, "count": self.count}

    @property
    def explanation(self) -> str:
        """Why, and what to do."""
        return self.first.explanation

    @property
    def titles(self) -> list[str]:
        """The documents, where there are several."""
        return [job.title for job in self.jobs[:TITLES_NAMED]] if self.count > 1 else []

    @property
    def more(self) -> int:
        """How many documents are not among :attr:`titles`."""
        return max(0, self.count - TITLES_NAMED)

    @property
    def link(self) -> str:
        """The page where it is put right."""
        if self.first.printer is not None:
            every = self.first.printer.configurations.all()
            configurations = [one for one in every if one.state == ConfigurationState.ACTIVE]
            if not configurations:
                return reverse("admin:printing_printerconfiguration_changelist")
            return reverse("admin:printing_printerconfiguration_change", args=[configurations[0].pk])
        if self.count == 1:
            return reverse("admin:printing_printjob_change", args=[self.first.job_id])
        jobs = reverse("admin:printing_printjob_changelist")
        return f"{jobs}?state=failed" if self.first.kind == IncidentKind.JOB_FAILED else jobs


def with_what_they_are_about(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Incidents together with everything that :class:`Entry` reads: three queries, however many there are."""
    return (
        incidents.select_related("printer", "job__printer")
        .defer("printer__capabilities", "job__printer__capabilities")
        .prefetch_related("printer__configurations")
    )


def entries(incidents: Iterable[Incident]) -> list[Entry]:
    """What belongs together in one entry each; printers before documents."""
    groups: dict[Any, list[Incident]] = {}
    for incident in incidents:
        job = incident.job
        key = (incident.kind, incident.printer_id, job.printer_id if job else None, job and incident.reason)
        groups.setdefault(key, []).append(incident)
    return sorted((Entry(group) for group in groups.values()), key=lambda entry: entry.first.printer_id is None)
