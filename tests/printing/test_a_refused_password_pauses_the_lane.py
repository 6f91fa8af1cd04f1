"""A server that lets everybody look and nobody print: the lane pauses, and the form names the password."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from django.test import Client

from printing.dispatcher import dispatch
from printing.models import Printer, PrinterConfiguration
from printing.provider_context import provider_for
from printing.providers.base import RemotePrinter
from printing.services import connect_printer, save_configuration
from printing.states import JobState, Outcome
from spaces.models import Space
from tests.lab.ipp import cupsd
from tests.printing.simulated import file_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server, pytest.mark.long]

NOBODY_PRINTS = """<Limit Print-Job Create-Job Send-Document Validate-Job>
    AuthType Basic
    Require valid-user
  </Limit>"""


def test_nothing_more_is_sent_and_the_password_is_named(space: Space, operator_client: Client, tmp_path: Path) -> None:
    with cupsd(tmp_path / "cups", policy=NOBODY_PRINTS) as server:
        credentials = {"url": server.url, "username": "shop", "password": "wrong"}
        [remote] = _printers(credentials)
        configuration = PrinterConfiguration(
            space=space, name="Office", printer=connect_printer(space, "ipp", credentials, remote)
        )
        save_configuration(configuration, default=True)
        jobs = [file_job(space, number) for number in range(2)]
        dispatch()
        assert [attempt.outcome for attempt in jobs[0].attempt_set.all()] == [Outcome.CONFIGURATION]
        assert Printer.objects.get().pause_reason == "authentication_failed"
        assert not jobs[1].attempt_set.exists()

        page = f"/space/{space.slug}/printing/printerconfiguration/{configuration.pk}/connection/"
        answer = operator_client.post(
            page, {"connection-url": server.url, "connection-username": "shop", "connection-password": "wrong too"}
        )
        text = html.unescape(answer.content.decode())
        _, _, behind = text.partition('name="connection-password"')
        field, _, _ = behind.partition('name="connection-fingerprint"')
        assert "does not accept the key or password" in field
        assert server.documents() == []
    for job in jobs:
        job.refresh_from_db()
        assert job.state == JobState.PENDING


def _printers(credentials: dict[str, str]) -> list[RemotePrinter]:
    return provider_for("ipp").printers(credentials)
