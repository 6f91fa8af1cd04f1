"""The simulated printer under the suite of every provider."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from printing.providers.base import ProviderContext, Target
from printing.providers.folder import FolderProvider
from tests.printing.providers.contract import Printed, ProviderContract, Site


def _printed(directory: Path) -> list[Printed]:
    found = []
    for path in sorted(directory.glob("*.json")):
        options = json.loads(path.read_text())
        content = path.with_suffix(".pdf").read_bytes()
        found.append(Printed(content, options["title"], options["copies"], options["tray"], options["sides"]))
    return found


class TestFolder(ProviderContract):
    @pytest.fixture
    def site(self, context: ProviderContext) -> Site:
        # Nobody at the other end: a file stands where the directory should.
        context.simulated_root.mkdir()
        (context.simulated_root / "gone").touch()
        return Site(
            FolderProvider(context),
            Target({"directory": "office"}, "office"),
            lambda: _printed(context.simulated_root / "office"),
            {"directory": "gone"},
            "tray-2",
        )
