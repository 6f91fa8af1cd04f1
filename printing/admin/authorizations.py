"""What lies between "Connect" and the way back from a print service in whose pages the person allows us to print.

The state that goes there and comes back belongs to the session, the Space and one use: without all three the answer
counts for nothing (RFC 6749 section 10.12). What was entered stays on the server meanwhile, encrypted, as in drafts.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from printing.fields import EncryptedJSONField
from spaces.models import Space

LIFETIME = 1_800  # seconds; somebody may have to look for a password, and for a telephone for the second factor
KEPT = 5  # per Space; as many tabs can be under way

_cipher: Any = EncryptedJSONField()


@dataclass(frozen=True)
class Authorization:
    """One that is under way. ``configuration`` is the printer to connect again, None for a new one."""

    provider: str
    credentials: dict[str, str]
    redirect_uri: str
    verifier: str
    configuration: int | None = None


def begin(request: HttpRequest, space: Space, authorization: Authorization) -> str:
    """Remember an authorization; returns the state that finds it again, which names the Space to come back to."""
    state = f"{space.slug}.{secrets.token_urlsafe(32)}"
    kept = {**request.session.get(_key(space), {}), state: _sealed(asdict(authorization))}
    request.session[_key(space)] = dict(list(kept.items())[-KEPT:])
    _remember_entered(request, space, authorization)
    return state


def take(request: HttpRequest, space: Space, state: str) -> Authorization | None:
    """The authorization of a state, once; None for one that is unknown, used, of another Space, or too old."""
    kept = dict(request.session.get(_key(space), {}))
    found = [own for own in kept if hmac.compare_digest(own.encode(), state.encode("utf-8", "replace"))]
    if not found:
        return None
    plain = _opened(kept.pop(found[0]))
    request.session[_key(space)] = kept
    # Before the service is asked: whoever comes with the same state meanwhile finds it used.
    request.session.save()
    return Authorization(**plain) if plain is not None else None


def entered(request: HttpRequest, space: Space, provider: str) -> Mapping[str, str]:
    """What the person entered last for this service, so that after a refusal it need not be entered again."""
    text = request.session.get(_entered_key(space), {}).get(provider)
    return (_opened(text) or {}) if text else {}


def _remember_entered(request: HttpRequest, space: Space, authorization: Authorization) -> None:
    kept = request.session.get(_entered_key(space), {})
    request.session[_entered_key(space)] = {**kept, authorization.provider: _sealed(authorization.credentials)}


def _key(space: Space) -> str:
    return f"printer-authorizations-{space.pk}"


def _entered_key(space: Space) -> str:
    return f"printer-entered-{space.pk}"


def _sealed(plain: dict[str, Any]) -> Any:
    return _cipher.get_prep_value({"plain": plain, "until": time.time() + LIFETIME})


def _opened(text: str) -> dict[str, Any] | None:
    try:
        sealed = _cipher.decrypted(text)
    except ImproperlyConfigured:
        return None  # its key was taken out since: begun again, it is under the new one
    return sealed["plain"] if sealed["until"] >= time.time() else None
