"""Demand 9: a printer that comes back after a night or a week does not print what nobody wants any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration, PrintJob
from printing.providers.errors import Reason
from printing.services import reschedule, resume
from printing.states import JobState
from spaces.models import Space
from tests.fakes.printnode.fake import PrintNodeFake
from tests.printing.conftest import Clock
from tests.printing.printnode import printnode_printer
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def states(*jobs: PrintJob) -> list[str]:
    for job in jobs:
        job.refresh_from_db()
    return [job.state for job in jobs]


def test_after_a_weekend_the_old_ones_have_failed_and_the_new_one_is_printed(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("offline")
    since = timezone.localtime()
    old = [file_job(space, number) for number in range(3)]
    dispatch()
    clock.shift(timedelta(hours=60))
    new = file_job(space, 9)
    laser.set("normal")
    dispatch()
    assert states(*old, new) == [JobState.FAILED] * 3 + [JobState.SUCCESSFUL]
    assert laser.keys() == [new.key.hex]
    for job in old:
        assert job.reason == Reason.TOO_OLD
        printer = laser.configuration.printer.name
        assert job.reason_sentence.startswith(f"Too old: the printer “{printer}” was not reachable from ")
        assert f"{since:%Y-%m-%d}" in job.reason_params["since"]
        assert job.reason_params["until"] > job.reason_params["since"]


def test_rescheduling_sends_them_after_all_and_their_age_counts_anew(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("offline")
    job = file_job(space)
    dispatch()
    clock.shift(timedelta(hours=25))
    dispatch()
    assert states(job) == [JobState.FAILED]
    reschedule(job)
    dispatch()
    assert states(job) == [JobState.PENDING]
    clock.shift(timedelta(hours=23))
    laser.set("normal")
    dispatch()
    assert states(job) == [JobState.SUCCESSFUL]


@pytest.mark.parametrize(("hours", "state"), [(1, JobState.SUCCESSFUL), (3, JobState.FAILED)])
def test_each_printer_has_its_own_age(
    space: Space, laser: SimulatedPrinter, clock: Clock, hours: int, state: JobState
) -> None:
    PrinterConfiguration.objects.update(max_age_hours=2)
    laser.set("offline")
    job = file_job(space)
    dispatch()
    clock.shift(timedelta(hours=hours))
    laser.set("normal")
    dispatch()
    assert states(job) == [state]
    assert len(laser.documents()) == (state == JobState.SUCCESSFUL)


def test_resuming_a_printer_that_was_paused_for_long_prints_nothing_old(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    printer = laser.configuration.printer
    printer.paused_at = timezone.now()
    printer.save()
    job = file_job(space)
    clock.shift(timedelta(days=8))
    resume(printer)
    dispatch()
    assert states(job) == [JobState.FAILED]
    assert job.reason_sentence.startswith("Too old: it waited from ")
    assert laser.documents() == []


def test_a_service_that_was_down_for_a_day_gets_nothing_old_and_is_told_how_long_the_rest_is_wanted(
    space: Space, printnode: PrintNodeFake, clock: Clock
) -> None:
    printnode_printer(space, printnode)
    with printnode.refusing():
        old = file_job(space, 1)
        dispatch()
        clock.shift(timedelta(hours=10))
        young = file_job(space, 2)
        dispatch()
        clock.shift(timedelta(hours=15))
    dispatch()
    assert states(old, young) == [JobState.FAILED, JobState.SUCCESSFUL]
    assert old.reason == Reason.TOO_OLD
    reschedule(old)
    dispatch()
    assert states(old) == [JobState.SUCCESSFUL]
    first, second = printnode.documents()
    assert (first["source"], second["source"]) == (young.submission_key, old.submission_key)
    # What is left of 24 hours after 15, and all of them for what a person has asked for again.
    assert first["expire_after"] == pytest.approx(9 * 3600, abs=60)
    assert second["expire_after"] == pytest.approx(24 * 3600, abs=60)
