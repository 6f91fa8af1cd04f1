"""Dunning > Cases: what comes next, what happened, and the buttons, by role."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from connectors.models import CaseState, DunningCase, DunningNotice, Invoice, InvoiceState, PaymentSource
from connectors.services import dunning, payments
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Feature, FeatureName, Space
from tests.connectors.dunning.steps import accepted, run
from tests.connectors.dunning_factories import DunningFlowFactory, DunningLevelFactory, overdue_invoice
from tests.connectors.factories import customer_json
from tests.factories import FeatureFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/dunningcase/"
NOTICES = "/space/alpenblick/connectors/dunningnotice/"
ACTIONS = ["suspend", "resume", "cancel", "write-off"]
# Of the first level; the days count from the working day after the due day.
DAY = date(2026, 3, 24)


@pytest.fixture
def case(dunning_space: Space) -> DunningCase:
    """A case whose first notice waits for its printer."""
    DunningFlowFactory(space=dunning_space, levels=2)
    overdue_invoice(dunning_space)
    run(dunning_space, DAY)
    return DunningCase.objects.get()


def tomorrow(space: Space) -> date:
    return dunning.local_day(space) + timedelta(days=1)


def press(client: Client, case: DunningCase, action: str, **data: Any) -> str:
    """Press a button; returns the page that follows."""
    return client.post(f"{BASE}{case.pk}/{action}/", data, follow=True).content.decode()


def test_the_page_says_what_happened_and_why_nothing_is_issued(viewer_client: Client, case: DunningCase) -> None:
    page = viewer_client.get(f"{BASE}{case.pk}/change/").content.decode()
    notice = DunningNotice.objects.get()
    assert f"notice {notice.number} over 100.00 EUR was issued." in page
    assert f"The customer does not have the last notice, {notice.number}, yet: it waits to leave." in page
    assert f"/connectors/invoice/{case.invoice_id}/change/" in page
    assert "Suspend until" not in page  # a viewer looks


def test_a_level_that_is_due_is_announced(viewer_client: Client, dunning_space: Space, case: DunningCase) -> None:
    accepted(dunning_space, DAY)
    page = viewer_client.get(f"{BASE}{case.pk}/change/").content.decode()
    assert "“Level 2” is due" in page
    assert "due: Level 2" in viewer_client.get(BASE).content.decode()


def test_a_case_is_suspended_until_a_day_and_resumed(
    operator_client: Client, dunning_space: Space, case: DunningCase
) -> None:
    day = tomorrow(dunning_space)
    for said in ("The case is suspended until", "The case is suspended already."):  # pressed twice, done once
        assert said in press(operator_client, case, "suspend", until=day.isoformat())
    case.refresh_from_db()
    assert (case.state, case.suspended_until) == (CaseState.SUSPENDED, day)
    assert case.events.filter(kind="suspended_until").count() == 1
    for said in ("The case goes on.", "The case is running already."):
        assert said in press(operator_client, case, "resume")
    case.refresh_from_db()
    assert case.state == CaseState.RUNNING
    page = operator_client.get(f"{BASE}{case.pk}/change/").content.decode()
    assert "otto-operator" in page


@pytest.mark.parametrize(
    ("until", "said"), [("soon", "Enter the day as"), ("2026-03-01", "Choose a day in the future.")]
)
def test_a_day_that_is_none_or_is_over_is_refused(
    operator_client: Client, case: DunningCase, until: str, said: str
) -> None:
    assert said in press(operator_client, case, "suspend", until=until)
    case.refresh_from_db()
    assert case.state == CaseState.RUNNING


def test_canceling_withdraws_the_letter_that_waits(operator_client: Client, case: DunningCase) -> None:
    for said in ("Dunning is canceled for this invoice.", "Dunning is canceled already."):
        assert said in press(operator_client, case, "cancel")
    assert PrintJob.objects.get(document_kind="dunning_notice").state == JobState.CANCELED
    assert DunningNotice.objects.get().withdrawn_at is not None
    assert "was withdrawn before it left" in operator_client.get(f"{BASE}{case.pk}/change/").content.decode()


def test_nothing_is_written_off_by_one_click(operator_client: Client, case: DunningCase) -> None:
    assert "tick the box" in press(operator_client, case, "write-off")
    case.refresh_from_db()
    assert case.state == CaseState.RUNNING
    for said in ("The invoice is written off.", "The invoice is written off already."):
        assert said in press(operator_client, case, "write-off", confirm="yes")
    case.refresh_from_db()
    assert case.state == CaseState.DERECOGNIZED
    assert Invoice.objects.get(pk=case.invoice_id).state == InvoiceState.DERECOGNIZED


def test_the_back_button_does_no_harm_to_a_paid_invoice(
    operator_client: Client, dunning_space: Space, case: DunningCase
) -> None:
    payments.record(
        dunning_space,
        amount=Decimal(100),
        currency="EUR",
        paid_on=dunning.local_day(dunning_space),
        source=PaymentSource.MANUAL,
        invoice=case.invoice,
    )
    for action in ("suspend", "write-off"):
        assert "Paid" in press(operator_client, case, action, confirm="yes")
    case.refresh_from_db()
    assert case.state == CaseState.SUCCEEDED


def test_a_task_is_done_once(operator_client: Client, dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, channel="task", name="Telephone")
    overdue_invoice(dunning_space)
    run(dunning_space, DAY)
    case, notice = DunningCase.objects.get(), DunningNotice.objects.get()
    assert "task to be done" in operator_client.get(f"{BASE}{case.pk}/change/").content.decode()
    assert notice.case.invoice.number in operator_client.get(BASE, {"task": "open"}).content.decode()
    for said in ("The task is done.", "This task is done already"):
        page = operator_client.post(f"{NOTICES}{notice.pk}/task-done/", follow=True).content.decode()
        assert said in page
    assert case.events.filter(kind="task_done").count() == 1
    assert notice.case.invoice.number not in operator_client.get(BASE, {"task": "open"}).content.decode()


def test_a_notice_that_waits_is_withdrawn_and_not_printed_again(operator_client: Client, case: DunningCase) -> None:
    notice = DunningNotice.objects.get()
    page = operator_client.post(f"{NOTICES}{notice.pk}/withdraw/", follow=True).content.decode()
    assert "is withdrawn. Its level can be issued anew." in page
    page = operator_client.post(f"{NOTICES}{notice.pk}/print-again/", follow=True).content.decode()
    assert "it is not printed any more" in page
    assert PrintJob.objects.filter(document_kind="dunning_notice").count() == 1


def test_a_notice_that_left_is_shown_and_printed_again_as_a_copy(
    operator_client: Client, dunning_space: Space, case: DunningCase
) -> None:
    accepted(dunning_space, DAY)
    notice = DunningNotice.objects.get()
    assert operator_client.get(f"{NOTICES}{notice.pk}/show/").content.startswith(b"%PDF")
    assert "has left already" in operator_client.post(f"{NOTICES}{notice.pk}/withdraw/", follow=True).content.decode()
    token = "0b9d7f3c-5b0e-4b1f-9d76-0d3c3f6d7a10"
    for _click in range(2):
        operator_client.post(f"{NOTICES}{notice.pk}/print-again/", {"token": token})
    first, again = PrintJob.objects.filter(document_kind="dunning_notice").order_by("pk")
    assert again.reprint_of == first.pk


def test_cases_are_found_and_narrowed_down(viewer_client: Client, dunning_space: Space, case: DunningCase) -> None:
    other = overdue_invoice(dunning_space, number="A-4711", customer=customer_json(company="Müller & Söhne"))
    dunning.upkeep(dunning_space)
    second = DunningCase.objects.get(invoice=other)
    dunning.suspend(second, None)
    for term in (other.number, "A-4711", "müller"):
        page = viewer_client.get(BASE, {"q": term}).content.decode()
        assert (other.number in page, case.invoice.number in page) == (True, False)
    for narrowed in ({"state__exact": "suspended"}, {"level": "0"}):
        page = viewer_client.get(BASE, narrowed).content.decode()
        assert (other.number in page, case.invoice.number in page) == (True, False)
    assert case.invoice.number in viewer_client.get(BASE, {"flow": case.flow_id}).content.decode()
    for odd in ({"flow": "x"}, {"level": "x"}, {"task": "x"}, {"flow": "99999999999999999999"}):
        assert viewer_client.get(BASE, odd).status_code in {200, 302}


@pytest.mark.parametrize("model", ["dunningcase", "dunningnotice"])
def test_the_list_costs_the_same_however_many_there_are(
    dunning_space: Space, owner_client: Client, django_assert_max_num_queries: Any, model: str
) -> None:
    DunningFlowFactory(space=dunning_space, levels=2)
    for _number in range(12):
        overdue_invoice(dunning_space)
    run(dunning_space, DAY)
    with django_assert_max_num_queries(30):
        page = owner_client.get(f"/space/alpenblick/connectors/{model}/").content.decode()
    assert page.count("2026-0001") >= 1


@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_presses_nothing(viewer_client: Client, case: DunningCase, action: str) -> None:
    assert viewer_client.post(f"{BASE}{case.pk}/{action}/", {"confirm": "yes"}).status_code == 403
    assert viewer_client.get(f"{BASE}{case.pk}/{action}/").status_code == 405
    case.refresh_from_db()
    assert case.state == CaseState.RUNNING


def test_a_stranger_finds_nothing(case: DunningCase, stranger: Any, stranger_client: Client) -> None:
    FeatureFactory(space=stranger.space, name=FeatureName.DUNNING)
    notice = DunningNotice.objects.get()
    for slug in ("alpenblick", stranger.space.slug):
        for action in ("change", *ACTIONS):
            url = f"/space/{slug}/connectors/dunningcase/{case.pk}/{action}/"
            assert stranger_client.post(url, {"confirm": "yes"}).status_code in {404, 405}
            assert stranger_client.get(url).status_code in {404, 405}
        for action in ("show", "download", "change"):
            url = f"/space/{slug}/connectors/dunningnotice/{notice.pk}/{action}/"
            assert stranger_client.get(url).status_code == 404
    case.refresh_from_db()
    assert case.state == CaseState.RUNNING


def test_without_the_feature_there_is_nothing(dunning_space: Space, owner_client: Client, case: DunningCase) -> None:
    Feature.objects.filter(space=dunning_space, name=FeatureName.DUNNING).delete()
    for url in (BASE, NOTICES, f"{BASE}{case.pk}/change/"):
        assert owner_client.get(url).status_code == 403
    assert owner_client.post(f"{BASE}{case.pk}/cancel/").status_code == 403
