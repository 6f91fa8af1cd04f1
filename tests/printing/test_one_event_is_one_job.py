"""Demand 3: the same event again is the same job; a deliberate reprint is another one."""

from __future__ import annotations

import pytest

from printing.dispatcher import dispatch
from printing.models import PrintJob
from printing.services import reprint
from spaces.models import Space
from tests.factories import FeatureFactory
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_event_twice_makes_one_job(space: Space, laser: SimulatedPrinter) -> None:
    first = file_job(space, event_key="order:1:received")
    second = file_job(space, event_key="order:1:received")
    assert first == second
    dispatch()
    assert len(laser.documents()) == 1


def test_the_same_event_of_two_spaces_makes_two_jobs(space: Space, laser: SimulatedPrinter) -> None:
    other = FeatureFactory(name="printing").space
    assert file_job(space, event_key="order:1") != file_job(other, event_key="order:1")


def test_a_reprint_is_a_job_of_its_own_with_the_same_bytes(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space, event_key="order:1")
    dispatch()
    again = reprint(job)
    assert again is not None
    assert again.document_id == job.document_id
    dispatch()
    first, second = laser.documents()
    assert first.read_bytes() == second.read_bytes()
    assert PrintJob.objects.count() == 2
