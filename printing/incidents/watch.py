"""Which troubles there are, read from the rows of printers and jobs: each minute, by a handful of queries.

Nothing is written where things go wrong, in the lane or in a webhook: an incident that a dying worker would have
forgotten is found by the next look. Two looks at once do no harm, as the database lets only one incident be open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from printing.constants import IDLE_OFFLINE_AFTER, PAPER_PROBLEM_AFTER, PRINTER_DOWN_AFTER
from printing.models import Incident, IncidentKind, Printer, PrinterConfiguration, PrintJob
from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.states import ConfigurationState, JobState
from spaces.models import Feature, FeatureName

BATCH = 5_000
# The purge deletes a job at its time, and what refers to it: not while we insert that.
NEAR_PURGE = timedelta(hours=1)
# What only a person can put right, where a service says so although nothing is to be printed.
NEEDS_PERSON = frozenset(
    {Reason.AUTHENTICATION_FAILED, Reason.RECONNECT_NEEDED, Reason.FORBIDDEN, Reason.CREDENTIALS_UNREADABLE}
)
# To the person these two are the same: the printer is out of reach. One follows upon the other without news.
OUT_OF_REACH = frozenset({IncidentKind.PRINTER_DOWN, IncidentKind.PRINTER_OFFLINE})


@dataclass(frozen=True)
class Trouble:
    """What is the matter with a printer, and since when."""

    kind: IncidentKind
    since: datetime
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""

    def is_told_by(self, incident: Incident) -> bool:
        """Whether the incident already says it."""
        return incident.kind == self.kind or {incident.kind, self.kind} <= OUT_OF_REACH


def look() -> None:
    """Open the incidents that began and close those that are over."""
    look_at_printers()
    look_at_jobs()


def look_at_printers() -> None:
    now = timezone.now()
    opened: dict[int | None, list[Incident]] = {}
    for incident in Incident.objects.filter(closed_at=None, printer__isnull=False):
        opened.setdefault(incident.printer_id, []).append(incident)
    new: list[tuple[Any, Trouble]] = []
    well: list[int] = []
    silent: list[int] = []
    for printer in _to_look_at(set(opened)):
        trouble = trouble_of(printer, now)
        known = opened.get(printer.pk, [])
        still = [one for one in known if trouble is not None and printer.in_use and trouble.is_told_by(one)]
        # Turned into another trouble, which is told, or out of use: nobody is told that it is over.
        over = well if trouble is None else silent
        over.extend(one.pk for one in known if one not in still)
        if trouble is not None and printer.in_use and not still:
            new.append((printer, trouble))
    with transaction.atomic():
        Incident.objects.filter(pk__in=silent, closed_at=None).update(closed_at=now, end_told_at=now)
        Incident.objects.filter(pk__in=well, closed_at=None).update(closed_at=now)
        Incident.objects.bulk_create(_of_printers(new), ignore_conflicts=True)


def _to_look_at(known: set[int | None]) -> QuerySet[Any]:
    """The printers that show a sign of trouble, or showed one, with what waits for them."""
    used = PrinterConfiguration.objects.filter(printer=OuterRef("pk"), state=ConfigurationState.ACTIVE)
    printing = Feature.objects.filter(space=OuterRef("space"), name=FeatureName.PRINTING)
    jobs = PrintJob.objects.filter(printer=OuterRef("pk"))
    waiting = jobs.filter(state=JobState.PENDING).order_by("pk").values("pk")[:1]
    accepted = jobs.filter(state=JobState.SUCCESSFUL, follow_up_at__isnull=False, paper_final=False)
    found: QuerySet[Any] = (
        Printer.objects.filter(
            Q(pk__in=known)
            | Q(paused_at__isnull=False)
            | Q(failing_since__isnull=False)
            | Q(online=False)
            | Q(connection__reconnect_needed_at__isnull=False)
            | ~Q(connection__check_reason="")
        )
        .select_related("connection")
        .defer("capabilities", "connection__credentials")
        .annotate(
            in_use=Exists(used) & Exists(printing),
            waiting=Subquery(waiting),
            # A service takes documents for a printer that is offline, and they wait there.
            waits_there=Exists(accepted),
        )
    )
    return found


def trouble_of(printer: Any, now: datetime) -> Trouble | None:
    """The trouble that a person has to know of, the one that only they can end before the others."""
    connection = printer.connection
    if printer.paused_at is not None:
        return Trouble(IncidentKind.PRINTER_PAUSED, printer.paused_at, printer.pause_reason, printer.pause_params)
    if connection.reconnect_needed_at is not None:
        return Trouble(IncidentKind.PRINTER_PAUSED, connection.reconnect_needed_at, Reason.RECONNECT_NEEDED)
    unanswered = connection.answered_at or connection.created_at
    asked = (connection.check_reason, connection.check_params)
    if connection.check_reason in NEEDS_PERSON and now - unanswered >= PRINTER_DOWN_AFTER:
        return Trouble(IncidentKind.PRINTER_PAUSED, unanswered, *asked)
    if printer.failing_since is not None and now - printer.failing_since >= PRINTER_DOWN_AFTER:
        return Trouble(IncidentKind.PRINTER_DOWN, printer.failing_since, *asked)
    if printer.online is False and printer.offline_since is not None:
        patience = PRINTER_DOWN_AFTER if printer.waiting or printer.waits_there else IDLE_OFFLINE_AFTER
        if now - printer.offline_since >= patience:
            return Trouble(IncidentKind.PRINTER_OFFLINE, printer.offline_since, detail=printer.reported_detail)
    if connection.check_reason and now - unanswered >= IDLE_OFFLINE_AFTER:
        return Trouble(IncidentKind.PRINTER_DOWN, unanswered, *asked)
    return None


def _of_printers(new: list[tuple[Any, Trouble]]) -> list[Incident]:
    # Why a lane fails stands with the jobs that wait there.
    waiting = PrintJob.objects.in_bulk([printer.waiting for printer, _trouble in new if printer.waiting])
    found = []
    for printer, trouble in new:
        job = waiting.get(printer.waiting)
        said = (job.reason, job.reason_params) if job is not None and job.reason else (trouble.reason, trouble.params)
        reason, params = said if trouble.kind == IncidentKind.PRINTER_DOWN else (trouble.reason, trouble.params)
        found.append(
            Incident(
                space_id=printer.space_id,
                printer=printer,
                kind=trouble.kind,
                reason=reason,
                reason_params=params,
                detail=trouble.detail,
                opened_at=trouble.since,
            )
        )
    return found


def look_at_jobs() -> None:
    now = timezone.now()
    failed, problem = Q(kind=IncidentKind.JOB_FAILED), Q(kind=IncidentKind.PAPER_PROBLEM)
    done = Exists(_reprints(OuterRef("job_id")))
    opened = Incident.objects.filter(closed_at=None)
    # Rescheduled, or rescheduled and failed once more: that failure is news.
    again = ~Q(job__state=JobState.FAILED) | Q(job__finished_at__gt=F("opened_at"))
    opened.filter(failed).filter(again | done).update(closed_at=now)
    opened.filter(problem).filter(~Q(job__paper=PaperState.PROBLEM.value) | done).update(closed_at=now)
    Incident.objects.bulk_create([*_failures(now), *_paper_problems(now)], batch_size=500, ignore_conflicts=True)


def _reprints(job: Any) -> QuerySet[PrintJob]:
    """The reprints of a job that were taken."""
    found: QuerySet[PrintJob] = PrintJob.objects.filter(reprint_of=job, state=JobState.SUCCESSFUL)
    return found


def _not_yet_known(kind: IncidentKind, moment: str, now: datetime) -> QuerySet[PrintJob]:
    """Jobs without an incident of what happened at ``moment``; one that a person has dismissed counts too."""
    known = Incident.objects.filter(kind=kind, job=OuterRef("pk"))
    known = known.filter(Q(closed_at=None) | Q(opened_at__gte=OuterRef(moment)))
    printing = Feature.objects.filter(space=OuterRef("space"), name=FeatureName.PRINTING)
    found: QuerySet[PrintJob] = (
        PrintJob.objects.filter(
            ~Exists(known),
            ~Exists(_reprints(OuterRef("pk"))),
            Exists(printing),
            Q(planned_purge_at=None) | Q(planned_purge_at__gt=now + NEAR_PURGE),
        )
        .order_by(moment)
        .only("space_id", "reason", "reason_params", "paper_detail", "paper_at", "finished_at")
    )
    return found


def _failures(now: datetime) -> list[Incident]:
    jobs = _not_yet_known(IncidentKind.JOB_FAILED, "finished_at", now).filter(state=JobState.FAILED)[:BATCH]
    return [
        Incident(
            space_id=job.space_id,
            job=job,
            kind=IncidentKind.JOB_FAILED,
            reason=job.reason,
            reason_params=job.reason_params,
            opened_at=job.finished_at or now,
        )
        for job in jobs
    ]


def _paper_problems(now: datetime) -> list[Incident]:
    lasting = Q(paper_final=True) | Q(paper_at__lte=now - PAPER_PROBLEM_AFTER)
    jobs = _not_yet_known(IncidentKind.PAPER_PROBLEM, "paper_at", now).filter(
        lasting, state=JobState.SUCCESSFUL, paper=PaperState.PROBLEM.value
    )[:BATCH]
    return [
        Incident(
            space_id=job.space_id,
            job=job,
            kind=IncidentKind.PAPER_PROBLEM,
            detail=job.paper_detail,
            opened_at=job.paper_at or now,
        )
        for job in jobs
    ]
