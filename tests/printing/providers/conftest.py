"""What tests of providers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from printing.providers.base import ProviderContext
from tests.fakes.ezeep.fake import EzeepFake, ezeep_fake
from tests.fakes.printnode.fake import PrintNodeFake, printnode_fake


@pytest.fixture
def context(tmp_path: Path) -> ProviderContext:
    """Short time-outs: nothing here is farther away than loopback."""
    return ProviderContext(simulated_root=tmp_path / "simulated", connect_timeout=5, read_timeout=5)


@pytest.fixture
def printnode() -> Iterator[PrintNodeFake]:
    """A PrintNode of this test's own."""
    with printnode_fake() as fake:
        yield fake


@pytest.fixture
def ezeep() -> Iterator[EzeepFake]:
    """An ezeep of this test's own."""
    with ezeep_fake() as fake:
        yield fake
