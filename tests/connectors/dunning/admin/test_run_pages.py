"""Dunning > Run: the proposal, a look at a letter, the confirmation, and what is remembered of each run."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from connectors.admin.dunning.reason_labels import LABELS
from connectors.dunning.reasons import Reason
from connectors.models import DunningCase, DunningNotice, DunningRun, Invoice, PaymentSource
from connectors.services import dunning, payments
from printing.models import PrintJob
from spaces.models import Feature, FeatureName, Space
from tests.connectors.documents.pdf import words_of
from tests.connectors.dunning_factories import DunningFlowFactory, DunningLevelFactory, overdue_invoice
from tests.connectors.factories import customer_json
from tests.factories import FeatureFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/dunningrun/"
PROPOSAL = f"{BASE}proposal/"


@pytest.fixture
def invoices(dunning_space: Space) -> list[Invoice]:
    """Two invoices of which a notice is due, with a fee."""
    DunningFlowFactory(space=dunning_space, levels=2, levels__fee=Decimal(5))
    others = {"Müller & Söhne": "300.00", "Käthe Übelhör": "70.00"}
    return [
        overdue_invoice(dunning_space, gross, customer=customer_json(external_id=name, company=name))
        for name, gross in others.items()
    ]


def ticked(page: str) -> list[str]:
    boxes = re.findall(r'<input type="checkbox" name="invoice"[^>]*>', page)
    return [re.search(r'value="(\d+)"', box)[1] for box in boxes if " checked" in box]  # type: ignore[index]


def confirm(client: Client, *invoices: Invoice) -> str:
    data = {"invoice": [invoice.pk for invoice in invoices]}
    return client.post(PROPOSAL, data, follow=True).content.decode()


def test_what_is_due_is_ticked_and_added_up(viewer_client: Client, operator_client: Client, invoices: Any) -> None:
    page = operator_client.get(PROPOSAL).content.decode()
    assert "2 notices are due" in page
    assert "€380.00" in page  # 300 + 70 and two fees of 5
    assert sorted(ticked(page)) == sorted(str(invoice.pk) for invoice in invoices)
    page = viewer_client.get(PROPOSAL).content.decode()
    assert "Müller &amp; Söhne" in page
    assert not ticked(page)
    assert "Issue the notices" not in page


def test_what_is_ticked_is_issued_and_the_rest_is_proposed_again(operator_client: Client, invoices: Any) -> None:
    chosen, unticked = invoices
    page = confirm(operator_client, chosen)
    notice = DunningNotice.objects.get()
    assert "1 notice is issued." in page
    assert notice.number in page
    assert notice.case.invoice == chosen
    assert PrintJob.objects.filter(document_kind="dunning_notice").count() == 1
    run = DunningRun.objects.get()
    assert run.by is not None
    assert run.by.username == "otto-operator"
    assert ticked(operator_client.get(PROPOSAL).content.decode()) == [str(unticked.pk)]
    assert "otto-operator" in operator_client.get(BASE).content.decode()


def test_a_second_click_issues_nothing_again_and_says_so(operator_client: Client, invoices: Any) -> None:
    confirm(operator_client, *invoices)
    page = confirm(operator_client, *invoices)
    assert "2 invoices are not due any more and were left out." in page
    assert "it waits to leave" in page
    assert DunningNotice.objects.count() == 2


def test_what_was_paid_while_the_page_was_open_is_left_out(
    operator_client: Client, dunning_space: Space, invoices: Any
) -> None:
    paid, other = invoices
    payments.record(
        dunning_space,
        amount=Decimal(300),
        currency="EUR",
        paid_on=dunning.local_day(dunning_space),
        source=PaymentSource.MANUAL,
        invoice=paid,
    )
    page = confirm(operator_client, *invoices)
    assert "1 notice is issued." in page
    assert "The invoice is paid." in page
    assert DunningNotice.objects.get().case.invoice == other


@pytest.mark.parametrize("data", [{}, {"invoice": ["x", "", "9" * 30, "²"]}])
def test_nothing_ticked_issues_nothing(operator_client: Client, invoices: Any, data: dict[str, Any]) -> None:
    page = operator_client.post(PROPOSAL, data, follow=True).content.decode()
    assert "no invoice is ticked" in page
    assert not DunningRun.objects.exists()


def test_invoices_of_another_space_are_not_dunned(
    operator_client: Client, dunning_space: Space, invoices: Any, stranger: Any
) -> None:
    FeatureFactory(space=stranger.space, name=FeatureName.DUNNING)
    DunningFlowFactory(space=stranger.space, levels=1)
    foreign = overdue_invoice(stranger.space)
    confirm(operator_client, foreign)
    assert not DunningNotice.objects.exists()
    assert not DunningCase.objects.filter(invoice=foreign).exists()
    assert operator_client.get(f"{PROPOSAL}{foreign.pk}/preview/").status_code == 404


def test_every_other_overdue_invoice_stands_with_all_its_reasons(
    operator_client: Client, dunning_space: Space, invoices: Any
) -> None:
    suspended, due = invoices
    dunning.suspend(dunning.case_for(suspended), None)
    page = operator_client.get(PROPOSAL).content.decode()
    assert "1 overdue invoice without a notice" in page
    assert "The case is suspended until somebody resumes it." in page
    assert ticked(page) == [str(due.pk)]
    page = operator_client.get(PROPOSAL, {"reason": "no_flow"}).content.decode()
    assert "The case is suspended until somebody resumes it." not in page
    page = operator_client.get(PROPOSAL, {"reason": "suspended"}).content.decode()
    assert "The case is suspended until somebody resumes it." in page


def test_every_reason_can_be_grouped_by() -> None:
    assert set(LABELS) == set(Reason)


def test_the_page_is_searched(operator_client: Client, invoices: Any) -> None:
    wanted = invoices[1]
    for term in (wanted.number, wanted.order.number, "übelhör"):
        assert ticked(operator_client.get(PROPOSAL, {"q": term}).content.decode()) == [str(wanted.pk)]


def test_one_looks_ahead_but_issues_on_the_day_alone(operator_client: Client, dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    today = dunning.local_day(dunning_space)
    invoice = overdue_invoice(dunning_space, issued=today - timedelta(days=16))
    assert invoice.number in operator_client.get(PROPOSAL).content.decode()
    later = {"day": (today + timedelta(days=20)).isoformat()}
    page = operator_client.get(PROPOSAL, later).content.decode()
    assert "1 notice is due" in page
    assert not ticked(page)
    assert "Issue the notices" not in page
    assert operator_client.get(f"{PROPOSAL}{invoice.pk}/preview/", later).content.startswith(b"%PDF")
    assert operator_client.get(f"{PROPOSAL}{invoice.pk}/preview/").status_code == 404
    confirm(operator_client, invoice)
    assert not DunningNotice.objects.exists()


@pytest.mark.parametrize("day", ["soon", "2026-02-31", "1999-01-01", "9999-12-31"])
def test_a_day_that_is_none_or_too_far_away_is_today(operator_client: Client, invoices: Any, day: str) -> None:
    assert len(ticked(operator_client.get(PROPOSAL, {"day": day}).content.decode())) == 2


def test_a_letter_is_looked_at_before_it_is_issued_and_says_that_it_is_a_preview(
    viewer_client: Client, invoices: Any
) -> None:
    response = viewer_client.get(f"{PROPOSAL}{invoices[0].pk}/preview/")
    assert response.headers["Content-Type"] == "application/pdf"
    text = words_of(response.content)
    assert "VORSCHAU" in text
    assert invoices[0].number in text
    assert not DunningNotice.objects.exists()
    confirm_page = viewer_client.post(PROPOSAL, {"invoice": [invoices[0].pk]})
    assert confirm_page.status_code == 403


@pytest.mark.parametrize("object_id", ["0", "x", "²", "9" * 30])
def test_there_is_no_preview_of_nothing(viewer_client: Client, invoices: Any, object_id: str) -> None:
    assert viewer_client.get(f"{PROPOSAL}{object_id}/preview/").status_code == 404


def test_an_empty_page_says_so(operator_client: Client, dunning_space: Space) -> None:
    assert "No invoice is overdue" in operator_client.get(PROPOSAL).content.decode()


def test_more_than_fit_on_the_page_are_issued_in_turn(
    operator_client: Client, invoices: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.admin.dunning.proposal_page.ITEMS_SHOWN", 1)
    page = operator_client.get(PROPOSAL).content.decode()
    assert "2 notices are due" in page
    assert "The first 1 are shown." in page
    assert len(ticked(page)) == 1


def test_the_pages_cost_the_same_however_many_invoices_there_are(
    operator_client: Client, dunning_space: Space, django_assert_max_num_queries: Any
) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, position=1)
    DunningLevelFactory(flow=flow, position=2, channel="task")
    made = [overdue_invoice(dunning_space) for _number in range(12)]
    with django_assert_max_num_queries(24):
        operator_client.get(PROPOSAL)
    confirm(operator_client, *made[:10])
    with django_assert_max_num_queries(26):
        operator_client.get(PROPOSAL)
    with django_assert_max_num_queries(16):
        operator_client.get(f"{BASE}{DunningRun.objects.get().pk}/change/")


def test_a_stranger_and_a_space_that_does_not_dun_find_nothing(
    owner_client: Client, stranger_client: Client, dunning_space: Space, invoices: Any
) -> None:
    for path in ("", f"{invoices[0].pk}/preview/"):
        assert stranger_client.get(f"{PROPOSAL}{path}").status_code == 404
    assert stranger_client.post(PROPOSAL, {"invoice": [invoices[0].pk]}).status_code == 404
    Feature.objects.filter(space=dunning_space, name=FeatureName.DUNNING).delete()
    for path in ("", f"{invoices[0].pk}/preview/"):
        assert owner_client.get(f"{PROPOSAL}{path}").status_code == 403
    assert owner_client.post(PROPOSAL, {"invoice": [invoices[0].pk]}).status_code == 403
    assert not DunningNotice.objects.exists()
