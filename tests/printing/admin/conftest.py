"""A Space with a simulated printer that is connected through the services, as a person would have it."""

from __future__ import annotations

import pytest

from printing.models import PrinterConfiguration
from spaces.models import Space
from tests.factories import PrinterConfigurationFactory, SpaceFactory


@pytest.fixture
def space(db: None) -> Space:
    space: Space = SpaceFactory(name="Alpenblick", slug="alpenblick", features=["printing"])
    return space


@pytest.fixture
def configuration(space: Space) -> PrinterConfiguration:
    """The Space's default printer."""
    configuration: PrinterConfiguration = PrinterConfigurationFactory(space=space, name="Lager", is_default=True)
    return configuration
