"""The access to an ezeep account: OAuth 2.0, authorization code with PKCE, and tokens that are renewed once each
(https://apidocs.ezeep.com/ezeepblue/README.html, RFC 6749, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from requests.auth import HTTPBasicAuth

from printing.providers.addresses import service_address
from printing.providers.base import Credentials
from printing.providers.errors import ConfigurationProblem, ProviderError, Reason, Transient
from printing.providers.ezeep.client import DEFAULT_ACCOUNT_URL, read_json
from printing.providers.http import Address, Answer, HttpDoor, raise_for_status, retry_after, uncertain
from printing.providers.words import one_line

SCOPE = "printing"
LIFETIME = 3_600  # seconds that an access token lives where its answer does not say
# Renewed that long before its end: an upload on a slow line must not begin with a token that ends meanwhile.
RENEW_BEFORE = timedelta(minutes=5)


def authorization_url(credentials: Credentials, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the browser is sent. Raises ConfigurationProblem for an address that is none."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    query = {
        "response_type": "code",
        "client_id": _client_id(credentials),
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{_address(credentials, '/oauth/authorize/').url}?{urlencode(query)}"


def exchange(door: HttpDoor, credentials: Credentials, code: str, redirect_uri: str, verifier: str) -> dict[str, str]:
    """The credentials with the tokens for a code. Raises ConfigurationProblem, Transient.

    A lost answer costs the code and nothing else: the person begins again.
    """
    form = {
        "grant_type": "authorization_code",
        "scope": SCOPE,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return _tokens(door, credentials, form, harmless=True)


def refresh(door: HttpDoor, credentials: Credentials) -> dict[str, str]:
    """The credentials with new tokens. Raises ConfigurationProblem where ezeep refuses to renew them, OutcomeUnknown
    where its answer is lost and the token perhaps spent, and Transient where it says that it cannot just now."""
    if not credentials.get("refresh_token"):
        raise ConfigurationProblem(Reason.RECONNECT_NEEDED, detail="there is no refresh token")
    form = {"grant_type": "refresh_token", "scope": SCOPE, "refresh_token": credentials["refresh_token"]}
    return _tokens(door, credentials, form, harmless=False)


def needs_refresh(credentials: Credentials, now: datetime) -> bool:
    """Whether the access token is over, or nearly so. One whose end is not known is tried first."""
    try:
        return datetime.fromisoformat(credentials.get("expires_at", "")) - RENEW_BEFORE <= now
    except (ValueError, TypeError):
        return not credentials.get("access_token")


def _tokens(door: HttpDoor, credentials: Credentials, form: Mapping[str, str], *, harmless: bool) -> dict[str, str]:
    address = _address(credentials, "/oauth/access_token/")
    # A client without a secret says its id alone (RFC 6749 section 2.3.1 with an empty password).
    secret = credentials.get("client_secret", "").strip()
    auth = HTTPBasicAuth(_client_id(credentials).encode(), secret.encode())
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    asked_at = datetime.now(UTC)
    answer = door.exchange(
        "POST", address, body=urlencode(form).encode(), headers=headers, auth=auth, harmless=harmless
    )
    if not 200 <= answer.status < 300:
        raise _refusal(answer)
    found = read_json(answer)
    access = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(access, str) or not access:
        raise uncertain(harmless, Reason.ANSWER_NOT_UNDERSTOOD, {"host": address.host}, detail="no access token")
    return _with_tokens(credentials, access, found, asked_at)


def _with_tokens(credentials: Credentials, access: str, found: Mapping[str, Any], asked_at: datetime) -> dict[str, str]:
    seconds = found.get("expires_in")
    lives = seconds if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0 else LIFETIME
    # A new one comes with every renewal; without one the old one stays (RFC 6749 section 6).
    renews = found.get("refresh_token")
    return {
        **credentials,
        "access_token": access,
        "refresh_token": renews if isinstance(renews, str) and renews else credentials.get("refresh_token", ""),
        "expires_at": (asked_at + timedelta(seconds=lives)).isoformat(timespec="seconds"),
    }


def _refusal(answer: Answer) -> ProviderError:
    """What a token endpoint's no means (RFC 6749 section 5.2)."""
    found = read_json(answer)
    error = one_line(found.get("error"), 50) if isinstance(found, dict) else ""
    detail = f"HTTP {answer.status} {error}".strip()
    if answer.status >= 500:
        # An answer all the same: asked again, the same token either still works or is refused for good.
        wait = retry_after(answer.headers)
        return Transient(Reason.SERVICE_ERROR, {"status": answer.status}, detail=detail, retry_after=wait)
    if error == "invalid_grant":
        return ConfigurationProblem(Reason.RECONNECT_NEEDED, detail=detail)
    if error == "invalid_client" or answer.status == 401:
        return ConfigurationProblem(Reason.AUTHENTICATION_FAILED, detail=detail, field="client_secret")
    if error in ("unauthorized_client", "invalid_scope", "access_denied"):
        return ConfigurationProblem(Reason.FORBIDDEN, detail=detail, field="client_id")
    try:
        raise_for_status(answer, harmless=True, field="account_url", secret_field="client_secret")  # noqa: S106
    except ProviderError as known:
        return known
    raise AssertionError(f"HTTP {answer.status} is no refusal")


def _client_id(credentials: Credentials) -> str:
    return credentials.get("client_id", "").strip()


def _address(credentials: Credentials, path: str) -> Address:
    address = service_address(credentials.get("account_url", ""), DEFAULT_ACCOUNT_URL, field="account_url")
    return replace(address, path=f"{address.path.rstrip('/')}{path}")
