"""Keys of the API: made, recognised, revoked.

A key is ``pr_<prefix>_<secret>``. Its secret has 256 random bits, which nobody
finds by trying: a keyed hash will do, and no slow function stands in the way of every call.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from spaces.models import ApiKey, Space

_SALT = "spaces.ApiKey"
_USED_EVERY = timedelta(minutes=1)


def create(space: Space, name: str, created_by: AbstractBaseUser | None = None) -> tuple[ApiKey, str]:
    """Make a key. Returns its row and the key itself, which nobody can find out afterwards."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        space=space,
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret, settings.SECRET_KEY),
        created_by_id=created_by.pk if created_by else None,
    )
    return row, f"pr_{prefix}_{secret}"


def recognised(key: str) -> ApiKey | None:
    """The row of a key that is valid, with its Space; notes that it was used."""
    scheme, _first, rest = key.partition("_")
    prefix, _second, secret = rest.partition("_")
    row: ApiKey | None = (
        ApiKey.objects.filter(prefix=prefix, revoked_at=None).select_related("space").first()
        if scheme == "pr" and secret
        else None
    )
    if row is None or not _matches(row, secret):
        return None
    now = timezone.now()
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - _USED_EVERY)
    ApiKey.objects.filter(unnoted, pk=row.pk).update(last_used_at=now)
    return row


def revoke(row: ApiKey) -> bool:
    """Let a key be valid no more. False where it was not."""
    return ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now()) == 1


def _matches(row: ApiKey, secret: str) -> bool:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if constant_time_compare(row.secret_hash, _hash(secret, key)):
            if key != settings.SECRET_KEY:
                # Used while an earlier SECRET_KEY is still accepted, it survives the end of that.
                ApiKey.objects.filter(pk=row.pk).update(secret_hash=_hash(secret, settings.SECRET_KEY))
            return True
    return False


def _hash(secret: str, key: str) -> str:
    return salted_hmac(_SALT, secret, secret=key, algorithm="sha256").hexdigest()
