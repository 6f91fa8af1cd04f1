"""Constants of printing that nobody can change.

What each one means stands in :data:`MEANINGS`, once; the documentation's page of constants is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PRINT_JOB_RETENTION: Final = timedelta(days=14)
MAX_ATTEMPTS: Final = 24
MAX_DOCUMENT_BYTES: Final = 50_000_000
MAX_COPIES: Final = 99
LANE_BACKOFF_CAP: Final = timedelta(hours=1)
LANE_BACKOFF_JITTER: Final = 0.2
UNKNOWN_SETTLE: Final = timedelta(seconds=10)
DISPATCH_SECONDS: Final = 20
SWEEP_INTERVAL: Final = timedelta(minutes=1)
PURGE_BATCH: Final = 5_000
DEFAULT_MAX_AGE: Final = timedelta(hours=24)
MAX_AGE_LIMIT: Final = timedelta(days=14)
DEFAULT_SUBSTITUTE_AFTER: Final = timedelta(minutes=30)
FOLLOW_UP_WAITS: Final = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=3),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=24),
)
HEALTH_INTERVAL: Final = timedelta(minutes=5)
PRINTER_DOWN_AFTER: Final = timedelta(minutes=15)
IDLE_OFFLINE_AFTER: Final = timedelta(days=3)
PAPER_PROBLEM_AFTER: Final = timedelta(minutes=5)
TELL_JOBS_INTERVAL: Final = timedelta(minutes=30)
TELL_END_AFTER: Final = timedelta(minutes=5)
TELL_RETRY: Final = timedelta(minutes=5)
WORKER_SILENT_AFTER: Final = timedelta(minutes=5)
JOB_STUCK_AFTER: Final = timedelta(minutes=15)
RENEWAL_LEASE: Final = timedelta(minutes=2)

MEANINGS: Final[Mapping[str, str | Promise]] = {
    "PRINT_JOB_RETENTION": _(
        "Print job retention time: how long a print job that has ended, and its document, are kept. Afterwards both "
        "are deleted."
    ),
    "MAX_ATTEMPTS": _(
        "The number of attempts after which a print job that could not be handed to its print service is FAILED."
    ),
    "MAX_DOCUMENT_BYTES": _("The largest document that can be printed. A print service may take less."),
    "MAX_COPIES": _("The most copies that one print job can ask for."),
    "LANE_BACKOFF_CAP": _("The longest wait between two attempts at a printer that cannot be reached."),
    "LANE_BACKOFF_JITTER": _(
        "The share by which waits are varied, so that many printers behind one service are not tried in the same "
        "moment."
    ),
    "UNKNOWN_SETTLE": _(
        "How long after an unanswered submission the answer “no such job” is not believed yet: the document may "
        "still be on its way."
    ),
    "DISPATCH_SECONDS": _(
        "How long one task of the queue takes on new work. A printer with more to do goes on in the next task."
    ),
    "SWEEP_INTERVAL": _(
        "How often jobs are looked for whose wake-up was lost. A lost wake-up delays a print by this much at most."
    ),
    "PURGE_BATCH": _("The number of print jobs that are deleted in one transaction."),
    "DEFAULT_MAX_AGE": _(
        "How old a document may be that is still sent, unless its printer says otherwise. Older ones fail, so that a "
        "printer that comes back does not print what nobody wants any more."
    ),
    "MAX_AGE_LIMIT": _("The longest such time that a printer can be given."),
    "DEFAULT_SUBSTITUTE_AFTER": _(
        "How long a printer is out of order before another one takes over, unless the printer says otherwise."
    ),
    "FOLLOW_UP_WAITS": _(
        "The waits between the questions to the print service what became of an accepted print job. After the last "
        "one nobody asks any more."
    ),
    "HEALTH_INTERVAL": _("How often each print service is asked which printers are online."),
    "PRINTER_DOWN_AFTER": _("How long a printer is out of reach before somebody is told."),
    "IDLE_OFFLINE_AFTER": _(
        "How long a printer is offline before somebody is told when nothing waits for it: longer than a weekend."
    ),
    "PAPER_PROBLEM_AFTER": _(
        "How long a printer may report a problem with a document, such as no paper, before somebody is told."
    ),
    "TELL_JOBS_INTERVAL": _(
        "The least time between two messages about failed print jobs; what fails in between is told together."
    ),
    "TELL_END_AFTER": _(
        "How long nothing more has been put right before somebody is told of the documents that are in order again."
    ),
    "TELL_RETRY": _("When a message is tried again that the mail server did not take."),
    "WORKER_SILENT_AFTER": _("How long no worker has taken a task when it counts as dead."),
    "JOB_STUCK_AFTER": _("How long a job that could be sent may wait before /health/ reports trouble."),
    "RENEWAL_LEASE": _("How long one worker has to renew the access to a print service before another one may try."),
}
