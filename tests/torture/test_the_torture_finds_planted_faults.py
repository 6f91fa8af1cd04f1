"""The torture turns red: two faults planted in the product are found, each by the one blow that is aimed at it.

All four within the whole plan of CI's length: ``python -m tests.torture.planted``.
"""

from __future__ import annotations

import pytest

from tests.require import require, require_program
from tests.torture.cluster import programs
from tests.torture.planted import search
from tests.torture.plants import PLANTS

pytestmark = [pytest.mark.torture, pytest.mark.long]


@pytest.fixture(autouse=True)
def installed() -> None:
    require(programs() is not None, "not installed: PostgreSQL's initdb and postgres")
    require_program("ippeveprinter", "dbus-run-session")


@pytest.mark.parametrize(("plant", "seconds"), [("no-fence", 12), ("dead-not-sent", 3)])
def test_a_planted_fault_is_found(plant: str, seconds: float) -> None:
    outcome = search(plant, "--only", PLANTS[plant].blow, seconds=seconds)
    assert outcome.found, outcome.text
