"""Fixtures of the lab, for every test: declared as a plugin in ``tests/conftest.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import ipp


@pytest.fixture
def ipp_printer(tmp_path: Path) -> Iterator[ipp.LabServer]:
    """A real driverless printer with three trays, new for this test."""
    with ipp.ippeveprinter(tmp_path / "ippeveprinter") as printer:
        yield printer


@pytest.fixture
def cups_server(tmp_path: Path) -> Iterator[ipp.Cups]:
    """A real CUPS server with the raw queue ``capture``, new for this test."""
    with ipp.cupsd(tmp_path / "cups") as server:
        yield server
