"""A real Chromium, as wide as a desktop's and as a telephone's, and the way through the log-in page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import clear_script_prefix
from playwright.sync_api import Page, sync_playwright

from tests.factories import PASSWORD
from tests.require import find_program, require_program

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
