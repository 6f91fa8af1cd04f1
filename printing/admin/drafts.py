"""What lies between "connect" and "save": a connection that works, and the printers it reported.

The credentials stay on the server between the steps, encrypted in the person's session: the browser sees a random
token, nothing permanent exists before the printer is saved, and the reported trays need not be fetched again.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from printing.fields import EncryptedJSONField
from printing.models import Printer
from printing.providers import capabilities
from printing.providers.base import RemotePrinter
from printing.services.printers import connect_printer
from spaces.models import Space

LIFETIME = 3_600  # seconds
KEPT = 5  # drafts per Space; as many tabs can be half way through

_cipher: Any = EncryptedJSONField()


@dataclass(frozen=True)
class Draft:
    """A tested connection; ``account`` is what the service calls it."""

    provider: str
    credentials: dict[str, str]
    account: str
    printers: tuple[RemotePrinter, ...]

    def connect(self, space: Space, remote: RemotePrinter) -> Printer:
        """The Space's row of one of the reported printers, reached by this connection from now on."""
        return connect_printer(
            space,
            self.provider,
            self.credentials,
            remote,
            account=self.account,
            behind=[printer.id for printer in self.printers],
        )

    def device(self, remote_id: str | None) -> RemotePrinter | None:
        """The printer a person picked; the only one where there is only one."""
        if remote_id is None and len(self.printers) == 1:
            return self.printers[0]
        return next((printer for printer in self.printers if printer.id == remote_id), None)


def _key(space: Space) -> str:
    # Per Space: what is half done in one tab is of no use in another Space.
    return f"printer-drafts-{space.pk}"


def keep(request: HttpRequest, space: Space, draft: Draft) -> str:
    """Keep a draft in the session; returns the token that finds it again."""
    token = secrets.token_urlsafe(16)
    plain = {
        "provider": draft.provider,
        "credentials": draft.credentials,
        "account": draft.account,
        "printers": [capabilities.to_json(printer) for printer in draft.printers],
        "until": time.time() + LIFETIME,
    }
    drafts = {**request.session.get(_key(space), {}), token: _cipher.get_prep_value(plain)}
    request.session[_key(space)] = dict(list(drafts.items())[-KEPT:])
    return token


def find(request: HttpRequest, space: Space, token: str | None) -> Draft | None:
    """The draft of a token; None when it is unknown, of another Space, too old, or under a key that is gone."""
    text = request.session.get(_key(space), {}).get(token)
    if text is None:
        return None
    try:
        plain = _cipher.decrypted(text)
    except ImproperlyConfigured:
        return None  # its key was taken out since: begun again, it is under the new one
    if plain["until"] < time.time():
        return None
    return Draft(
        provider=plain["provider"],
        credentials=plain["credentials"],
        account=plain["account"],
        printers=tuple(capabilities.from_json(printer) for printer in plain["printers"]),
    )


def discard(request: HttpRequest, space: Space, token: str | None) -> None:
    drafts = dict(request.session.get(_key(space), {}))
    drafts.pop(token, None)
    request.session[_key(space)] = drafts
