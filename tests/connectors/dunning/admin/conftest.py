"""People who read the admin in English, though the Space that duns is a German one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def log_in() -> Callable[[Any], Client]:
    """A browser in which this person is logged in and has chosen English."""

    def browser(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return browser
