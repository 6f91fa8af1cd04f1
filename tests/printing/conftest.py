"""Fixtures of printing: a Space that prints, and its simulated printer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from time_machine import TimeMachineFixture

from spaces.models import Space
from tests.factories import FeatureFactory, SpaceFactory
from tests.fakes.printnode.fake import PrintNodeFake, printnode_fake
from tests.printing.simulated import SimulatedPrinter, simulated_printer


@pytest.fixture
def space(db: None) -> Space:
    space: Space = SpaceFactory()
    FeatureFactory(space=space, name="printing")
    return space


@pytest.fixture
def laser(space: Space) -> SimulatedPrinter:
    """The Space's default printer."""
    return simulated_printer(space)


Clock: TypeAlias = TimeMachineFixture


@pytest.fixture
def clock(time_machine: Clock) -> Clock:
    """The clock, ticking on from now; ``shift`` moves it."""
    time_machine.move_to(datetime.now(UTC), tick=True)
    return time_machine


@pytest.fixture
def printnode() -> Iterator[PrintNodeFake]:
    """A PrintNode of this test's own, where no job goes on by itself."""
    with printnode_fake() as fake:
        fake.set(automatic=False)
        yield fake
