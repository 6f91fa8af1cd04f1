"""README.md and .env.example name every variable that config/env.py reads, and none that it does not."""

from __future__ import annotations

import re

from config.env import BASE_DIR


def read_by_the_product() -> list[str]:
    source = (BASE_DIR / "config" / "env.py").read_text()
    return re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source)


def test_the_readme_has_a_row_for_each() -> None:
    section = (BASE_DIR / "README.md").read_text().partition("## Environment")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)) == sorted(read_by_the_product())


def test_the_example_file_has_a_line_for_each() -> None:
    example = (BASE_DIR / ".env.example").read_text()
    assert sorted(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == sorted(read_by_the_product())
