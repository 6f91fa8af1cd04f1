"""Keeping secrets out of words that others wrote: a service may quote the key it refuses."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from printing.providers.base import Credentials, Provider
from printing.providers.errors import ProviderError

SUBSTITUTE = "…"
# Shorter ones are no secrets, and would be found in the middle of any word.
SHORTEST = 4


def secrets_of(provider: Provider, credentials: Credentials) -> list[str]:
    """The values that are never to be shown: all but those of the fields that are declared to be no secret.

    Tokens that a service gave us are not declared at all.
    """
    shown = {field.name for field in provider.connection_fields if not field.secret}
    return [value for name, value in credentials.items() if name not in shown and len(value) >= SHORTEST]


def hide(error: ProviderError, secrets: Iterable[str]) -> None:
    """Take the secrets out of everything the error says, in each of the forms in which they travel."""
    forms = sorted({form for secret in secrets for form in forms_of(secret)}, key=len, reverse=True)

    def clean(text: str) -> str:
        for form in forms:
            text = text.replace(form, SUBSTITUTE)
        return text

    error.detail = clean(error.detail)
    error.params = {name: clean(value) if isinstance(value, str) else value for name, value in error.params.items()}
    error.args = tuple(clean(part) if isinstance(part, str) else part for part in error.args)


def forms_of(secret: str) -> Iterator[str]:
    """The secret as it is, as it stands in an address, and as it stands in the middle of something in Base64."""
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    for before in range(3):
        # What stands before it shifts the alphabet by 0, 2 or 4 bits; the characters at the ends belong to others too.
        skipped = (0, 2, 3)[before]
        encoded = base64.b64encode(b"\0" * before + secret.encode()).decode().rstrip("=")
        whole = encoded[skipped : len(encoded) if (before + len(secret.encode())) % 3 == 0 else -1]
        if len(whole) >= SHORTEST:
            yield whole
            yield whole.replace("+", "-").replace("/", "_")
