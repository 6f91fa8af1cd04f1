"""``make run``: pages and worker together, a log-in that works, and one Ctrl-C for both."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import pytest
import requests

from tests.config.conftest import Start
from tests.lab.processes import free_port

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True)
def secrets(start: Start) -> None:
    with start("-m", "config.first_run") as first_run:
        assert first_run.process.wait(60) == 0, first_run.text()


def log_in(address: str, name: str, password: str) -> requests.Response:
    """Log in as a browser does; the page one lands on."""
    browser = requests.Session()
    page = browser.get(f"{address}/login/", timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token, page.text[:500]
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1], "next": "/"}
    return browser.post(f"{address}/login/", data=form, headers={"Referer": f"{address}/login/"}, timeout=30)


@pytest.mark.long
def test_it_shows_a_log_in_that_works_prints_and_ends_without_a_trace(
    start: Start, installation: dict[str, str]
) -> None:
    port = free_port()
    with start("manage.py", "run", PORT=str(port)) as run:
        run.wait_for("Ctrl-C ends both")
        shown = re.search(r"(http://localhost:\d+)/ +log in as: (\S+) +password: (\S+)", run.text())
        assert shown, run.text()
        address, name, password = shown.groups()
        assert address == f"http://localhost:{port}"
        page = log_in(address, name, password)
        assert page.status_code == 200
        assert page.url == f"{address}/space/demo/"
        style = re.search(r'href="(/static/[^"]+\.css)', page.text)
        assert style, "the page has a style sheet"
        assert requests.get(address + style[1], timeout=30).status_code == 200
        printed = Path(installation["PRESSROOM_DATA_DIR"]) / "printed"
        run.wait_until(lambda: len(list(printed.glob("*.pdf"))) == 2, "the example order is printed")
        assert run.ends(signal.SIGINT) == 0
        run.leaves_nothing()


def test_a_port_that_is_taken_is_named(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with start("manage.py", "run", PORT=str(port)) as run:
            assert run.process.wait(60) == 1
            assert f"Port {port} cannot be used (Address already in use)." in run.text()
            assert "PORT=8001 make run" in run.text()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(start: Start, port: str) -> None:
    with start("manage.py", "run", PORT=port) as run:
        assert run.process.wait(60) == 1
        assert f"PORT has to be a number from 1 to 65535, not “{port}”." in run.text()


def test_nothing_outlives_it_when_it_is_killed(start: Start) -> None:
    with start("manage.py", "run", PORT=str(free_port())) as run:
        run.wait_for("Ctrl-C ends both")
        run.process.kill()
        run.leaves_nothing(limit=30)
