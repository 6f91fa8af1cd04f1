"""The first page of a Space: what is the matter, the printers with the time of the last word, and a dead worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.heartbeat import beat
from printing.constants import PRINTER_DOWN_AFTER
from printing.display import moment
from printing.incidents import watch
from printing.models import Printer, PrinterConfiguration, WorkerSign
from printing.states import JobState
from spaces.models import Space
from tests.conftest import Stranger
from tests.factories import PrinterConfigurationFactory, PrintJobFactory

HOME = "/space/alpenblick/"
PRINTERS = f"{HOME}printing/printerconfiguration/"


@pytest.fixture
def office(space: Space) -> PrinterConfiguration:
    found: PrinterConfiguration = PrinterConfigurationFactory(
        space=space, name="Büro", is_default=True, printer__name="Laser", printer__health_at=timezone.now()
    )
    return found


def page(client: Client, path: str = HOME) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_the_matter_stands_at_the_top_and_leads_to_where_it_is_put_right(
    office: PrinterConfiguration, viewer_client: Client
) -> None:
    for number in range(12):
        PrintJobFactory(
            space=office.space, configuration=office, state=JobState.FAILED, reason="not_a_pdf", title=f"R {number}"
        )
    Printer.objects.update(paused_at=timezone.now(), pause_reason="authentication_failed")
    assert "What is the matter" not in page(viewer_client)
    watch.look()
    text = page(viewer_client)
    assert text.index("What is the matter") < text.index("Latest print jobs")
    assert "The connection of “Laser” has to be put right." in text
    assert f'href="{PRINTERS}{office.pk}/change/">The connection of' in text
    assert "12 documents were not printed on “Laser”" in text
    assert 'href="/space/alpenblick/printing/printjob/?state=failed">12 documents' in text


def test_what_is_the_matter_elsewhere_is_not_shown(
    office: PrinterConfiguration, stranger: Stranger, owner_client: Client
) -> None:
    watch.look()
    assert "What is the matter" not in page(owner_client)


def test_many_incidents_cost_as_many_queries_as_one(office: PrinterConfiguration, owner_client: Client) -> None:
    def queries() -> int:
        watch.look()
        with CaptureQueriesContext(connection) as captured:
            page(owner_client)
        return len(captured)

    PrintJobFactory(space=office.space, configuration=office, state=JobState.FAILED)
    page(owner_client)
    few = queries()
    for number in range(10):
        other = PrinterConfigurationFactory(space=office.space, name=f"Other {number}")
        Printer.objects.filter(pk=other.printer_id).update(paused_at=timezone.now())
        PrintJobFactory(space=office.space, configuration=other, state=JobState.FAILED)
    assert queries() <= few + 1  # the configurations of the printers in trouble


@pytest.mark.parametrize("path", [HOME, PRINTERS, "{change}"])
def test_a_printer_shows_whether_it_is_online_and_the_time_of_the_last_word(
    office: PrinterConfiguration, viewer_client: Client, path: str
) -> None:
    path = path.format(change=f"{PRINTERS}{office.pk}/change/")
    heard, since = timezone.now() - timedelta(minutes=3), timezone.now() - PRINTER_DOWN_AFTER
    Printer.objects.update(online=True, health_at=heard)
    with timezone.override(office.space.zone):
        last_word, offline = f"last word: {moment(heard)}", f"offline since {moment(since)}"
    text = page(viewer_client, path)
    assert last_word in text
    assert "offline since" not in text
    Printer.objects.update(online=False, offline_since=since)
    text = page(viewer_client, path)
    assert offline in text
    assert last_word in text


def test_a_service_that_does_not_answer_is_named_with_the_reason(
    office: PrinterConfiguration, viewer_client: Client
) -> None:
    row = office.printer.connection
    row.check_reason, row.check_params = "unreachable", {"host": "printer.example"}
    row.save()
    assert "no answer" in page(viewer_client, PRINTERS)
    text = page(viewer_client, f"{PRINTERS}{office.pk}/change/")
    assert "The print service did not answer when it was asked last." in text
    assert "printer.example cannot be reached." in text


def test_a_dead_worker_is_a_banner_until_one_takes_tasks(office: PrinterConfiguration, viewer_client: Client) -> None:
    assert "No worker is running: nothing is printed." in page(viewer_client)
    assert "None has run yet." in page(viewer_client)
    beat()
    assert "No worker is running" not in page(viewer_client)
    WorkerSign.objects.update(seen_at=timezone.now() - timedelta(minutes=10))
    text = page(viewer_client)
    assert "No worker is running: nothing is printed." in text
    assert "The last sign of one came on" in text


def test_a_superuser_sees_it_before_choosing_a_space(superuser_client: Client, owner: Any) -> None:
    assert "No worker is running" in page(superuser_client, "/")
    beat()
    assert "No worker is running" not in page(superuser_client, "/")
