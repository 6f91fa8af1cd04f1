"""README.md names every command that an operator can call, and none that there is not."""

from __future__ import annotations

import re

from django.core.management import get_commands

from config.env import BASE_DIR

OURS = {"config", "connectors", "printing", "spaces"}


def test_the_table_of_commands_is_complete() -> None:
    section = (BASE_DIR / "README.md").read_text().partition("## Commands")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*(?:\\\|[^|]*)*)\|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    assert named == {name for name, app in get_commands().items() if app in OURS}
