"""A merchant in a real browser: the first printer, and a failed job put right with one button."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration
from printing.states import JobState
from spaces.models import Space
from tests.pages.conftest import log_in
from tests.printing.simulated import file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)


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
