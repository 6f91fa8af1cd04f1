"""``with ezeep_fake() as fake``: an ezeep for one test or many, in a process of its own."""

from __future__ import annotations

import base64
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.ezeep.accounts import CLIENT_ID, CLIENT_SECRET
from tests.fakes.ezeep.service import OFFICE, QUEUE, STORE, EzeepService
from tests.fakes.process import FakeProcess, running

TRAY = "260"  # "Fach 2" of the office's printer

__all__ = ["OFFICE", "QUEUE", "STORE", "TRAY", "EzeepFake", "ezeep_fake"]


class EzeepFake(FakeProcess):
    """The orders of :class:`EzeepService`."""

    name = EzeepService.name

    @property
    def client(self) -> dict[str, str]:
        """What a merchant enters to connect to it."""
        urls = {"api_url": self.url, "account_url": self.url}
        return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "webhook_password": "", **urls}

    def credentials(self, expires_in: float | None = None) -> dict[str, str]:
        """A connection to it, as after somebody has allowed it; ``expires_in`` says when we believe it to end."""
        issued = self.order("issue")
        seconds = issued["expires_in"] if expires_in is None else expires_in
        ends = datetime.now(UTC) + timedelta(seconds=seconds)
        tokens = {name: issued[name] for name in ("access_token", "refresh_token")}
        return {**self.client, **tokens, "expires_at": ends.isoformat(timespec="seconds")}

    def set(self, **settings: object) -> None:
        """Change how it behaves: see :class:`EzeepService`."""
        self.order("set", **settings)

    def documents(self) -> list[dict[str, Any]]:
        """Every document it took, with its options, status, size and SHA-256, in order of arrival."""
        found: list[dict[str, Any]] = self.order("documents")
        return found

    def content(self, job_id: str) -> bytes:
        """The octets of a document."""
        return base64.b64decode(self.order("content", job_id=job_id))

    def finish(self, job_id: str, status: int, words: str = "") -> None:
        """Let a job enter a state."""
        self.order("finish", job_id=job_id, status=status, words=words)

    @property
    def refreshed(self) -> int:
        """How often tokens were renewed."""
        return int(self.order("refreshed"))


def ezeep_fake() -> AbstractContextManager[EzeepFake]:
    """A new fake ezeep."""
    return running(EzeepFake)
