"""The fake ezeep's account server: a page on which a person allows or denies, and tokens that are renewed once each."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.fakes.server import Reply, Request

CLIENT_ID = "fake-ezeep-client"
CLIENT_SECRET = "fake-ezeep-secret"

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>ezeep (stand-in)</title><style>body{{font:16px sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.2rem;margin-right:.5rem}}</style>
<h1>Stand-in for ezeep</h1><p><b>{client}</b> asks to print with your account.</p>
<form method="post">{fields}<button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny
</button></form></html>"""


@dataclass
class Grant:
    """What a person allowed, until its code is exchanged."""

    redirect_uri: str
    challenge: str


@dataclass
class Accounts:
    """Codes and tokens. ``lifetime`` are the seconds an access token lives, ``rotating`` says whether a refresh token
    works once, ``public`` whether a client may come without a secret."""

    lifetime: int = 3_600
    rotating: bool = True
    public: bool = False
    grants: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, datetime] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    refreshed: int = 0

    def issue(self, now: datetime) -> dict[str, Any]:
        """New tokens, as the token endpoint answers them."""
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.access[access] = now + timedelta(seconds=self.lifetime)
        self.refresh.add(refresh)
        kind = {"token_type": "Bearer", "scope": "printing"}
        return {"access_token": access, "refresh_token": refresh, "expires_in": self.lifetime, **kind}

    def knows(self, header: str, now: datetime) -> bool:
        """Whether an Authorization header carries a token that is valid."""
        scheme, _, token = header.partition(" ")
        return scheme == "Bearer" and self.access.get(token, now) > now

    def revoke(self) -> None:
        """Forget every token, as when somebody takes back what they allowed."""
        self.access.clear()
        self.refresh.clear()

    def page(self, request: Request) -> Reply:
        """The page that asks, and what follows its answer."""
        asked = {**request.query}
        if asked.get("client_id") != CLIENT_ID or not asked.get("redirect_uri"):
            return _html(400, "<!doctype html><title>ezeep</title>Unknown client or callback address")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return _back(asked, error="invalid_request")
        if request.method == "GET":
            fields = "".join(
                f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items()
            )
            return _html(200, _PAGE.format(client=escape(asked["client_id"]), fields=fields))
        if dict(parse_qsl(request.body.decode())).get("answer") != "allow":
            return _back(asked, error="access_denied")
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(asked["redirect_uri"], asked["code_challenge"])
        return _back(asked, code=code)

    def token(self, request: Request, now: datetime) -> Reply:
        """The token endpoint."""
        if not self._client(request.headers.get("Authorization", "")):
            return Reply(401, {"error": "invalid_client"})
        form = dict(parse_qsl(request.body.decode()))
        if form.get("grant_type") == "authorization_code":
            grant = self.grants.pop(form.get("code", ""), None)
            if grant is None or grant.redirect_uri != form.get("redirect_uri") or not _proven(grant, form):
                return Reply(400, {"error": "invalid_grant"})
            return Reply(200, self.issue(now))
        if form.get("grant_type") != "refresh_token":
            return Reply(400, {"error": "unsupported_grant_type"})
        if form.get("refresh_token") not in self.refresh:
            return Reply(400, {"error": "invalid_grant"})
        if self.rotating:
            self.refresh.discard(form["refresh_token"])
        self.refreshed += 1
        return Reply(200, self.issue(now))

    def _client(self, header: str) -> bool:
        scheme, _, encoded = header.partition(" ")
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        known = secret == CLIENT_SECRET or (self.public and not secret)
        return scheme == "Basic" and name == CLIENT_ID and known


def _proven(grant: Grant, form: dict[str, str]) -> bool:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == grant.challenge


def _back(asked: dict[str, str], **answer: str) -> Reply:
    query = {**answer, **({"state": asked["state"]} if "state" in asked else {})}
    return Reply(302, b"", {"Location": f"{asked['redirect_uri']}?{urlencode(query)}"})


def _html(status: int, page: str) -> Reply:
    return Reply(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
