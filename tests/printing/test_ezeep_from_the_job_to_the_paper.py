"""Jobs on a printer of ezeep's: printed, reported by ezeep itself, and what the rule makes of a lost answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from printing.dispatcher import dispatch
from printing.follow_up import follow_up
from printing.models import PrintJob
from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.states import JobState, UnknownRule
from spaces.models import Space
from tests.fakes.ezeep.fake import EzeepFake, ezeep_fake
from tests.lab.processes import wait_until
from tests.printing.conftest import Clock
from tests.printing.ezeep import ezeep_printer
from tests.printing.simulated import file_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fake]

PASSWORD = "hook-password-0815"
PRINT = "/sfapi/Print/"


@pytest.fixture
def ezeep() -> Iterator[EzeepFake]:
    """Jobs do not go on by themselves."""
    with ezeep_fake() as fake:
        fake.set(automatic=False)
        yield fake


def printed(job: PrintJob) -> PrintJob:
    dispatch()
    job.refresh_from_db()
    return job


def test_a_job_is_followed_from_its_acceptance_to_the_paper(space: Space, ezeep: EzeepFake, clock: Clock) -> None:
    ezeep_printer(space, ezeep)
    job = printed(file_job(space))
    assert (job.state, job.paper) == (JobState.SUCCESSFUL, PaperState.UNKNOWN)
    for status, paper in ((1246, PaperState.QUEUED), (129, PaperState.PRINTING), (0, PaperState.PRINTED)):
        ezeep.finish(job.remote_id, status)
        clock.shift(timedelta(minutes=10))
        follow_up()
        job.refresh_from_db()
        assert job.paper == paper
    assert job.paper_final


@pytest.mark.parametrize(
    ("topic", "status", "paper"), [("", 0, PaperState.PRINTED), ("topic", 3011, PaperState.PROBLEM)]
)
def test_ezeep_tells_by_itself_what_became_of_a_job(
    space: Space, ezeep: EzeepFake, live_server: Any, topic: str, status: int, paper: PaperState
) -> None:
    connection = ezeep_printer(space, ezeep, password=PASSWORD).printer.connection
    job = printed(file_job(space))
    url = f"{live_server.url}/hooks/ezeep/{connection.hook_key}/"
    ezeep.order("webhook", url=url, basic_username="shop", basic_password=PASSWORD, topic=topic)
    ezeep.finish(job.remote_id, status)
    wait_until(lambda: PrintJob.objects.get().paper == paper, "the call arrives")
    wait_until(lambda: bool(ezeep.order("deliveries")), "it is answered")
    assert ezeep.order("deliveries")[0]["status"] == 200


def test_a_call_about_somebody_elses_document_changes_nothing(space: Space, ezeep: EzeepFake) -> None:
    connection = ezeep_printer(space, ezeep, password=PASSWORD).printer.connection
    job = printed(file_job(space))
    report = {"printjob_id": "9", "filename": "Letter [draft]", "status": "failed"}
    headers = {"Authorization": "Basic c2hvcDpob29rLXBhc3N3b3JkLTA4MTU="}
    path = f"/hooks/ezeep/{connection.hook_key}/"
    answer = Client().post(path, report, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    job.refresh_from_db()
    assert job.paper == PaperState.UNKNOWN


def test_a_lost_answer_is_printed_again_and_says_so(space: Space, ezeep: EzeepFake, clock: Clock) -> None:
    ezeep_printer(space, ezeep, rule=UnknownRule.PRINT_AGAIN)
    ezeep.fault("lose-reply", path=PRINT)
    job = printed(file_job(space))
    assert job.state == JobState.PENDING
    clock.shift(timedelta(minutes=5))
    assert printed(job).state == JobState.SUCCESSFUL
    assert len(ezeep.documents()) == 2
    assert job.possible_duplicate


def test_a_lost_answer_is_held_for_a_person_where_the_printer_is_set_so(space: Space, ezeep: EzeepFake) -> None:
    ezeep_printer(space, ezeep, rule=UnknownRule.HOLD)
    ezeep.fault("lose-reply", path=PRINT)
    job = printed(file_job(space))
    assert (job.state, job.reason) == (JobState.FAILED, Reason.HELD_FOR_PERSON)
    dispatch()
    assert len(ezeep.documents()) == 1


def test_what_fails_before_print_is_tried_again_and_printed_once(space: Space, ezeep: EzeepFake, clock: Clock) -> None:
    ezeep_printer(space, ezeep)
    ezeep.fault("lose-reply", path="/userstorage/")
    job = printed(file_job(space))
    assert (job.state, job.attempts) == (JobState.PENDING, 1)
    clock.shift(timedelta(minutes=5))
    job = printed(job)
    assert job.state == JobState.SUCCESSFUL
    assert not job.possible_duplicate
    assert len(ezeep.documents()) == 1
