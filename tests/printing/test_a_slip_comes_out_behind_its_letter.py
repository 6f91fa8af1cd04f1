"""S8 and demand 7: the payment slip from another tray, kept with its letter; nothing comes out between the two."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printing.delivery import Worker
from printing.dispatcher import dispatch
from printing.lane import Lane
from printing.models import PrintAttempt, PrinterConfiguration, PrintJob
from printing.services import (
    NotPossible,
    cancel,
    partner_of,
    reprint_both,
    reschedule,
    reschedule_both,
    save_configuration,
)
from printing.states import JobState
from printing.substitution import move_to_substitutes
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer
from tests.processes import DISPATCH, Gate, finish, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slips(space: Space, laser: SimulatedPrinter) -> PrinterConfiguration:
    """The tray with the perforated paper, on the same printer as the letters."""
    configuration = PrinterConfiguration(space=space, printer=laser.configuration.printer, name="Slips", tray="tray-2")
    return save_configuration(configuration, default=False)


def pair(space: Space, slips: PrinterConfiguration, number: int = 1, **fields: Any) -> tuple[PrintJob, PrintJob]:
    letter = file_job(space, number, title=f"Letter {number}", **fields)
    return letter, file_job(space, 1000 + number, title=f"Slip {number}", configuration=slips, follows=letter)


def keys(*jobs: PrintJob) -> list[str]:
    return [job.submission_key for job in jobs]


def state(job: PrintJob) -> str:
    job.refresh_from_db()
    return job.state


def test_the_slip_comes_right_behind_its_letter_though_another_job_was_created_between(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    letter = file_job(space, 1)
    other = file_job(space, 2)
    slip = file_job(space, 3, configuration=slips, follows=letter)
    dispatch()
    assert laser.keys() == keys(letter, slip, other)
    assert [options["tray"] for options in laser.options()] == ["", "tray-2", ""]


def test_a_worker_whose_time_is_over_still_sends_the_slip(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    letter, slip = pair(space, slips)
    file_job(space, 2)
    lane = Lane.claim(laser.configuration.printer_id)
    assert lane is not None
    worker = Worker(lane, until=float("inf"))

    def end_the_time(**_signal: Any) -> None:
        worker.until = time.monotonic()

    post_save.connect(end_the_time, sender=PrintAttempt)
    try:
        worker.run()
    finally:
        post_save.disconnect(end_the_time, sender=PrintAttempt)
    assert laser.keys() == keys(letter, slip)


def test_the_slip_of_a_letter_that_has_left_goes_before_an_older_job_that_was_committed_late(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    late = file_job(space, 1)
    letter, slip = pair(space, slips)
    # A worker has sent the letter while the older job was not committed yet, and has died.
    PrintJob.objects.filter(pk=letter.pk).change_state(JobState.SUCCESSFUL, accepted_at=timezone.now())
    dispatch()
    assert laser.keys() == keys(slip, late)


def test_a_rescheduled_slip_does_not_come_between_a_letter_that_has_left_and_its_slip(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    (earlier, wanted_alone), (letter, slip) = pair(space, slips, 1), pair(space, slips, 2)
    left = timezone.now()
    sent = PrintJob.objects.filter(pk=earlier.pk)
    sent.change_state(JobState.SUCCESSFUL, accepted_at=left - timedelta(hours=1))
    PrintJob.objects.filter(pk=wanted_alone.pk).change_state(JobState.FAILED)
    # A worker has sent the second letter and died, and then the slip of the first one is asked for once more.
    PrintJob.objects.filter(pk=letter.pk).change_state(JobState.SUCCESSFUL, accepted_at=left)
    reschedule(wanted_alone)
    wanted_alone.refresh_from_db()
    dispatch()
    assert laser.keys() == keys(slip, wanted_alone)


def test_a_slip_whose_letter_is_refused_is_not_printed_and_says_why(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    laser.set("reject", message="No.")
    letter, slip = pair(space, slips)
    dispatch()
    assert (state(letter), state(slip)) == (JobState.FAILED, JobState.FAILED)
    assert "“Letter 1”" in slip.reason_sentence
    assert (partner_of(letter), partner_of(slip)) == (slip, letter)


def test_both_are_rescheduled_together_and_come_out_in_order(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    laser.set("reject", message="No.")
    letter, slip = pair(space, slips)
    dispatch()
    laser.set("normal")
    assert reschedule_both(slip) == 2
    other = file_job(space, 2)
    dispatch()
    for job in (letter, slip):
        job.refresh_from_db()
    assert laser.keys() == keys(letter, slip, other)
    with pytest.raises(NotPossible):
        reschedule_both(letter)


def test_rescheduled_together_the_slip_still_waits_for_a_letter_that_fails_again(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    laser.set("reject", message="No.")
    letter, slip = pair(space, slips)
    dispatch()
    reschedule_both(letter)
    dispatch()
    assert (state(letter), state(slip)) == (JobState.FAILED, JobState.FAILED)
    assert laser.documents() == []


def test_the_slip_is_rescheduled_alone(space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration) -> None:
    laser.set("reject", message="No.")
    letter, slip = pair(space, slips)
    dispatch()
    laser.set("normal")
    slip.refresh_from_db()
    reschedule(slip)
    dispatch()
    assert (state(letter), state(slip)) == (JobState.FAILED, JobState.SUCCESSFUL)


def test_canceling_the_letter_cancels_its_slip(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    letter, slip = pair(space, slips)
    cancel(letter)
    dispatch()
    assert (state(letter), state(slip)) == (JobState.CANCELED, JobState.CANCELED)
    assert laser.documents() == []


def test_canceling_the_slip_leaves_the_letter(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    letter, slip = pair(space, slips)
    cancel(slip)
    dispatch()
    assert (state(letter), state(slip)) == (JobState.SUCCESSFUL, JobState.CANCELED)


@pytest.mark.parametrize("with_tray", [True, False], ids=["into its own tray", "without a tray of its own"])
def test_the_slip_goes_with_its_letter_to_the_substitute(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration, clock: Clock, with_tray: bool
) -> None:
    other = simulated_printer(space, "Other")
    tray = PrinterConfiguration(space=space, printer=other.configuration.printer, name="Other slips", tray="by-pass")
    save_configuration(tray, default=False)
    PrinterConfiguration.objects.filter(pk=laser.configuration.pk).update(substitute=other.configuration)
    PrinterConfiguration.objects.filter(pk=slips.pk).update(substitute=tray if with_tray else None)
    laser.set("offline")
    letter, slip = pair(space, slips)
    dispatch()
    clock.shift(3600)
    assert move_to_substitutes() == 2
    dispatch()
    assert other.keys() == keys(letter, slip)
    assert [options["tray"] for options in other.options()] == ["", "by-pass" if with_tray else ""]


def test_a_slip_with_a_substitute_stays_while_its_letter_has_none(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration, clock: Clock
) -> None:
    other = simulated_printer(space, "Other")
    PrinterConfiguration.objects.filter(pk=slips.pk).update(substitute=other.configuration)
    laser.set("offline")
    letter, slip = pair(space, slips)
    dispatch()
    clock.shift(3600)
    assert move_to_substitutes() == 0
    laser.set("normal")
    dispatch()
    assert laser.keys() == keys(letter, slip)


def test_both_are_printed_again_once_by_two_clicks(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    _letter, slip = pair(space, slips)
    dispatch()
    slip.refresh_from_db()
    first, second = (reprint_both(slip, event_key="click") for _click in range(2))
    assert first == second
    dispatch()
    assert laser.keys()[2:] == keys(*first)
    assert first[1].follows == first[0].pk
    assert [options["tray"] for options in laser.options()] == ["", "tray-2"] * 2


@pytest.mark.process
def test_two_workers_never_print_anything_between_them(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration, tmp_path: Path
) -> None:
    pairs = []
    for number in range(25):
        letter = file_job(space, number)
        between = file_job(space, 500 + number)
        pairs.append((letter, file_job(space, 1000 + number, configuration=slips, follows=letter), between))
    gate = Gate(tmp_path)
    workers = [start(gate.code(number) + DISPATCH, LANE_THREADS="4") for number in range(2)]
    gate.open(2)
    finish(*workers)
    assert laser.keys() == [job.submission_key for triple in pairs for job in triple]


def test_a_slip_costs_one_query_more_than_another_job(
    space: Space, laser: SimulatedPrinter, slips: PrinterConfiguration
) -> None:
    def queries(count: int) -> int:
        for number in range(count):
            pair(space, slips, number)
        with CaptureQueriesContext(connection) as captured:
            dispatch()
        return len(captured)

    few, many = queries(3), queries(13)
    assert (many - few) / 20 <= 7.5
