"""The token endpoint: what is sent to it, and what each of its answers means to the person who connects."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from printing.providers.base import ProviderContext
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, ProviderError, Reason, Transient
from printing.providers.ezeep.oauth import RENEW_BEFORE
from printing.providers.ezeep.provider import EzeepProvider

TOKEN = "https://account.ezeep.com/oauth/access_token/"
CALLBACK = "https://print.example.com/connect/callback/"
CLIENT = {"client_id": "shop", "client_secret": "client-secret"}
CONNECTED = {**CLIENT, "access_token": "old-access", "refresh_token": "old-refresh"}
VERIFIER = "v" * 64


@pytest.fixture
def provider(context: ProviderContext) -> EzeepProvider:
    return EzeepProvider(context)


def _failed(provider: EzeepProvider, renewing: bool, **answer: Any) -> ProviderError:
    with responses.RequestsMock() as service:
        service.post(TOKEN, **answer)
        with pytest.raises(ProviderError) as caught:
            provider.refresh(CONNECTED) if renewing else provider.exchange(CLIENT, "code", CALLBACK, VERIFIER)
    assert not [text for text in ("client-secret", "old-refresh") if text in f"{caught.value!r} {caught.value.params}"]
    return caught.value


def test_the_browser_is_sent_away_with_a_challenge_and_never_with_the_verifier(provider: EzeepProvider) -> None:
    url = provider.authorization_url({**CLIENT, "account_url": "https://a.example.com/x/"}, CALLBACK, "s&t", VERIFIER)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    assert url.startswith("https://a.example.com/x/oauth/authorize/?")
    assert asked == {
        "response_type": "code",
        "client_id": "shop",
        "redirect_uri": CALLBACK,
        "scope": "printing",
        "state": "s&t",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    assert VERIFIER not in url
    assert "client-secret" not in url


def test_the_code_is_exchanged_with_the_verifier_and_the_clients_secret(provider: EzeepProvider) -> None:
    with responses.RequestsMock() as service:
        service.post(TOKEN, json={"access_token": "a", "refresh_token": "r", "expires_in": 600})
        found = provider.exchange(CLIENT, "the code", CALLBACK, VERIFIER)
        sent = service.calls[0].request
    assert isinstance(sent.body, bytes)
    assert parse_qs(sent.body.decode()) == {
        "grant_type": ["authorization_code"],
        "scope": ["printing"],
        "code": ["the code"],
        "redirect_uri": [CALLBACK],
        "code_verifier": [VERIFIER],
    }
    assert sent.headers["Authorization"] == f"Basic {base64.b64encode(b'shop:client-secret').decode()}"
    ends = datetime.fromisoformat(found.pop("expires_at"))
    assert timedelta(seconds=590) < ends - datetime.now(UTC) <= timedelta(seconds=600)
    assert found == {**CLIENT, "access_token": "a", "refresh_token": "r"}


@pytest.mark.parametrize("renewing", [False, True])
@pytest.mark.parametrize(
    ("status", "body", "outcome", "reason"),
    [
        (400, {"error": "invalid_grant"}, ConfigurationProblem, Reason.RECONNECT_NEEDED),
        (401, {"error": "invalid_client"}, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (400, {"error": "invalid_client"}, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (401, {}, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (400, {"error": "unauthorized_client"}, ConfigurationProblem, Reason.FORBIDDEN),
        (400, {"error": "invalid_scope"}, ConfigurationProblem, Reason.FORBIDDEN),
        (403, {}, ConfigurationProblem, Reason.FORBIDDEN),
        (400, {"error": 7}, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (404, None, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (302, None, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (429, {}, Transient, Reason.RATE_LIMITED),
        (500, {}, Transient, Reason.SERVICE_ERROR),
        (503, {}, Transient, Reason.SERVICE_ERROR),
    ],
)
def test_each_refusal_says_who_has_to_do_what(
    provider: EzeepProvider, renewing: bool, status: int, body: object, outcome: type[ProviderError], reason: Reason
) -> None:
    error = _failed(provider, renewing, status=status, json=body)
    assert (type(error), error.reason) == (outcome, reason)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"access_token": 7}', b'{"access_token": ""}'])
def test_a_yes_without_a_token_costs_a_code_nothing_and_a_renewal_its_certainty(
    provider: EzeepProvider, body: bytes
) -> None:
    assert type(_failed(provider, False, status=200, body=body)) is Transient
    assert type(_failed(provider, True, status=200, body=body)) is OutcomeUnknown


@pytest.mark.parametrize("answer", [{}, {"refresh_token": None, "expires_in": "soon"}, {"expires_in": -1}])
def test_a_renewal_that_brings_no_new_means_keeps_the_old_one_and_an_end_it_does_not_say_is_an_hour_away(
    provider: EzeepProvider, answer: dict[str, object]
) -> None:
    with responses.RequestsMock() as service:
        service.post(TOKEN, json={"access_token": "new", **answer})
        found = provider.refresh(CONNECTED)
    assert (found["access_token"], found["refresh_token"]) == ("new", "old-refresh")
    ends = datetime.fromisoformat(found["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < ends <= timedelta(hours=1)


def test_without_the_means_to_renew_it_nobody_is_asked(provider: EzeepProvider) -> None:
    with responses.RequestsMock(), pytest.raises(ConfigurationProblem) as caught:
        provider.refresh(CLIENT)
    assert caught.value.reason is Reason.RECONNECT_NEEDED


@pytest.mark.parametrize(
    ("ends_in", "due"),
    [
        (timedelta(hours=1), False),
        (RENEW_BEFORE + timedelta(seconds=9), False),
        (RENEW_BEFORE, True),
        (-RENEW_BEFORE, True),
    ],
)
def test_it_is_renewed_a_little_before_its_end(provider: EzeepProvider, ends_in: timedelta, due: bool) -> None:
    now = datetime.now(UTC)
    assert provider.needs_refresh({**CONNECTED, "expires_at": (now + ends_in).isoformat()}, now) is due


@pytest.mark.parametrize("ends", ["", "soon", "2026-01-01T00:00:00"])
def test_an_end_that_is_not_known_is_found_out_by_trying(provider: EzeepProvider, ends: str) -> None:
    assert provider.needs_refresh({**CONNECTED, "expires_at": ends}, datetime.now(UTC)) is False
    assert provider.needs_refresh({**CLIENT, "expires_at": ends}, datetime.now(UTC)) is True
