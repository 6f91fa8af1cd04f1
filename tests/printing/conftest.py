"""Fixtures of printing: a Space that prints, and its simulated printer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from spaces.models import Space
from tests.conftest import Clock
from tests.factories import FeatureFactory, SpaceFactory
from tests.fakes.printnode.fake import PrintNodeFake, printnode_fake
from tests.printing.simulated import SimulatedPrinter, simulated_printer

__all__ = ["Clock"]


@pytest.fixture
def space(db: None) -> Space:
    space: Space = SpaceFactory()
    FeatureFactory(space=space, name="printing")
    return space


@pytest.fixture
def laser(space: Space) -> SimulatedPrinter:
    """The Space's default printer."""
    return simulated_printer(space)


@pytest.fixture
def printnode() -> Iterator[PrintNodeFake]:
    """A PrintNode of this test's own, where no job goes on by itself."""
    with printnode_fake() as fake:
        fake.set(automatic=False)
        yield fake
