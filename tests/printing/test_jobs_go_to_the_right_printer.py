"""S4, S5, S7, S8: the default printer, another configuration, and Spaces that do not print."""

from __future__ import annotations

import pytest
from django.utils import translation

from printing.dispatcher import dispatch
from printing.models import PrintJob
from printing.services import NotPossible, enqueue, reschedule, save_configuration
from printing.states import ConfigurationState, JobState
from spaces.models import Space
from tests.factories import SpaceFactory
from tests.printing.simulated import file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_goes_to_the_default_printer_unless_another_one_is_named(space: Space) -> None:
    first = simulated_printer(space, "First")
    second = simulated_printer(space, "Second")
    file_job(space, 1)
    file_job(space, 2, configuration=second.configuration)
    dispatch()
    assert len(first.documents()) == 1
    assert len(second.documents()) == 1


def test_options_of_the_configuration_reach_the_printer(space: Space) -> None:
    printer = simulated_printer(
        space, tray="tray-2", paper="iso_a5_148x210mm", sides="two-sided-long-edge", color="monochrome", copies=3
    )
    file_job(space)
    dispatch()
    [options] = printer.options()
    assert options["tray"] == "tray-2"
    assert options["paper"]["id"] == "iso_a5_148x210mm"
    assert (options["sides"], options["color"], options["copies"]) == ("two-sided-long-edge", "monochrome", 3)


def test_copies_named_by_the_rule_go_before_those_of_the_configuration(space: Space) -> None:
    printer = simulated_printer(space, copies=3)
    file_job(space, copies=2)
    dispatch()
    assert [options["copies"] for options in printer.options()] == [2]


def test_without_a_default_printer_the_job_fails_and_says_so_and_prints_after_one_is_set(space: Space) -> None:
    job = file_job(space)
    assert job.state == JobState.FAILED
    with translation.override("en"):
        assert job.reason_sentence.startswith("No default printer is set.")
    with pytest.raises(NotPossible, match="No default printer"):
        reschedule(job)
    printer = simulated_printer(space)
    reschedule(job)
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
    assert len(printer.documents()) == 1


def test_a_space_without_the_feature_gets_no_job() -> None:
    space = SpaceFactory()
    assert enqueue(space=space, document_kind="file", title="Letter") is None
    assert PrintJob.objects.count() == 0


def test_a_configuration_that_is_switched_off_fails_its_jobs_by_name(space: Space) -> None:
    printer = simulated_printer(space, "Warehouse")
    waiting = file_job(space, 1)
    printer.configuration.state = ConfigurationState.INACTIVE
    save_configuration(printer.configuration, default=False)
    late = file_job(space, 2, configuration=printer.configuration)
    dispatch()
    waiting.refresh_from_db()
    assert (waiting.state, late.state) == (JobState.FAILED, JobState.FAILED)
    assert "Warehouse" in waiting.reason_sentence
    assert printer.documents() == []


def test_jobs_that_wait_go_along_when_the_configuration_moves_to_another_device(space: Space) -> None:
    old = simulated_printer(space, "Old")
    new = simulated_printer(space, "New")
    old.set("offline")
    job = file_job(space, configuration=old.configuration)
    old.configuration.printer = new.configuration.printer
    save_configuration(old.configuration, default=True)
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
    assert len(new.documents()) == 1


def test_a_tray_the_printer_does_not_have_is_refused_before_sending(space: Space) -> None:
    printer = simulated_printer(space, tray="tray-9")
    job = file_job(space)
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "tray-9" in job.reason_sentence
    assert "Tray 2" in job.reason_sentence
    assert printer.documents() == []
