"""A model field whose content is encrypted in the database."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=16)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def key_number(text: str) -> int | None:
    """Which of ``CREDENTIALS_KEYS`` decrypts a stored text, counted from 1; None where none of them does."""
    for number, key in enumerate(settings.CREDENTIALS_KEYS, 1):
        try:
            _cipher((key,)).decrypt(text.encode())
        except InvalidToken:
            continue
        return number
    return None


def under_first_key(text: str) -> str:
    """The same secrets under the first of ``CREDENTIALS_KEYS``. Raises InvalidToken where no key decrypts the text."""
    return _cipher(tuple(settings.CREDENTIALS_KEYS)).rotate(text.encode()).decode()


class Unreadable(dict[str, str]):
    """What is stored and no key decrypts: nothing for who reads it, and saved again as it is."""

    def __init__(self, stored: str) -> None:
        super().__init__()
        self.stored = stored


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]
    """A JSON object, encrypted with the first of ``CREDENTIALS_KEYS``; the others still decrypt (key rotation)."""

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, Unreadable):
            return value.stored
        return _cipher(tuple(settings.CREDENTIALS_KEYS)).encrypt(json.dumps(value, sort_keys=True).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> dict[str, str] | None:
        if not value:
            return None if value is None else {}
        try:
            return self.decrypted(value)
        except ImproperlyConfigured:
            # One row that cannot be read must not keep anybody from the other rows of a query.
            return Unreadable(value)

    def decrypted(self, text: str) -> dict[str, str]:
        """What was encrypted. Raises ImproperlyConfigured where no key decrypts it."""
        try:
            plain = _cipher(tuple(settings.CREDENTIALS_KEYS)).decrypt(text.encode())
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "Stored credentials cannot be decrypted with CREDENTIALS_KEYS. Add the key they were saved with."
            ) from error
        decrypted: dict[str, str] = json.loads(plain)
        return decrypted

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Serializers (dumpdata) get the encrypted text, never the secrets."""
        return self.get_prep_value(self.value_from_object(obj)) or ""
