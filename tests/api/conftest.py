"""A program with a key of a Space."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from spaces import api_keys
from spaces.models import Space


class Program:
    """Calls the API as a program does."""

    def __init__(self, key: str) -> None:
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, address: str, **query: Any) -> Any:
        return Client().get(f"/api/v1/{address}", query, headers=self.headers)

    def post(self, address: str, body: Any) -> Any:
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().post(f"/api/v1/{address}", content, content_type="application/json", headers=self.headers)


@pytest.fixture
def key(space: Space) -> str:
    return api_keys.create(space, "Shop")[1]


@pytest.fixture
def program(key: str) -> Program:
    return Program(key)
