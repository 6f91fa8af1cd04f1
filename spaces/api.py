"""How programs log in: ``Authorization: Bearer <key>``; the key names the Space."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from spaces import api_keys
from spaces.models import Space

MAX_BODY = 100_000  # octets; a longer call is refused unread


class SpaceKey(HttpBearer):
    """Lets in who has a key, into its Space. Who has none learns nothing about why."""

    def authenticate(self, request: HttpRequest, token: str) -> Space | None:
        row = api_keys.recognised(token)
        if row is None:
            return None
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length) > MAX_BODY:
            raise HttpError(413, f"A request may have {MAX_BODY:,} bytes at most.")
        return row.space


def space_of_key(request: HttpRequest) -> Space:
    """The Space of the key that a call came with."""
    return cast("Space", request.auth)  # type: ignore[attr-defined]
