"""NotFound is said only when the job would have to be in the list had it arrived; otherwise the printer cannot tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printing.providers.base import Accepted, CannotTell, NotFound
from printing.providers.ipp.jobs import CUT_AT, Memory, RemoteId, judge
from printing.providers.ipp.values import AttributeGroup
from tests.fakes.ipp_printer import job

KEY = "a1b2"
UP = 10_000  # seconds the printer has been running


def _finished(created: int, completed: int, name: str = "Other [ffff]") -> AttributeGroup:
    return job(5, job_name=name, job_state=9, time_at_creation=created, time_at_completed=completed)


def _memory(elapsed: float = 10.0, *finished: AttributeGroup, up_time: int | None = UP) -> Memory:
    return Memory((), finished, up_time, elapsed)


@pytest.mark.parametrize("state", [3, 4, 5, 6, 7, 8, 9])
def test_a_job_that_is_listed_arrived_whatever_became_of_it(state: int) -> None:
    listed = job(7, job_name=f"Invoice [{KEY}]", job_state=state, job_uuid="urn:uuid:x")
    for memory in (Memory((listed,), (), None, 9e9), Memory((), (listed,), None, 9e9)):
        found = judge(memory, KEY)
        assert isinstance(found, Accepted)
        assert RemoteId.parse(found.remote_id) == RemoteId(7, "urn:uuid:x", KEY)


def test_soon_after_the_request_an_empty_list_is_proof() -> None:
    assert judge(_memory(10), KEY) == NotFound()


def test_long_after_the_request_an_empty_list_proves_nothing() -> None:
    assert isinstance(judge(_memory(60), KEY), CannotTell)


def test_a_job_finished_before_the_request_shows_how_far_the_list_reaches() -> None:
    assert judge(_memory(600, _finished(UP - 700, UP - 650)), KEY) == NotFound()


def test_a_job_that_began_before_the_request_and_finished_after_it_shows_nothing() -> None:
    assert isinstance(judge(_memory(600, _finished(UP - 700, UP - 500)), KEY), CannotTell)


def test_a_printer_that_restarted_since_forgot_everything() -> None:
    assert isinstance(judge(_memory(20, up_time=15), KEY), CannotTell)
    assert isinstance(judge(_memory(20, _finished(-90, -80), up_time=15), KEY), CannotTell)


def test_a_printer_that_may_have_restarted_within_the_second_cannot_tell() -> None:
    assert isinstance(judge(_memory(20.0, up_time=20), KEY), CannotTell)
    assert judge(_memory(20.0, up_time=21), KEY) == NotFound()


def test_a_printer_that_does_not_say_how_long_it_has_been_running_cannot_tell() -> None:
    assert isinstance(judge(_memory(1, up_time=None), KEY), CannotTell)


def test_cups_counts_since_1970_and_is_understood_all_the_same() -> None:
    now = 1_800_000_000
    assert judge(_memory(600, _finished(now - 700, now - 650), up_time=now), KEY) == NotFound()
    assert isinstance(judge(_memory(600, _finished(now - 500, now - 450), up_time=now), KEY), CannotTell)


def test_a_newer_job_without_a_name_might_be_ours() -> None:
    nameless = job(5, job_state=9, time_at_creation=UP - 5, time_at_completed=UP - 4)
    assert isinstance(judge(_memory(10, nameless), KEY), CannotTell)
    assert isinstance(judge(_memory(10, job(5, job_state=9)), KEY), CannotTell)


def test_an_older_job_without_a_name_is_not_ours() -> None:
    nameless = job(5, job_state=9, time_at_creation=UP - 50, time_at_completed=UP - 40)
    assert judge(_memory(10, nameless), KEY) == NotFound()


def test_a_list_that_is_cut_may_have_lost_it() -> None:
    recent = _finished(UP - 5, UP - 4)
    cut = _memory(10, *[recent] * CUT_AT)
    assert isinstance(judge(cut, KEY), CannotTell)
    # Finished jobs come newest first, so that one from before the request says that nothing newer is missing.
    assert judge(replace(cut, finished=(*cut.finished, _finished(UP - 90, UP - 80))), KEY) == NotFound()
    assert isinstance(judge(Memory((recent,) * CUT_AT, (), UP, 10), KEY), CannotTell)


@pytest.mark.parametrize(("interval", "elapsed", "known"), [(3600, 600, True), (3600, 3500, False), (0, 5, False)])
def test_a_printer_that_says_how_long_it_remembers_is_believed(interval: int, elapsed: float, known: bool) -> None:
    found = judge(replace(_memory(elapsed), interval=interval), KEY)
    assert (found == NotFound()) is known


def test_a_key_within_a_longer_one_is_another() -> None:
    assert judge(_memory(10, _finished(UP - 5, UP - 4, f"Invoice [{KEY}-2]")), KEY) == NotFound()


@pytest.mark.parametrize("text", ["", "7", "7;x", "x;;y", ";;", "²;;y", "-1;;y"])
def test_a_remote_id_of_another_kind_is_none(text: str) -> None:
    assert RemoteId.parse(text) is None


def test_a_number_given_again_is_another_job() -> None:
    known = RemoteId(7, "", KEY)
    assert known.is_of(job(7, job_name=f"Invoice [{KEY}]"))
    assert not known.is_of(job(7, job_name="Somebody else's"))
    assert not known.is_of(job(7))
    assert not RemoteId(7, "urn:uuid:x", KEY).is_of(job(7, job_uuid="urn:uuid:y", job_name=f"Invoice [{KEY}]"))
