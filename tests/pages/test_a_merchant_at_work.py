"""A merchant in a real browser: the first printer, and a failed job put right with one button."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import clear_script_prefix
from playwright.sync_api import Page, expect, sync_playwright

from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration
from printing.states import JobState
from spaces.models import Space
from tests.factories import PASSWORD
from tests.printing.simulated import file_job, simulated_printer
from tests.require import find_program, require_program

pytestmark = pytest.mark.django_db(transaction=True)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, live_server: Any) -> Iterator[Page]:
    """A page of a real Chromium, as wide as a desktop's and as a telephone's."""
    require_program("chromium")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    width, height = request.param
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("chromium"), args=FLAGS)
        opened = browser.new_page(base_url=live_server.url, viewport={"width": width, "height": height}, locale="en-GB")
        try:
            yield opened
        finally:
            browser.close()
            clear_script_prefix()


def log_in(page: Page, user: Any) -> None:
    page.goto("/")
    page.get_by_label("Username").fill(user.username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("[type=submit]").first.click()


def test_the_first_printer_is_connected_and_becomes_the_default(page: Page, space: Space, owner: Any) -> None:
    log_in(page, owner)
    expect(page).to_have_url(re.compile(f"/space/{space.slug}/$"))
    page.goto(f"/space/{space.slug}/printing/printerconfiguration/add/")
    page.get_by_text("Simulated printer (folder)").first.click()
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_label("Tray").select_option("tray-2")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("tray-2").or_(page.get_by_text("Tray 2")).first).to_be_attached()
    configuration = PrinterConfiguration.objects.get()
    assert (configuration.space, configuration.tray, configuration.is_default) == (space, "tray-2", True)


def test_a_failed_job_says_why_and_is_put_right_with_one_button(page: Page, space: Space, operator: Any) -> None:
    job = file_job(space, title="Rechnung für Müller & Söhne")
    log_in(page, operator)
    page.goto(f"/space/{space.slug}/printing/printjob/{job.pk}/change/")
    expect(page.get_by_text("No default printer is set").first).to_be_visible()
    printer = simulated_printer(space)
    page.get_by_role("button", name="Reschedule").click()
    dispatch()
    page.reload()
    expect(page.get_by_text("Rechnung für Müller & Söhne").first).to_be_visible()
    expect(page.get_by_role("button", name="Reschedule")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_text("Download document").click()
    assert download.value.path().read_bytes() == printer.documents()[0].read_bytes()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
