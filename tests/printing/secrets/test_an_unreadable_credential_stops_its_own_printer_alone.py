"""A connection saved under a key that is gone: its printer says so, others go on, and entering it again mends it."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client

from printing.dispatcher import dispatch
from printing.health import check_printers
from printing.models import Connection, Printer
from printing.providers.errors import Reason
from printing.states import JobState
from spaces.models import Space
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)

LOST = Fernet.generate_key().decode()


@pytest.fixture
def lost(space: Space, settings: Any) -> SimulatedPrinter:
    """A printer whose credentials lie under a key that has been taken out since."""
    kept = settings.CREDENTIALS_KEYS
    settings.CREDENTIALS_KEYS = [LOST]
    printer = simulated_printer(space, "Lost")
    settings.CREDENTIALS_KEYS = kept
    return printer


def test_its_jobs_wait_with_the_reason_and_those_of_others_are_printed(space: Space, lost: SimulatedPrinter) -> None:
    other = simulated_printer(space, "Other")
    waiting = file_job(space, 1, configuration=lost.configuration)
    printed = file_job(space, 2, configuration=other.configuration)
    dispatch()
    waiting.refresh_from_db()
    printed.refresh_from_db()
    assert (printed.state, waiting.state) == (JobState.SUCCESSFUL, JobState.PENDING)
    device = Printer.objects.get(pk=lost.configuration.printer_id)
    assert (device.paused_at is not None, device.pause_reason) == (True, Reason.CREDENTIALS_UNREADABLE)


def test_whatever_else_is_saved_leaves_what_is_stored_so_that_the_key_can_be_put_back(
    lost: SimulatedPrinter, settings: Any
) -> None:
    row = Connection.objects.get()
    row.name = "Renamed"
    row.save()
    Connection.objects.update(checked_at=None)
    check_printers()
    assert Connection.objects.get().check_reason == Reason.CREDENTIALS_UNREADABLE
    settings.CREDENTIALS_KEYS = [*settings.CREDENTIALS_KEYS, LOST]
    row.refresh_from_db()
    assert (row.name, row.credentials) == ("Renamed", {"directory": lost.directory.name})


def test_entering_it_again_mends_it(space: Space, lost: SimulatedPrinter, operator_client: Client) -> None:
    job = file_job(space, configuration=lost.configuration)
    dispatch()
    page = f"/space/{space.slug}/printing/printerconfiguration/{lost.configuration.pk}/"
    assert "cannot be read any more" in operator_client.get(f"{page}change/").content.decode()
    assert operator_client.get(f"{page}connection/").status_code == 200
    directory = {"connection-directory": lost.directory.name}
    assert operator_client.post(f"{page}connection/", directory).status_code == 302
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
