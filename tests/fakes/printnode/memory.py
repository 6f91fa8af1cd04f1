"""What the fake PrintNode remembers, in the form in which the real one tells it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

KEYS_KEPT = timedelta(hours=24)
FINAL = frozenset({"done", "error", "expired", "deleted"})
NEXT = {"new": "sent_to_client", "sent_to_client": "done"}

CAPABILITIES: dict[str, Any] = {
    "bins": ["Automatisch auswählen", "Fach 1", "Fach 2"],
    "collate": True,
    "copies": 99,
    "color": True,
    "dpis": ["600x600"],
    "duplex": True,
    "extent": [[900, 1480], [2160, 3556]],
    "medias": ["Normalpapier"],
    "nup": [],
    "papers": {"A4": [2100, 2970], "A5": [1480, 2100], "Benutzerdefiniert": [None, None]},
    "printrate": None,
    "supports_custom_paper_size": False,
}


@dataclass
class Computer:
    """A computer on which the client runs."""

    id: int
    name: str
    state: str = "connected"

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "hostname": self.name.lower(), "state": self.state}


@dataclass
class Printer:
    """A printer of a computer; ``capabilities`` is None while the client has not reported them."""

    id: int
    computer: Computer
    name: str
    capabilities: dict[str, Any] | None = None
    state: str = "online"

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "computer": self.computer.json(),
            "name": self.name,
            "description": self.name,
            "capabilities": self.capabilities,
            "default": False,
            "state": self.state,
        }


@dataclass
class Job:
    """A print job with everything that happened to it."""

    id: int
    printer: Printer
    sent: dict[str, Any]
    content: bytes = field(repr=False)
    created: datetime
    expires: datetime
    states: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        return str(self.states[-1]["state"])

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "printer": self.printer.json(),
            "title": self.sent.get("title"),
            "contentType": self.sent["contentType"],
            "source": self.sent.get("source"),
            "expireAt": self.expires.isoformat(),
            "createTimestamp": self.created.isoformat(),
            "state": self.state,
        }

    def document(self) -> dict[str, Any]:
        """What a test wants to know of it."""
        return {
            "id": self.id,
            "printer_id": self.printer.id,
            "title": self.sent.get("title"),
            "source": self.sent.get("source"),
            "options": self.sent.get("options", {}),
            "expire_after": self.sent.get("expireAfter"),
            "state": self.state,
            "bytes": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


def in_set(wanted: str, number: int) -> bool:
    """Whether a number belongs to a set as PrintNode writes them: ``10``, ``10,12``, ``5-9``."""
    for part in wanted.split(","):
        first, dash, last = part.partition("-")
        if first.isdigit() and (
            number == int(first) or (dash and last.isdigit() and int(first) <= number <= int(last))
        ):
            return True
    return False


def refused_option(options: dict[str, Any], printer: Printer) -> str:
    """Why a printer cannot print this way; empty where it can."""
    can = printer.capabilities
    if options.get("duplex", "one-sided") not in ("one-sided", "long-edge", "short-edge"):
        return "options.duplex: not one of long-edge, short-edge, one-sided"
    if can is None:
        return ""
    if options.get("bin", can["bins"][0]) not in can["bins"]:
        return f"options.bin: {options['bin']} is not one of the printer's bins"
    if options.get("paper", "A4") not in can["papers"]:
        return f"options.paper: {options['paper']} is not one of the printer's papers"
    if options.get("copies", 1) > can["copies"]:
        return "options.copies: more than the printer can do"
    return ""
