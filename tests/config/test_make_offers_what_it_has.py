"""What `make` offers, what the README names and what a night runs are targets of the Makefile."""

from __future__ import annotations

import re
import runpy

import pytest

from tests.processes import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))


def offered() -> set[str]:
    return set(re.findall(r'@echo "make ([\w-]+)', MAKEFILE))


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/benchmarks.md"])
def test_the_targets_that_a_page_names_are_there(name: str) -> None:
    text = (ROOT / name).read_text()
    named = set(re.findall(r"(?:^ *|`)(?:[A-Z_]+=\S+ )*make ([a-z][\w-]*)", text, re.MULTILINE))
    assert named
    assert named <= TARGETS


def test_help_offers_what_is_there() -> None:
    assert offered() <= TARGETS
    # The parts of `make check` are its own business.
    parts = set(re.search(r"^check: (.*)$", MAKEFILE, re.MULTILINE)[1].split())  # type: ignore[index]
    assert TARGETS - offered() - parts == {"help"}


def test_a_night_runs_targets() -> None:
    parts = runpy.run_path(str(ROOT / ".ci/nightly.py"))["PARTS"]
    assert {part.command[1] for part in parts if part.command[0] == "make"} <= TARGETS
    assert len({part.name for part in parts}) == len(parts)
