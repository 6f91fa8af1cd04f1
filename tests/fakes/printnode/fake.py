"""``with printnode_fake() as fake``: a PrintNode for one test or many, in a process of its own."""

from __future__ import annotations

import base64
from contextlib import AbstractContextManager
from typing import Any

from tests.fakes.printnode.service import API_KEY, PrintNodeService
from tests.fakes.process import FakeProcess, running
from tests.lab.processes import wait_until

PRINTER = 1001  # with trays and papers; the printer after it has not reported any
TRAY = "Fach 2"


class PrintNodeFake(FakeProcess):
    """The orders of :class:`PrintNodeService`."""

    name = PrintNodeService.name

    @property
    def credentials(self) -> dict[str, str]:
        """A connection to it."""
        return {"api_key": API_KEY, "base_url": self.url}

    def set(self, **settings: object) -> None:
        """Change how it behaves: see :class:`PrintNodeService`."""
        self.order("set", **settings)

    def documents(self) -> list[dict[str, Any]]:
        """Every document it took, with its options, state, size and SHA-256, in order of arrival."""
        found: list[dict[str, Any]] = self.order("documents")
        return found

    def content(self, job_id: int) -> bytes:
        """The octets of a document."""
        return base64.b64decode(self.order("content", job_id=job_id))

    def finish(self, job_id: int | str, state: str, message: str = "") -> None:
        """Let a job enter a state."""
        self.order("finish", job_id=int(job_id), state=state, message=message)

    def revoke(self) -> None:
        """Take back every API key."""
        self.order("revoke")

    def wait_for_state(self, job_id: int | str, state: str) -> None:
        """Return once a job has come to a state."""
        wait_until(
            lambda: any(d["id"] == int(job_id) and d["state"] == state for d in self.documents()),
            f"job {job_id} is {state}",
        )


def printnode_fake() -> AbstractContextManager[PrintNodeFake]:
    """A new fake PrintNode."""
    return running(PrintNodeFake)
