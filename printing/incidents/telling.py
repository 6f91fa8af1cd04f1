"""Telling people: one message per Space and look, with everything that is new and everything that is well again.

Claimed by a conditional UPDATE before the mail server is asked, recorded afterwards. A worker that dies between the two
leaves a claim that runs out, and then the message leaves once more: better twice than never.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printing.constants import TELL_END_AFTER, TELL_JOBS_INTERVAL, TELL_RETRY
from printing.incidents.words import Entry, entries, with_what_they_are_about
from printing.models import Incident, IncidentKind, PrintJob
from printing.providers.base import PaperState
from printing.states import JobState
from spaces import mail
from spaces.models import Member, Space

logger = logging.getLogger(__name__)


def recipients(space: Space) -> list[str]:
    """The addresses of those in the Space who want to know."""
    members = Member.objects.filter(space=space, told_of_problems=True, user__is_active=True)
    addresses = members.exclude(user__email="").order_by("pk").values_list("user__email", flat=True)
    return mail.usable(addresses)


def tell() -> int:
    """Tell the people of every Space what is new; returns how many messages the mail server took."""
    _let_go_of_ends()
    if not mail.is_configured():
        return 0
    news = Incident.objects.filter(_begun() | _ended(), space=OuterRef("pk"))
    wanted = Member.objects.filter(space=OuterRef("pk"), told_of_problems=True, user__is_active=True)
    spaces = Space.objects.filter(Exists(news), Exists(wanted.exclude(user__email=""))).order_by("pk")
    return sum(_tell(space) for space in spaces)


def _begun() -> Q:
    return Q(told_at=None, closed_at=None)


def _ended() -> Q:
    return Q(closed_at__isnull=False, told_at__isnull=False, end_told_at=None)


def _let_go_of_ends() -> None:
    """Nobody is told the end of what was given up: failed again, canceled, or dismissed by a person."""
    reprinted = PrintJob.objects.filter(reprint_of=OuterRef("job_id"), state=JobState.SUCCESSFUL)
    failed = Q(kind=IncidentKind.JOB_FAILED, job__state__in=[JobState.FAILED, JobState.CANCELED])
    problem = Q(kind=IncidentKind.PAPER_PROBLEM, job__paper=PaperState.PROBLEM.value)
    given_up = Incident.objects.filter(_ended()).filter(~Exists(reprinted), failed | problem)
    given_up.update(end_told_at=timezone.now())


def _tell(space: Space) -> bool:
    """Claim what is new in a Space, send it, record it. False where there is nothing, or somebody else tells it."""
    to = recipients(space)
    token, now = uuid.uuid4(), timezone.now()
    if not to or not _claim(space, token, now):
        return False
    claimed = with_what_they_are_about(Incident.objects.filter(claim_token=token)).order_by("pk")
    incidents = list(claimed)
    if not incidents:
        return False  # purged since, or our claim ran out and somebody else has taken them over
    with mail.speaking_for(space):
        subject, text = message(
            space,
            entries(incident for incident in incidents if incident.told_at is None),
            entries(incident for incident in incidents if incident.told_at is not None),
        )
    try:
        mail.send(subject, text, to)
    except mail.NotSent as error:
        # The moment of the claim stays: it is tried again after TELL_RETRY, not each minute.
        Incident.objects.filter(claim_token=token).update(claim_token=None)
        logger.warning("space %s: the mail server did not take a message: %s", space.pk, error)
        return False
    mine = Incident.objects.filter(claim_token=token)
    done: dict[str, Any] = {"claim_token": None, "claimed_at": None}
    mine.filter(told_at__isnull=False).update(end_told_at=timezone.now(), **done)
    mine.filter(told_at=None).update(told_at=timezone.now(), **done)
    logger.info("space %s: %s incidents told to %s people", space.pk, len(incidents), len(to))
    return True


def _claim(space: Space, token: uuid.UUID, now: datetime) -> int:
    """Of two workers that come at once, the second one finds the rows claimed and counts zero."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - TELL_RETRY)
    own: QuerySet[Incident] = Incident.objects.in_space(space)
    about_jobs = own.filter(job__isnull=False)
    begun = own.filter(free, _begun())
    if about_jobs.filter(told_at__gt=now - TELL_JOBS_INTERVAL).exists():
        begun = begun.filter(job=None)
    if about_jobs.filter(_ended(), closed_at__gt=now - TELL_END_AFTER).exists():
        ended = own.filter(job=None)
    else:
        # Rescheduled and still on its way: its end is not known yet. Looked up first, because an UPDATE that joins
        # does not check its conditions anew on a row it had to wait for.
        on_its_way = about_jobs.filter(_ended(), job__state=JobState.PENDING)
        ended = own.exclude(pk__in=list(on_its_way.values_list("pk", flat=True)))
    claim: dict[str, Any] = {"claim_token": token, "claimed_at": now}
    return begun.update(**claim) + ended.filter(free, _ended()).update(**claim)


def message(space: Space, begun: list[Entry], ended: list[Entry]) -> tuple[str, str]:
    """Subject and text, in the active language."""
    if len(begun) == 1:
        about = begun[0].title
    elif begun:
        about = ngettext("%(count)s problem with printing", "%(count)s problems with printing", len(begun))
        about %= {"count": len(begun)}
    else:
        about = ended[0].end if len(ended) == 1 else _("Printing is well again")
    context = {
        "space": space,
        "begun": [(entry, mail.link(space, entry.link)) for entry in begun],
        "ended": [entry.end for entry in ended],
        "settings": mail.link(space, reverse("admin:printing_incident_changelist")),
    }
    # A title comes from elsewhere and may have lines: a subject has one.
    return " ".join(f"{space.name}: {about}".split()), render_to_string("printing/mail/incidents.txt", context)
