"""Keys of the API: made and revoked by owners, shown once, of no use to anybody else."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from spaces import api_keys
from spaces.models import ApiKey, Space
from tests.api.conftest import Program
from tests.factories import PrintJobFactory

pytestmark = pytest.mark.django_db
KEYS = "/space/alpenblick/spaces/apikey/"


def shown_key(answer: Any) -> str:
    (key,) = re.findall(r'id="api-key">([^<]+)<', answer.content.decode())
    return str(key)


def test_an_owner_makes_a_key_that_is_shown_once(space: Space, owner_client: Client, owner: Any) -> None:
    key = shown_key(owner_client.post(f"{KEYS}add/", {"name": "Shop"}))
    row = ApiKey.objects.get()
    assert (row.name, row.space, row.created_by) == ("Shop", space, owner)
    assert Program(key).get("invoices").status_code == 200
    secret = key.rpartition("_")[2]
    for address in (KEYS, f"{KEYS}{row.pk}/change/"):
        page = owner_client.get(address).content.decode()
        assert row.prefix in page
        assert secret not in page


def test_no_row_and_no_log_line_has_the_secret(
    space: Space, owner_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = shown_key(owner_client.post(f"{KEYS}add/", {"name": "Shop"}))
    Program(key).get("invoices")
    Program(key).post("payments", "{")
    Program(f"{key}x").get("invoices")
    secret = key.split("_", 2)[2]
    stored = [list(model._base_manager.values()) for model in apps.get_models()]
    assert secret not in repr(stored)
    assert secret not in caplog.text


def test_nobody_but_an_owner_makes_sees_or_revokes_keys(
    space: Space, operator_client: Client, viewer_client: Client
) -> None:
    row, _key = api_keys.create(space, "Shop")
    for client in (operator_client, viewer_client):
        assert client.get(KEYS).status_code == 403
        assert client.post(f"{KEYS}add/", {"name": "Mine"}).status_code == 403
        assert client.get(f"{KEYS}{row.pk}/change/").status_code == 403
        assert client.post(f"{KEYS}{row.pk}/revoke/").status_code == 403
    row.refresh_from_db()
    assert (ApiKey.objects.count(), row.revoked_at) == (1, None)


def test_a_revoked_key_lets_nobody_in(space: Space, owner_client: Client) -> None:
    row, key = api_keys.create(space, "Shop")
    owner_client.post(f"{KEYS}{row.pk}/revoke/")
    assert Program(key).get("invoices").status_code == 401


def test_the_answer_is_the_same_whatever_is_wrong_with_a_key(space: Space) -> None:
    row, key = api_keys.create(space, "Shop")
    revoked_row, revoked = api_keys.create(space, "Old")
    api_keys.revoke(revoked_row)
    wrong = ["", "x", f"{key}x", f"pr_{row.prefix}_", f"pr_000000000000_{key.rpartition('_')[2]}", revoked, "pr__"]
    answers = [Program(bad).get("invoices") for bad in wrong]
    answers.append(Client().get("/api/v1/invoices"))
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert answers[0].json() == {
        "errors": [{"field": "", "message": "This needs a valid key: “Authorization: Bearer …”."}]
    }


def test_somebody_who_is_logged_in_needs_a_key_too(space: Space, owner_client: Client) -> None:
    for address in ("/api/v1/invoices", "/space/alpenblick/api/v1/invoices"):
        assert owner_client.get(address).status_code == 401


def test_a_key_survives_a_change_of_the_secret_key(space: Space, settings: Any) -> None:
    _row, key = api_keys.create(space, "Shop")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret-key-of-the-installation"
    assert Program(key).get("invoices").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert Program(key).get("invoices").status_code == 200


def test_the_last_use_is_noted(space: Space) -> None:
    row, key = api_keys.create(space, "Shop")
    Program(key).get("invoices")
    row.refresh_from_db()
    assert row.last_used_at is not None


def test_print_jobs_are_asked_for_by_order(space: Space, program: Program) -> None:
    job = PrintJobFactory(space=space, order_number="4711", possible_duplicate=True)
    PrintJobFactory(space=space, order_number="4712")
    (found,) = program.get("print-jobs", orderNumber="4711").json()["items"]
    assert (found["id"], found["state"], found["paper"]) == (job.pk, job.state, job.paper)
    assert (found["mayHaveComeOutTwice"], found["reason"]) == (True, job.reason_sentence)


def test_the_description_of_the_api_is_there_without_a_key(space: Space) -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {"/api/v1/payments", "/api/v1/invoices", "/api/v1/print-jobs"}
    assert "externalId" in document["components"]["schemas"]["PaymentIn"]["properties"]
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    assert "cdn" not in page.content.decode()


def test_a_call_without_a_log_in_cookie_is_enough_to_post(space: Space, program: Program) -> None:
    """No CSRF token: browsers do not send the header by themselves."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/api/v1/payments",
        '{"externalId": "1", "amount": 1, "paidOn": "2026-01-31"}',
        content_type="application/json",
        headers=program.headers,
    )
    assert answer.status_code == 201
