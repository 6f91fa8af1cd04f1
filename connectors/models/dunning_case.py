"""Dunning cases: how far an overdue invoice has come in its flow, and its history."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from connectors.models.dunning_flow import DunningFlow
from connectors.models.invoice import Invoice
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


class CaseState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("dunning case", "Running")
    SUSPENDED = "suspended", pgettext_lazy("dunning case", "Suspended")
    CANCELED = "canceled", pgettext_lazy("dunning case", "Canceled")
    DERECOGNIZED = "derecognized", pgettext_lazy("dunning case", "Written off")
    FAILED = "failed", pgettext_lazy("dunning case", "Without success")
    SUCCEEDED = "succeeded", pgettext_lazy("dunning case", "Paid")


CASE_TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RUNNING: frozenset(
        {
            CaseState.SUSPENDED,
            CaseState.CANCELED,
            CaseState.DERECOGNIZED,
            CaseState.FAILED,
            CaseState.SUCCEEDED,
        }
    ),
    # Suspended again: until another day.
    CaseState.SUSPENDED: frozenset(
        {
            CaseState.RUNNING,
            CaseState.SUSPENDED,
            CaseState.CANCELED,
            CaseState.DERECOGNIZED,
            CaseState.SUCCEEDED,
        }
    ),
    # A person thinks again, or the payment bounces.
    CaseState.CANCELED: frozenset({CaseState.RUNNING, CaseState.DERECOGNIZED, CaseState.SUCCEEDED}),
    CaseState.SUCCEEDED: frozenset({CaseState.RUNNING, CaseState.CANCELED}),
    # After the last level: money may still come, for what was written off too.
    CaseState.FAILED: frozenset({CaseState.CANCELED, CaseState.DERECOGNIZED, CaseState.SUCCEEDED}),
    CaseState.DERECOGNIZED: frozenset({CaseState.SUCCEEDED}),
}

# The states in which nothing is asked for any more.
CLOSED = frozenset({CaseState.CANCELED, CaseState.DERECOGNIZED, CaseState.FAILED, CaseState.SUCCEEDED})


class DunningCaseQuerySet(SpaceOwnedQuerySet["DunningCase"]):
    def change_state(self, to: CaseState, **fields: Any) -> int:
        """Move the cases that may come into ``to`` from where they are; returns how many did.

        The one way a state changes: a conditional UPDATE, so that of two who try only one succeeds.
        """
        before = [state for state, after in CASE_TRANSITIONS.items() if to in after]
        fields.setdefault("closed_at", timezone.now() if to in CLOSED else None)
        fields.setdefault("suspended_until", None)
        return self.filter(state__in=before).update(state=to, version=F("version") + 1, **fields)


class DunningCase(SpaceOwned):
    """An overdue invoice on its way through a flow. There is one per invoice, for ever."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="dunning_case", verbose_name=_("invoice"))
    flow = models.ForeignKey(DunningFlow, models.PROTECT, related_name="cases", verbose_name=_("dunning flow"))
    state = models.CharField(_("state"), max_length=16, choices=CaseState.choices, default=CaseState.RUNNING)
    # Of the last notice that was issued; 0 before the first.
    level_position = models.PositiveSmallIntegerField(_("level"), default=0)
    suspended_until = models.DateField(
        _("suspended until"), null=True, blank=True, help_text=_("Empty: until somebody resumes it.")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = DunningCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("dunning case")
        verbose_name_plural = _("dunning cases")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_until=None) | Q(state=CaseState.SUSPENDED),
                name="only_suspended_cases_have_a_day",
                violation_error_message=_("Only a suspended case has a day until which it is suspended."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=True)),
                name="closed_cases_have_a_moment",
            ),
        ]
        indexes = [
            # The list of a Space, newest first, with and without a state.
            models.Index(fields=["space", "-id"], name="dunning_case_list"),
            models.Index(fields=["space", "state", "-id"], name="dunning_case_list_by_state"),
        ]

    def __str__(self) -> str:
        return str(self.invoice)


class CaseEventKind(models.TextChoices):
    """What happens to a case; connectors.sentences has the sentence of each."""

    OPENED = "opened"
    NOTICE_ISSUED = "notice_issued"
    INFORMED = "informed"
    TASK_DONE = "task_done"
    SUSPENDED = "suspended"
    SUSPENDED_UNTIL = "suspended_until"
    RESUMED = "resumed"
    CANCELED = "canceled"
    INVOICE_CANCELED = "invoice_canceled"
    WRITTEN_OFF = "written_off"
    FAILED = "failed"
    PAID = "paid"
    REOPENED = "reopened"
    # What became of notices that were still on their way when the case closed.
    WITHDRAWN = "withdrawn"
    ALREADY_LEFT = "already_left"


class DunningCaseEvent(models.Model):
    """A line of a case's history: a code and its parameters; the sentence is made for the reader."""

    case = models.ForeignKey(DunningCase, models.CASCADE, related_name="events", verbose_name=_("dunning case"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("event"), max_length=16, choices=CaseEventKind.choices)
    params = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("event of a dunning case")
        verbose_name_plural = _("events of a dunning case")
        # By what happened first; within one moment, by what was written first.
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.kind
