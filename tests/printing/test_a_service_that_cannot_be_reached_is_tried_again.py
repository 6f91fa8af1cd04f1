"""S12: PENDING while the service is away, FAILED after the set number of attempts; the lane backs off as a whole."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from pytest_django import Settings

from printing.constants import LANE_BACKOFF_CAP, MAX_AGE_LIMIT, MAX_ATTEMPTS
from printing.dispatcher import dispatch
from printing.lane import backoff
from printing.models import PrinterConfiguration, PrintJob
from printing.providers.errors import Reason
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from printing.states import JobState, Outcome
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_job_stays_pending_and_says_why(space: Space, laser: SimulatedPrinter) -> None:
    laser.set("offline")
    job = file_job(space)
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == (JobState.PENDING, 1, Reason.PRINTER_OFFLINE)
    attempt = job.attempt_set.get()
    assert attempt.outcome == Outcome.TRANSIENT
    assert "offline" in attempt.reason_sentence


def test_the_lane_is_left_alone_until_its_time(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    laser.set("offline")
    job = file_job(space)
    dispatch()
    laser.set("normal")
    dispatch()
    assert laser.documents() == []
    clock.shift(timedelta(seconds=20))
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCESSFUL, 2)
    laser.configuration.printer.refresh_from_db()
    assert laser.configuration.printer.failures == 0


def test_one_try_counts_for_every_job_that_waits_in_the_lane(space: Space, laser: SimulatedPrinter) -> None:
    laser.set("offline")
    jobs = [file_job(space, number) for number in range(3)]
    dispatch()
    for job in jobs:
        job.refresh_from_db()
    assert [job.attempts for job in jobs] == [1, 1, 1]
    assert [job.attempt_set.get().shared for job in jobs] == [False, True, True]


def test_after_the_set_number_of_attempts_all_of_them_have_failed(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    # The longest waits add up to more than the age at which a document would be too old.
    PrinterConfiguration.objects.update(max_age_hours=MAX_AGE_LIMIT.total_seconds() // 3600)
    laser.set("offline")
    jobs = [file_job(space, number) for number in range(2)]
    for _attempt in range(MAX_ATTEMPTS):
        dispatch()
        clock.shift(LANE_BACKOFF_CAP * 1.5)
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, job.attempts, job.reason) == (JobState.FAILED, MAX_ATTEMPTS, Reason.PRINTER_OFFLINE)
        assert job.planned_purge_at is not None
    assert laser.documents() == []


def test_waits_double_up_to_an_hour(settings: Settings) -> None:
    settings.LANE_BACKOFF_SECONDS = 15
    for failures, seconds in [(1, 15), (2, 30), (5, 240), (9, 3600), (60, 3600)]:
        assert 0.8 * seconds <= backoff(failures).total_seconds() <= 1.2 * seconds


def test_a_service_that_names_a_time_is_not_asked_before(settings: Settings) -> None:
    assert backoff(1, retry_after=500).total_seconds() == 500


def test_a_busy_printer_is_tried_again_at_once(space: Space, laser: SimulatedPrinter) -> None:
    laser.set("busy")
    job = file_job(space)
    threading.Timer(1.2, laser.set, ["normal"]).start()
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCESSFUL, 1)


def test_a_refused_document_fails_alone_and_the_next_one_prints(space: Space, laser: SimulatedPrinter) -> None:
    refused, good = file_job(space, 1), file_job(space, 2)
    wrong = PrinterConfiguration(space=space, printer=laser.configuration.printer, name="Wrong", tray="no-such-tray")
    save_configuration(wrong, default=False)
    PrintJob.objects.filter(pk=refused.pk).update(configuration=wrong)
    dispatch()
    refused.refresh_from_db()
    good.refresh_from_db()
    assert (refused.state, refused.reason) == (JobState.FAILED, Reason.TRAY_UNKNOWN)
    assert good.state == JobState.SUCCESSFUL


def test_a_wrong_connection_pauses_the_lane_until_it_is_put_right(space: Space, laser: SimulatedPrinter) -> None:
    printer = laser.configuration.printer
    good = dict(printer.credentials)
    printer.connection.credentials = {"directory": "../elsewhere"}
    printer.connection.save()
    first, second = file_job(space, 1), file_job(space, 2)
    dispatch()
    printer.refresh_from_db()
    first.refresh_from_db()
    assert printer.paused_at is not None
    assert printer.pause_reason == Reason.DIRECTORY_INVALID
    assert first.state == JobState.PENDING
    dispatch()
    assert laser.documents() == []
    connect_printer(space, "folder", good, discover("folder", good)[1][0])
    dispatch()
    assert laser.keys() == [first.key.hex, second.key.hex]
