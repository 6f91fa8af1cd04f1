"""Print jobs: the truth about every document that is to be printed."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printing.constants import MAX_COPIES, PRINT_JOB_RETENTION
from printing.models.document import StoredDocument
from printing.models.printer import Printer, PrinterConfiguration
from printing.providers.base import PaperState
from printing.sentences import sentence
from printing.states import ENDED, PAPER_CHOICES, JobState, predecessors
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


class PrintJobQuerySet(SpaceOwnedQuerySet["PrintJob"]):
    def change_state(self, to: JobState, **fields: Any) -> int:
        """Move the jobs that may come into ``to`` from where they are; returns how many did.

        The one way a state changes: a conditional UPDATE, so that of two who try only one succeeds.
        """
        now = timezone.now()
        fields.setdefault("finished_at", now if to in ENDED else None)
        fields.setdefault("planned_purge_at", now + PRINT_JOB_RETENTION if to in ENDED else None)
        return self.filter(state__in=predecessors(to)).update(state=to, version=F("version") + 1, **fields)

    def in_turn(self) -> PrintJobQuerySet:
        """In the order in which a lane sends them: as they came, and what follows another job right behind it."""
        return self.annotate(turn=Coalesce("follows", "pk", output_field=models.BigIntegerField())).order_by(
            "turn", "pk"
        )

    def with_former_printer(self) -> PrintJobQuerySet:
        """Add ``former_printer``: the name of the printer from which a substitute took over, while it is known."""
        former = PrinterConfiguration.objects.filter(pk=OuterRef("substituted_for")).values("name")
        return self.annotate(former_printer=Subquery(former))

    def expired(self) -> PrintJobQuerySet:
        return self.filter(planned_purge_at__lte=timezone.now())


class PrintJob(SpaceOwned):
    """One document for one printer. Created in the transaction of the business event that asks for it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Counted up by every reschedule: the provider must not take the new submission for the old one.
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    document_kind = models.CharField(_("document"), max_length=32)
    title = models.CharField(_("title"), max_length=200)
    source_id = models.BigIntegerField(null=True, editable=False)
    order_number = models.CharField(_("order"), max_length=64, blank=True)
    # One business event, one job: the same key again is the same job.
    event_key = models.CharField(max_length=200, null=True, editable=False)
    # The job that a person had printed again; a plain number, because that job may be purged before this one.
    reprint_of = models.BigIntegerField(null=True, editable=False)
    # The document came out before, and this one is made with the mark of a copy.
    is_copy = models.BooleanField(_("copy"), default=False, editable=False)
    # The job right behind which this one comes out of the printer, as a payment slip behind its letter; a plain number,
    # because that job may be purged before this one.
    follows = models.BigIntegerField(null=True, editable=False)
    configuration = models.ForeignKey(
        PrinterConfiguration, models.PROTECT, null=True, related_name="jobs", verbose_name=_("printer")
    )
    printer = models.ForeignKey(Printer, models.PROTECT, null=True, related_name="jobs", verbose_name=_("device"))
    copies = models.PositiveSmallIntegerField(
        _("copies"), null=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_COPIES)]
    )
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="jobs")

    state = models.CharField(_("state"), max_length=16, choices=JobState.choices, default=JobState.PENDING)
    paper = models.CharField(_("paper"), max_length=16, choices=PAPER_CHOICES, default=PaperState.UNKNOWN.value)
    # The provider's words about the paper, when they came, and whether there will be others.
    paper_detail = models.CharField(max_length=500, blank=True, editable=False)
    paper_at = models.DateTimeField(null=True, editable=False)
    paper_final = models.BooleanField(default=False, editable=False)
    # When the provider is asked next what became of it, and how often it was; null when nobody asks any more.
    follow_up_at = models.DateTimeField(null=True, editable=False)
    follow_ups = models.PositiveSmallIntegerField(default=0, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Attempts before the last reschedule: MAX_ATTEMPTS counts from there.
    attempts_before_round = models.PositiveIntegerField(default=0, editable=False)
    # Being worked on. On this row, so that a cancellation that waited for its lock sees it.
    in_progress = models.BooleanField(default=False, editable=False)
    # When the first submission left whose outcome nobody knows yet: ask the provider before sending again.
    unresolved_since = models.DateTimeField(null=True, editable=False)
    possible_duplicate = models.BooleanField(_("may have come out twice"), default=False)
    reason = models.CharField(max_length=40, blank=True, editable=False)
    reason_params = models.JSONField(default=dict, editable=False)
    remote_id = models.CharField(_("number at the service"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    # The configuration whose printer was out of order when this one took over; a plain number, as it may be deleted.
    substituted_for = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # From when its age counts: its creation, or the last time a person asked for it.
    due_since = models.DateTimeField(default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    planned_purge_at = models.DateTimeField(_("planned purge"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("print job")
        verbose_name_plural = _("print jobs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "event_key"], name="one_job_per_event"),
            models.CheckConstraint(
                condition=~Q(state=JobState.PENDING) | Q(printer__isnull=False), name="pending_job_has_printer"
            ),
        ]
        indexes = [
            # The lane's question: the pending jobs of this printer, in turn.
            models.Index(
                "printer",
                Coalesce("follows", "id", output_field=models.BigIntegerField()),
                "id",
                condition=Q(state=JobState.PENDING),
                name="job_due",
            ),
            # What follows a job: asked at its page, and when it is canceled, moved, or has left.
            models.Index(fields=["follows"], condition=Q(follows__isnull=False), name="job_follows"),
            # The list of a Space, newest first, with and without a state.
            models.Index(fields=["space", "-id"], name="job_list"),
            models.Index(fields=["space", "state", "-id"], name="job_list_by_state"),
            # The same list, narrowed down to the few that somebody has to look at.
            models.Index(
                fields=["space", "-id"], condition=Q(paper=PaperState.PROBLEM.value), name="job_list_paper_problem"
            ),
            models.Index(fields=["space", "-id"], condition=Q(possible_duplicate=True), name="job_list_twice"),
            # "Did order 4711 print?", asked with the whole number or its beginning: PostgreSQL takes an index for
            # LIKE 'x%' only when it is ordered byte by byte.
            models.Index(
                fields=["space", "order_number"], opclasses=["int8_ops", "varchar_pattern_ops"], name="job_by_order"
            ),
            # A job's page: what was printed again of it.
            models.Index(fields=["reprint_of"], condition=Q(reprint_of__isnull=False), name="job_reprints"),
            # follow_up: whom to ask about, printer by printer.
            models.Index(fields=["follow_up_at"], condition=Q(follow_up_at__isnull=False), name="job_follow_up"),
            # A webhook names a job by the service's own number.
            models.Index(fields=["printer", "remote_id"], condition=~Q(remote_id=""), name="job_remote_id"),
            # What people are told of: the latest failures and troubles with paper.
            models.Index(fields=["finished_at"], condition=Q(state=JobState.FAILED), name="job_failed"),
            models.Index(fields=["paper_at"], condition=Q(paper=PaperState.PROBLEM.value), name="job_paper_problem"),
            models.Index(fields=["planned_purge_at"], condition=Q(planned_purge_at__isnull=False), name="job_purge"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def came_out(self) -> bool:
        """Whether its paper lies somewhere, as far as anybody knows: accepted, and no word of trouble since."""
        printed = self.state == JobState.SUCCESSFUL and self.paper != PaperState.PROBLEM
        return printed or self.possible_duplicate

    @property
    def submission_key(self) -> str:
        """The key under which the provider knows this job; a new one after each reschedule."""
        return f"{self.key.hex}-{self.round}" if self.round else self.key.hex

    @property
    def reason_sentence(self) -> str:
        """Why the job failed or waits, in the reader's language; empty when there is nothing to say."""
        return sentence(self.reason, self.reason_params) if self.reason else ""
