"""A letter and its payment slip, each shown at the other, and the buttons for both."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from printing.models import PrinterConfiguration, PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.factories import PrintJobFactory

LIST = "/space/alpenblick/printing/printjob/"
Pair = tuple[PrintJob, PrintJob]


@pytest.fixture
def pair(space: Space, configuration: PrinterConfiguration) -> Pair:
    letter = PrintJobFactory(space=space, configuration=configuration, title="Invoice 7", state=JobState.FAILED)
    slip = PrintJobFactory(
        space=space, configuration=configuration, title="Invoice 7 (slip)", state=JobState.FAILED, follows=letter.pk
    )
    return letter, slip


def show(client: Client, job: PrintJob) -> str:
    return client.get(f"{LIST}{job.pk}/change/").content.decode()


def press(client: Client, job: PrintJob, button: str, **data: str) -> str:
    return client.post(f"{LIST}{job.pk}/{button}/", data, follow=True).content.decode()


def test_each_shows_the_other_with_its_state(pair: Pair, viewer_client: Client) -> None:
    letter, slip = pair
    PrintJob.objects.filter(pk=slip.pk).update(state=JobState.CANCELED)
    assert "Another job comes out right behind it" in show(viewer_client, letter)
    assert "Canceled" in show(viewer_client, letter)
    assert "It comes out right behind another job" in show(viewer_client, slip)
    assert f"{LIST}{letter.pk}/change/" in show(viewer_client, slip)


def test_a_job_alone_has_no_buttons_for_two(space: Space, owner_client: Client) -> None:
    alone = PrintJobFactory(space=space, state=JobState.FAILED)
    assert "both" not in show(owner_client, alone)


def test_both_are_rescheduled_by_one_button(pair: Pair, operator_client: Client) -> None:
    letter, slip = pair
    assert "Reschedule both" in show(operator_client, slip)
    assert "Both are sent once more." in press(operator_client, slip, "reschedule-both")
    assert set(PrintJob.objects.values_list("state", flat=True)) == {JobState.PENDING}
    assert "Only a failed print job can be rescheduled." in press(operator_client, letter, "reschedule-both")


def test_both_are_printed_again_once_by_a_double_click(pair: Pair, operator_client: Client) -> None:
    letter, _slip = pair
    token = str(uuid.uuid4())
    for _click in range(2):
        assert "Both are printed again." in press(operator_client, letter, "print-both-again", token=token)
    new = PrintJob.objects.filter(reprint_of__isnull=False).order_by("pk")
    assert [job.follows for job in new] == [None, new[0].pk]


def test_both_are_not_printed_again_while_one_waits(pair: Pair, operator_client: Client) -> None:
    letter, slip = pair
    PrintJob.objects.filter(pk=slip.pk).update(state=JobState.PENDING)
    assert "Print both again" not in show(operator_client, letter)
    assert "has not ended yet" in press(operator_client, letter, "print-both-again")
    assert not PrintJob.objects.filter(reprint_of__isnull=False).exists()


@pytest.mark.parametrize("button", ["reschedule-both", "print-both-again"])
def test_a_viewer_may_not_and_a_look_does_nothing(
    pair: Pair, viewer_client: Client, operator_client: Client, button: str
) -> None:
    path = f"{LIST}{pair[0].pk}/{button}/"
    assert viewer_client.post(path).status_code == 403
    assert operator_client.get(path).status_code == 405
    assert set(PrintJob.objects.values_list("state", flat=True)) == {JobState.FAILED}
