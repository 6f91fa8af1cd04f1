"""Print jobs: created with the business event, rescheduled, cancelled, printed again."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printing import kinds
from printing.constants import PRINT_JOB_RETENTION
from printing.models import PrinterConfiguration, PrintJob, StoredDocument
from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.sentences import sentence
from printing.states import ConfigurationState, JobState
from printing.wake import wake_after_commit
from spaces.models import FeatureName, Space


class NotPossible(Exception):
    """The job is not in a state for this; the text is for the person who asked."""


def _default_configuration(space: Space) -> PrinterConfiguration | None:
    default: PrinterConfiguration | None = PrinterConfiguration.objects.in_space(space).filter(is_default=True).first()
    return default


def _obstacle(configuration: PrinterConfiguration | None) -> tuple[Reason, dict[str, str]] | None:
    """Why nothing can be sent with this configuration."""
    if configuration is None:
        return Reason.NO_DEFAULT_PRINTER, {}
    if configuration.state != ConfigurationState.ACTIVE:
        return Reason.CONFIGURATION_INACTIVE, {"configuration": configuration.name}
    return None


def enqueue(
    *,
    space: Space,
    document_kind: str,
    title: str,
    source_id: int | None = None,
    order_number: str = "",
    event_key: str | None = None,
    configuration: PrinterConfiguration | None = None,
    copies: int | None = None,
    document: StoredDocument | None = None,
    created_by: AbstractBaseUser | None = None,
    reprint_of: PrintJob | None = None,
    follows: PrintJob | None = None,
) -> PrintJob | None:
    """Ask for a document to be printed, inside the caller's transaction; it leaves after the commit, never before.

    Without ``configuration`` it goes to the Space's default printer; without a usable printer the job is FAILED with
    that reason. The same ``event_key`` again returns the job there is. Returns None where the Space does not print.

    ``reprint_of`` is a job with the same document; where that came out, this one is a copy and, if its kind has a mark
    for that, says so: then ``document`` is made anew.

    ``follows`` is a job of the same transaction behind which this one comes out, with nothing between the two where
    both go to one printer.
    """
    if not space.has_feature(FeatureName.PRINTING):
        return None
    configuration = configuration or _default_configuration(space)
    is_copy = reprint_of is not None and reprint_of.came_out and kinds.marks_copies(document_kind)
    fields = {
        "document_kind": document_kind,
        "title": title[:200],
        "source_id": source_id,
        "order_number": order_number,
        "configuration": configuration,
        "printer_id": configuration.printer_id if configuration else None,
        "copies": copies,
        "document": None if is_copy else document,
        "created_by": created_by,
        "reprint_of": reprint_of.pk if reprint_of else None,
        "is_copy": is_copy,
        "follows": follows.pk if follows else None,
    }
    with transaction.atomic():
        if event_key is None:
            job, created = PrintJob.objects.create(space=space, **fields, **_initial(configuration)), True
        else:
            job, created = PrintJob.objects.get_or_create(
                space=space, event_key=event_key, defaults={**fields, **_initial(configuration)}
            )
        if created and job.state == JobState.PENDING:
            wake_after_commit(job.printer_id)
    return job


def _initial(configuration: PrinterConfiguration | None) -> dict[str, object]:
    """The state a job is born with: PENDING, or FAILED with the reason why nothing can be sent."""
    obstacle = _obstacle(configuration)
    if obstacle is None:
        return {"state": JobState.PENDING}
    now = timezone.now()
    return {
        "state": JobState.FAILED,
        "reason": obstacle[0],
        "reason_params": obstacle[1],
        "finished_at": now,
        "planned_purge_at": now + PRINT_JOB_RETENTION,
    }


@transaction.atomic
def reschedule(job: PrintJob) -> None:
    """Send a FAILED job once more, with all its attempts anew. Raises NotPossible."""
    configuration = job.configuration or _default_configuration(job.space)
    obstacle = _obstacle(configuration)
    if obstacle is not None:
        raise NotPossible(sentence(*obstacle))
    assert configuration is not None
    moved = PrintJob.objects.filter(pk=job.pk, state=JobState.FAILED).change_state(
        JobState.PENDING,
        configuration=configuration,
        printer_id=configuration.printer_id,
        round=F("round") + 1,
        attempts_before_round=F("attempts"),
        # What nobody could find out before cannot be found out under the new key either.
        possible_duplicate=Case(When(unresolved_since__isnull=False, then=True), default=F("possible_duplicate")),
        unresolved_since=None,
        reason="",
        reason_params={},
        due_since=timezone.now(),
        substituted_for=None,
        remote_id="",
        paper=PaperState.UNKNOWN,
        paper_detail="",
        paper_at=None,
        paper_final=False,
        follow_up_at=None,
    )
    if moved != 1:
        raise NotPossible(_("Only a failed print job can be rescheduled."))
    wake_after_commit(configuration.printer_id)


@transaction.atomic
def cancel(job: PrintJob) -> None:
    """Withdraw a PENDING job that is not being sent just now, and what was to follow it. Raises NotPossible."""
    waiting = PrintJob.objects.filter(state=JobState.PENDING, in_progress=False)
    if waiting.filter(pk=job.pk).change_state(JobState.CANCELED) != 1:
        raise NotPossible(_("Only a print job that waits can be canceled; this one has left or is just being sent."))
    waiting.filter(follows=job.pk).change_state(JobState.CANCELED)


def reprint(
    job: PrintJob,
    *,
    configuration: PrinterConfiguration | None = None,
    created_by: AbstractBaseUser | None = None,
    event_key: str | None = None,
    follows: PrintJob | None = None,
) -> PrintJob | None:
    """Print a job's document once more as a job of its own, on the same or on another printer.

    What came out before is marked as a copy, where its kind has a mark for that; else it is the same stored document.

    The same ``event_key`` again, from a second click on one button, returns the reprint there is.
    """
    return enqueue(
        space=job.space,
        document_kind=job.document_kind,
        title=job.title,
        source_id=job.source_id,
        order_number=job.order_number,
        configuration=configuration or job.configuration,
        copies=job.copies,
        document=job.document,
        created_by=created_by,
        event_key=event_key,
        reprint_of=job,
        follows=follows,
    )
