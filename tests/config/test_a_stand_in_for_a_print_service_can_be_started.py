"""``manage.py fake_provider``: a print service without an account."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from printing.providers.base import ProviderContext
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.table import FAKES
from tests.lab.processes import START_DEADLINE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.process
def test_it_says_how_to_connect_and_ends_when_told_to(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "fake_provider", "printnode", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        words = "".join(process.stdout.readline() for _ in range(3))
        key, url = re.search(r"API key: (.+)", words), re.search(r"Address of the service: (.+)", words)
        assert key, words
        assert url, words
        provider = PrintNodeProvider(ProviderContext(tmp_path))
        assert provider.describe({"api_key": key[1], "base_url": url[1]}) == "Alpen Blick"
        process.send_signal(signal.SIGINT)
        assert process.wait(START_DEADLINE) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_service_without_a_stand_in_is_named_with_those_that_have_one() -> None:
    with pytest.raises(CommandError, match="printnode"):
        call_command("fake_provider", "telex")


@pytest.mark.parametrize("name", sorted(FAKES))
def test_each_tells_its_own_name(name: str) -> None:
    assert FAKES[name]().name == name


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="cannot be used"):
        call_command("fake_provider", "printnode", port=taken.getsockname()[1])
