"""The matrix: nothing is lost, nothing comes out twice unsaid, everything ends in the state that the table names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.documentation import faults
from config.documentation.faults import Fault
from printing.providers import registry
from tests.matrix import real_printer, report
from tests.matrix.benches import BENCHES
from tests.matrix.expected import EXPECTED, NotApplicable
from tests.matrix.run import run
from tests.require import require_program

PROVIDERS = [provider.key for provider in registry.all_providers()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.process
@pytest.mark.fake
@pytest.mark.server
@pytest.mark.long
def test_every_fault_at_every_service_ends_as_expected_and_as_the_documentation_shows(tmp_path: Path) -> None:
    if os.environ.get("REQUIRE_ALL") == "1":
        require_program(*real_printer.PROGRAMS)
    log = tmp_path / "worker.log"
    cells = run(4711, log)
    problems = [f"{cell.provider} {cell.fault}: {problem}" for cell in cells for problem in cell.problems]
    assert problems == [], log.read_text(errors="replace")[-5_000:]
    assert report.closing_line(cells) == f"cells={len(cells)} lost=0 unmarked_duplicates=0 wrong_state=0"
    assert report.rows_of_file(cells) == faults.cells(), "make matrix writes the file anew"


def test_every_registered_provider_stands_in_the_matrix() -> None:
    assert set(EXPECTED) == set(BENCHES) == set(PROVIDERS)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_fault_has_its_cell_or_the_reason_why_there_is_none(provider: str) -> None:
    assert set(EXPECTED[provider]) == set(Fault)
    codes = {cell.code for cell in EXPECTED[provider].values() if isinstance(cell, NotApplicable)}
    assert codes <= set(faults.NOT_APPLICABLE)


def test_every_fault_has_a_label() -> None:
    assert set(faults.LABELS) == set(Fault)
