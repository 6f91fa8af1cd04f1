"""Fixtures of the lab, for every test: declared as a plugin in ``tests/conftest.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab import ipp, smtp


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


@pytest.fixture
def smtp_server(tmp_path: Path) -> Iterator[smtp.SmtpServer]:
    """A real mail server with nothing in it, new for this test."""
    with smtp.smtp_server(tmp_path / "smtp") as server:
        yield server


@pytest.fixture
def mail(smtp_server: smtp.SmtpServer, settings: Any) -> smtp.SmtpServer:
    """The same server, and the product set up to send through it; a process needs ``EMAIL_URL=mail.url`` besides."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.DEFAULT_FROM_EMAIL = "Pressroom <pressroom@print.example.com>"
    settings.PUBLIC_URL = "https://print.example.com"
    settings.EMAIL_TIMEOUT = 2
    return smtp_server
