"""``with ipp_fake() as fake``: an IPP printer for one test or many, in a process of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from tests.fakes.ipp.service import PATH, IppService
from tests.fakes.process import FakeProcess, running


class IppFake(FakeProcess):
    """The orders of :class:`IppService`."""

    name = IppService.name

    @property
    def credentials(self) -> dict[str, str]:
        """A connection to it."""
        return {"url": f"{self.url}{PATH}"}

    def documents(self) -> list[dict[str, Any]]:
        """Every document it took, with its title, size and SHA-256, in order of arrival."""
        found: list[dict[str, Any]] = self.order("documents")
        return found


def ipp_fake() -> AbstractContextManager[IppFake]:
    """A new fake IPP printer."""
    return running(IppFake)
