"""What the benchmark compares stands in its documentation, with the same target."""

from __future__ import annotations

import re

from benchmarks.scratch import ROOT
from benchmarks.targets import TARGETS

_LINE = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<target>[^|]*?) \|$", re.MULTILINE)


def test_the_documentation_lists_every_comparison_with_its_target() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    section = page.partition("## What it should come to\n")[2].partition("\n## ")[0]
    documented = [(line["name"], line["target"]) for line in _LINE.finditer(section)]

    assert documented == [(name, "–" if target is None else str(target)) for name, target in TARGETS.items()]
