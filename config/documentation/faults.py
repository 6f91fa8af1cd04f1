"""What can go wrong on the way to a print service, for the page that says what comes of it.

The table itself is not written but found: ``make matrix`` runs each fault against each service and writes
``faults.json`` beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("faults.json")


class Fault(StrEnum):
    """One thing that goes wrong, once, while a document is handed over."""

    REFUSED = "refused"
    LOST_BEFORE = "timeout-before"
    LOST_AFTER = "timeout-after"
    REPLY_LOST = "reply-lost"
    STATUS_401 = "401"
    STATUS_404 = "404"
    STATUS_409 = "409"
    STATUS_413 = "413"
    STATUS_429 = "429"
    STATUS_500 = "500"
    GARBAGE = "garbage"
    TRUNCATED = "truncated"
    KILLED_WORKER = "killed-worker"

    @property
    def status(self) -> int:
        """The HTTP status that is answered; 0 for a fault of another kind."""
        return int(self.value) if self.value.isdigit() else 0

    @property
    def acts(self) -> bool | None:
        """Whether the service takes the document although it answers with this status; None: nobody can know."""
        return {409: True, 500: None}.get(self.status, False)


LABELS: Final[Mapping[Fault, str | Promise]] = {
    Fault.REFUSED: _("The service refuses connections for a moment"),
    Fault.LOST_BEFORE: _("No answer in time; the document did not arrive"),
    Fault.LOST_AFTER: _("No answer in time; the document did arrive"),
    Fault.REPLY_LOST: _("The connection breaks after the document arrived"),
    Fault.STATUS_401: _("The key is refused (HTTP 401)"),
    Fault.STATUS_404: _("The printer is not there (HTTP 404)"),
    Fault.STATUS_409: _("The service says that it has the document already (HTTP 409)"),
    Fault.STATUS_413: _("The document is too large for the service (HTTP 413)"),
    Fault.STATUS_429: _("Too many requests (HTTP 429)"),
    Fault.STATUS_500: _("An error of the service (HTTP 500); nobody knows whether it took the document"),
    Fault.GARBAGE: _("The answer is a web page instead of what was agreed"),
    Fault.TRUNCATED: _("The answer breaks off"),
    Fault.KILLED_WORKER: _("The worker is killed while it sends"),
}

# Why a fault cannot strike a service.
NOT_APPLICABLE: Final[Mapping[str, str | Promise]] = {
    "no network": _("Does not happen: there is no network in between."),
    "no keys": _("Does not happen: it knows no keys by which it would tell that a document is sent twice."),
}


def cells() -> list[dict[str, Any]]:
    """What the matrix found, cell by cell."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cells"]
    return found
