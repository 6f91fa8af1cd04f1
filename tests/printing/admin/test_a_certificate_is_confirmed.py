"""A certificate nobody vouches for is shown and confirmed; one that changes later stops the printer."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from printing.dispatcher import dispatch
from printing.models import Connection, Printer, PrinterConfiguration, PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.lab.ipp import LabServer
from tests.printing.admin.test_connecting_a_printer import FORM, PRINTERS, connect
from tests.printing.simulated import file_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(ipp_printer: LabServer) -> str:
    """The address of a real printer, encrypted."""
    return ipp_printer.url.replace("ipp://", "ipps://")


def _shown(answer: Any) -> dict[str, str]:
    """What the page would post: the certificate to confirm, and where the rest of what was entered waits."""
    text = html.unescape(answer.content.decode())
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', text) for name in ("pending", "confirm")}
    return {name: match[1] for name, match in found.items() if match}


def _add(client: Client, url: str, **fields: str) -> Any:
    return client.post(f"{PRINTERS}add/?provider=ipp", {"connection-url": url, "connection-username": "", **fields})


def _connected(client: Client, url: str) -> PrinterConfiguration:
    form = _add(client, url, **_shown(_add(client, url)))
    assert form.status_code == 302
    client.post(form.headers["Location"], {**FORM, "name": "Encrypted"}, follow=True)
    configuration: PrinterConfiguration = PrinterConfiguration.objects.get(name="Encrypted")
    return configuration


def test_it_is_shown_before_anything_is_saved_and_pinned_once_confirmed(
    space: Space, operator_client: Client, url: str
) -> None:
    asked = _add(operator_client, url)
    shown = _shown(asked)
    assert len(shown["confirm"]) == 95
    text = html.unescape(asked.content.decode())
    assert "Nobody vouches for the certificate of localhost" in text
    assert "CN=localhost" in text
    assert not Printer.objects.exists()
    _connected(operator_client, url)
    assert Connection.objects.get().credentials["fingerprint"] == shown["confirm"]


def test_what_is_not_confirmed_is_asked_again(space: Space, operator_client: Client, url: str) -> None:
    pending = _shown(_add(operator_client, url))["pending"]
    assert "confirm" in _shown(_add(operator_client, url, pending=pending))
    assert not Connection.objects.exists()


def test_a_password_is_typed_once_and_never_shown(space: Space, operator_client: Client, url: str) -> None:
    asked = _add(operator_client, url, **{"connection-password": "planted-secret"})
    assert "planted-secret" not in asked.content.decode()
    form = _add(operator_client, url, **_shown(asked))
    operator_client.post(form.headers["Location"], {**FORM, "name": "Encrypted"})
    assert Connection.objects.get().credentials["password"] == "planted-secret"


def test_a_confirmation_is_for_the_address_it_was_shown_for(
    space: Space, operator_client: Client, url: str, ipp_printer: LabServer
) -> None:
    asked = _add(operator_client, url, **{"connection-password": "planted-secret"})
    elsewhere = url.replace("localhost", "127.0.0.1")
    answer = _add(operator_client, elsewhere, **_shown(asked))
    assert answer.status_code == 200
    assert "Enter it again" in answer.content.decode()


def test_somebody_elses_half_finished_connection_is_not_taken_up(
    space: Space, operator_client: Client, owner_client: Client, url: str
) -> None:
    asked = _add(operator_client, url, **{"connection-password": "planted-secret"})
    form = _add(owner_client, url, **_shown(asked))
    owner_client.post(form.headers["Location"], {**FORM, "name": "Encrypted"})
    assert Connection.objects.get().credentials["password"] == ""


def test_a_certificate_that_changed_stops_the_printer_and_is_confirmed_anew(
    space: Space, operator_client: Client, url: str, ipp_printer: LabServer
) -> None:
    configuration = _connected(operator_client, url)
    former = Connection.objects.get().credentials["fingerprint"]
    ipp_printer.renew_certificate()
    job = file_job(space)
    dispatch()
    printer = Printer.objects.get()
    assert printer.paused_at is not None
    assert printer.pause_reason == "certificate_changed"
    page = f"{PRINTERS}{configuration.pk}/"
    assert "has changed since it was confirmed" in html.unescape(operator_client.get(f"{page}change/").content.decode())
    assert ipp_printer.documents() == []

    asked = operator_client.post(f"{page}connection/", {"connection-url": url, "connection-fingerprint": former})
    assert "another certificate than the one that was confirmed" in html.unescape(asked.content.decode())
    fields = {"connection-url": url, "connection-fingerprint": former, **_shown(asked)}
    assert operator_client.post(f"{page}connection/", fields).status_code == 302
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
    assert len(ipp_printer.wait_for_documents(1)) == 1


def test_the_form_takes_a_fingerprint_that_is_known_already(space: Space, operator_client: Client, url: str) -> None:
    known = _shown(_add(operator_client, url))["confirm"].replace(":", "").lower()
    assert connect(operator_client, "ipp", url=url, fingerprint=known).status_code == 302


def test_the_command_shows_it_and_takes_it_confirmed(space: Space, url: str) -> None:
    arguments = ["--space", space.slug, "--provider", "ipp", "--name", "Encrypted", "--url", url]
    with pytest.raises(CommandError, match="Nobody vouches for the certificate of localhost") as caught:
        call_command("add_printer", *arguments)
    assert not Printer.objects.exists()
    [command] = re.findall(r"--fingerprint [0-9A-F:]{95}", str(caught.value))
    call_command("add_printer", *arguments, *command.split())
    assert Connection.objects.get().credentials["fingerprint"] == command.split()[1]


def test_the_command_says_that_another_one_is_shown(space: Space, url: str) -> None:
    arguments = ["--space", space.slug, "--provider", "ipp", "--name", "Encrypted", "--url", url]
    with pytest.raises(CommandError, match="another certificate than the one given"):
        call_command("add_printer", *arguments, "--fingerprint", "ab" * 32)
    assert not PrintJob.objects.exists()
