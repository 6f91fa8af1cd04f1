"""An IPP printer that keeps its jobs in memory and never forgets one.

It reads and writes the product's own codec, which other tests hold against real printers and other readers.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from printing.providers.ipp.attributes import attribute, integer, keyword
from printing.providers.ipp.client import MEDIA_TYPE, Operation
from printing.providers.ipp.codec import CodecError, decode, encode
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, Message, Tag, Value
from tests.fakes.server import FakeService, Reply, Request

PATH = "/ipp/print"
COMPLETED = 9
OPERATION_NOT_SUPPORTED, NOT_FOUND = 0x0501, 0x0406
AGE = 3600  # seconds that it says it has been running: it has forgotten nothing since


@dataclass
class Job:
    """A job; all are finished at once."""

    number: int
    name: str
    content: bytes = field(repr=False)
    created: int

    def group(self) -> AttributeGroup:
        return AttributeGroup(
            Group.JOB,
            (
                integer("job-id", self.number),
                attribute(Tag.URI, "job-uuid", f"urn:uuid:00000000-0000-4000-8000-{self.number:012d}"),
                attribute(Tag.NAME, "job-name", self.name),
                Attribute("job-state", (Value(Tag.ENUM, COMPLETED),)),
                keyword("job-state-reasons", "none"),
                integer("time-at-creation", self.created),
                integer("time-at-completed", self.created),
            ),
        )


class IppService(FakeService):
    """One printer at ``/ipp/print``."""

    name = "ipp"

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[Job] = []
        self._began = time.monotonic() - AGE
        self._operations: dict[int, Callable[[Message], Message]] = {
            Operation.PRINT_JOB: self._print,
            Operation.VALIDATE_JOB: lambda request: _answer(request, 0),
            Operation.GET_PRINTER_ATTRIBUTES: self._describe,
            Operation.GET_JOBS: self._list,
            Operation.GET_JOB_ATTRIBUTES: self._show,
        }

    def introduction(self, url: str) -> str:
        return f"Address: {url}{PATH}"

    def place(self, path: str, beginning: bytes) -> str:
        """``/ipp/print#2``: with the operation, which stands behind the version (RFC 8010 section 3.1.1)."""
        return f"{path}#{int.from_bytes(beginning[2:4])}"

    def controls(self) -> dict[str, Callable[..., object]]:
        return {**super().controls(), "documents": lambda: [_document(job) for job in self.jobs]}

    def answer(self, request: Request) -> Reply:
        if request.path != PATH or request.method != "POST":
            return Reply(404, b"no printer here", headers={"Content-Type": "text/plain"})
        try:
            message = decode(request.body)
        except CodecError:
            return Reply(400, b"no IPP", headers={"Content-Type": "text/plain"})
        act = self._operations.get(message.code)
        answer = act(message) if act else _answer(message, OPERATION_NOT_SUPPORTED)
        return Reply(200, encode(answer), headers={"Content-Type": MEDIA_TYPE})

    def _print(self, request: Message) -> Message:
        name = request.group(Group.OPERATION).text("job-name")
        job = Job(len(self.jobs) + 1, name, request.data, self._up_time())
        self.jobs.append(job)
        return _answer(request, 0, job.group())

    def _describe(self, request: Message) -> Message:
        found = (
            attribute(Tag.NAME, "printer-name", "Fake"),
            attribute(Tag.TEXT, "printer-make-and-model", "Fake IPP printer"),
            Attribute("printer-state", (Value(Tag.ENUM, 3),)),
            keyword("printer-state-reasons", "none"),
            attribute(Tag.MIME_MEDIA_TYPE, "document-format-supported", "application/pdf"),
            integer("printer-up-time", self._up_time()),
        )
        return _answer(request, 0, AttributeGroup(Group.PRINTER, found))

    def _list(self, request: Message) -> Message:
        finished = request.group(Group.OPERATION).text("which-jobs") == "completed"
        return _answer(request, 0, *(job.group() for job in reversed(self.jobs) if finished))

    def _show(self, request: Message) -> Message:
        wanted = request.group(Group.OPERATION).number("job-id")
        found = [job.group() for job in self.jobs if job.number == wanted]
        return _answer(request, 0 if found else NOT_FOUND, *found)

    def _up_time(self) -> int:
        return int(time.monotonic() - self._began)


def _answer(request: Message, code: int, *groups: AttributeGroup) -> Message:
    head = (
        attribute(Tag.CHARSET, "attributes-charset", "utf-8"),
        attribute(Tag.NATURAL_LANGUAGE, "attributes-natural-language", "en"),
    )
    return Message(code, request.request_id, (AttributeGroup(Group.OPERATION, head), *groups))


def _document(job: Job) -> dict[str, Any]:
    """What a test wants to know of it."""
    return {
        "id": job.number,
        "title": job.name,
        "bytes": len(job.content),
        "sha256": hashlib.sha256(job.content).hexdigest(),
    }
