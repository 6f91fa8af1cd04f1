"""A merchant connects ezeep in a real browser: there, back, printer and tray, a test page that arrives; and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from printing.dispatcher import dispatch
from printing.models import Connection, PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.fakes.ezeep.accounts import CLIENT_ID, CLIENT_SECRET
from tests.fakes.ezeep.fake import OFFICE, EzeepFake, ezeep_fake
from tests.pages.conftest import log_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fake]


@pytest.fixture
def ezeep() -> Iterator[EzeepFake]:
    with ezeep_fake() as fake:
        yield fake


def fill_in(page: Page, space: Space, ezeep: EzeepFake) -> None:
    """The form of the service, up to its button."""
    page.goto(f"/space/{space.slug}/printing/printerconfiguration/add/")
    page.get_by_text("ezeep Blue").first.click()
    page.get_by_label("Client ID").fill(CLIENT_ID)
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    page.get_by_label("Address of the Print API").fill(ezeep.url)
    page.get_by_label("Address of the accounts").fill(ezeep.url)
    expect(page.get_by_label("Callback address")).to_have_value(re.compile("/connect/callback/$"))


def connect(page: Page, space: Space, ezeep: EzeepFake) -> None:
    """All the way to a saved printer."""
    fill_in(page, space, ezeep)
    page.get_by_role("button", name="Connect ezeep Blue").click()
    expect(page).to_have_url(re.compile(f"^{ezeep.url}/oauth/authorize/"))
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Alpen Blick").first).to_be_visible()
    page.get_by_text("Büro (Wien)").click()
    page.get_by_label("Tray").select_option(label="Fach 2")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("is connected").first).to_be_visible()


def test_a_test_page_arrives_at_ezeep_from_the_chosen_tray(
    page: Page, space: Space, operator: Any, ezeep: EzeepFake
) -> None:
    log_in(page, operator)
    connect(page, space, ezeep)
    page.get_by_role("button", name="Print test page").click()
    expect(page.get_by_text("The test page is on its way").first).to_be_visible()
    dispatch()
    job = PrintJob.objects.get()
    assert job.state == JobState.SUCCESSFUL
    [document] = ezeep.documents()
    assert (document["printer_id"], document["properties"]["defaultSource"]) == (OFFICE, 260)
    assert document["alias"].endswith(f"[{job.submission_key}]")
    assert job.document is not None
    with job.document.file.open("rb") as file:
        assert ezeep.content(document["id"]) == file.read()


def test_denying_leads_back_to_the_form_with_a_plain_word(
    page: Page, space: Space, operator: Any, ezeep: EzeepFake
) -> None:
    log_in(page, operator)
    fill_in(page, space, ezeep)
    page.get_by_role("button", name="Connect ezeep Blue").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("the access was not allowed there").first).to_be_visible()
    expect(page.get_by_label("Client ID")).to_have_value(CLIENT_ID)
    page.get_by_role("button", name="Connect ezeep Blue").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Büro (Wien)")).to_be_visible()


def test_the_back_button_asks_to_connect_again_and_does_no_harm(
    page: Page, space: Space, operator: Any, ezeep: EzeepFake
) -> None:
    log_in(page, operator)
    fill_in(page, space, ezeep)
    page.get_by_role("button", name="Connect ezeep Blue").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Büro (Wien)")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Please connect again").first).to_be_visible()
    assert not Connection.objects.exists()


def test_connect_again_is_one_button_on_the_printers_page(
    page: Page, space: Space, operator: Any, ezeep: EzeepFake
) -> None:
    log_in(page, operator)
    connect(page, space, ezeep)
    Connection.objects.update(reconnect_needed_at=timezone.now())
    page.reload()
    page.get_by_role("button", name="Connect again").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("The connection is saved and works").first).to_be_visible()
    expect(page.get_by_role("button", name="Connect again")).to_have_count(0)
    assert Connection.objects.get().reconnect_needed_at is None
