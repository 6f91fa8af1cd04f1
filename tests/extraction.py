"""The product's user-visible strings, collected as ``make messages`` collects them, but from a copy of the sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from django.conf import settings

from tests.catalogue import read

SOURCES = ("config", "connectors", "printing", "spaces", "templates")
SUFFIXES = {".html", ".py", ".txt"}
# makemessages writes beside the templates it reads, and wants settings, but none of the product's.
SETTINGS = "LOCALE_PATHS = ['locale']\nUSE_I18N = True\nSECRET_KEY = 'x'\n"


def _ignored(directory: str, names: list[str]) -> set[str]:
    here = Path(directory)
    return {
        name
        for name in names
        if name == "__pycache__" or ((here / name).is_file() and (here / name).suffix not in SUFFIXES)
    }


def extract(directory: Path) -> Catalog:
    """Collect into an empty catalogue below ``directory``."""
    for source in SOURCES:
        shutil.copytree(Path(settings.BASE_DIR) / source, directory / source, ignore=_ignored)
    (directory / "locale").mkdir()
    (directory / "extraction_settings.py").write_text(SETTINGS)
    command = [sys.executable, "-m", "django", "makemessages", "-l", "de", "--no-wrap", "--add-location", "file"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "extraction_settings", "PYTHONPATH": str(directory)}
    done = subprocess.run(
        [*command, "-i", "extraction_settings.py"],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return read(directory / "locale" / "de" / "LC_MESSAGES" / "django.po")
