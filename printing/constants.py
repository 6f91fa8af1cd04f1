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
}
