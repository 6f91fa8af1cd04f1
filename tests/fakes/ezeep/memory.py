"""What the fake ezeep remembers, in the form in which the real one tells it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

NOTHING_YET, RUNNING, FINISHED, UNKNOWN = 1246, 129, 0, 2
NEXT = {NOTHING_YET: RUNNING, RUNNING: FINISHED}
WORDS = {NOTHING_YET: "", RUNNING: "PRINTING|RETAINED|", FINISHED: "PRINTED|", 3011: "ERROR|"}

LASER: dict[str, Any] = {
    "Driver": "ThinPrint Output Gateway",
    "Collate": True,
    "Color": False,
    "ColorSupported": True,
    "DuplexSupported": True,
    "DuplexMode": 1,
    "OrientationsSupported": ["portrait", "landscape"],
    "OrientationsSupportedId": [1, 2],
    "PaperFormats": [
        {"Id": 9, "Name": "A4", "XRes": 2100, "YRes": 2970, "Default": True},
        {"Id": 11, "Name": "A5", "XRes": 1480, "YRes": 2100, "Default": False},
    ],
    "Resolutions": ["600x600"],
    "DefaultResolution": "600x600",
    "Trays": [
        {"Index": 15, "Name": "Automatisch auswählen", "Default": True},
        {"Index": 259, "Name": "Fach 1", "Default": False},
        {"Index": 260, "Name": "Fach 2", "Default": False},
    ],
}


@dataclass
class Printer:
    """A printer; ``properties`` is None where ezeep has none of it."""

    id: str
    name: str
    location: str = ""
    is_queue: bool = False
    properties: dict[str, Any] | None = None

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "location": self.location, "is_queue": self.is_queue}

    def properties_json(self) -> dict[str, Any]:
        return {"Id": self.id, "Name": self.name, "Location": self.location, **(self.properties or {})}


@dataclass
class Upload:
    """A place for a document, which may lie in it; ``headers`` are those it came with."""

    id: str
    signature: str
    content: bytes | None = field(default=None, repr=False)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Job:
    """A print job."""

    id: str
    printer: Printer
    sent: dict[str, Any]
    content: bytes = field(repr=False)
    upload_headers: dict[str, str]
    status: int
    since: datetime
    words: str = ""

    def json(self) -> dict[str, Any]:
        done = 1 if self.status == FINISHED else 0
        words = self.words or WORDS.get(self.status, "")
        progress = {"jobpagesprinted": done, "jobpagestotal": 1, "jobposition": 1}
        return {**progress, "jobstatus": self.status, "jobstatusstring": words}

    def document(self) -> dict[str, Any]:
        """What a test wants to know of it."""
        return {
            "id": self.id,
            "printer_id": self.printer.id,
            "alias": self.sent.get("alias"),
            "type": self.sent.get("type"),
            "delete": self.sent.get("printanddelete"),
            "properties": self.sent.get("properties", {}),
            "upload_headers": self.upload_headers,
            "status": self.status,
            "bytes": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }
