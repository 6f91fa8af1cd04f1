"""The states of a print job, their groups, and the transitions there are."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from printing.providers.base import PaperState


class JobState(TextChoices):
    PENDING = "pending", _("Pending")
    SUCCESSFUL = "successful", _("Successful")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Canceled")


TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.PENDING: frozenset({JobState.SUCCESSFUL, JobState.FAILED, JobState.CANCELED}),
    # Rescheduled by a person. Withdrawn by the business: nobody is to reschedule what must not be printed any more.
    JobState.FAILED: frozenset({JobState.PENDING, JobState.CANCELED}),
    JobState.SUCCESSFUL: frozenset(),
    JobState.CANCELED: frozenset(),
}

ENDED = frozenset({JobState.SUCCESSFUL, JobState.FAILED, JobState.CANCELED})


def predecessors(state: JobState) -> list[JobState]:
    """The states from which a job may come into ``state``."""
    return [before for before, after in TRANSITIONS.items() if state in after]


class ConfigurationState(TextChoices):
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")
    DELETED = "deleted", _("Deleted")


class Phase(TextChoices):
    """How far an attempt has come. Found without an outcome, it tells what a dead worker can have done."""

    PREPARING = "preparing", _("Preparing the document")  # nothing was sent
    SENDING = "sending", _("Sending")  # it may have been sent
    DONE = "done", _("Done")


class Outcome(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    TRANSIENT = "transient", _("Not sent, will be tried again")
    PERMANENT = "permanent", _("Refused")
    CONFIGURATION = "configuration", _("Connection problem")
    UNKNOWN = "unknown", _("Unknown")


class UnknownRule(TextChoices):
    """What to do when nobody can say whether a document arrived."""

    PRINT_AGAIN = "print_again", _("Print again (it may come out twice)")
    HOLD = "hold", _("Hold for a person to decide (it may not come out)")


PAPER_LABELS = {
    PaperState.UNKNOWN: _("No word from the printer"),
    PaperState.QUEUED: _("Waiting in the printer"),
    # The feature is called "Printing" too; in other languages the two are different words.
    PaperState.PRINTING: pgettext_lazy("paper", "Printing"),
    PaperState.PRINTED: _("Printed"),
    PaperState.PROBLEM: _("Problem at the printer"),
}
PAPER_CHOICES = [(state.value, label) for state, label in PAPER_LABELS.items()]
