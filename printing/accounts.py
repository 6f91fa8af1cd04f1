"""Asking a print service with the credentials of a connection, renewed first where they run out.

A token that renews others works once. Of the workers that find it run out one renews it, by a claim on the
connection's row, and commits the new one before anybody uses it; the others wait for that. No transaction is open while
the service is asked.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from printing.constants import RENEWAL_LEASE
from printing.fields import Unreadable
from printing.models import Connection
from printing.provider_context import provider_for
from printing.providers.base import Credentials, OAuthProvider, Provider
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    ProviderError,
    Reason,
    TokenExpired,
    Transient,
)
from printing.providers.secrecy import hide, secrets_of

logger = logging.getLogger(__name__)

# Seconds a worker waits for another one's renewal, and between two looks at it.
RENEWAL_WAIT = 15.0
RENEWAL_LOOK = 0.2

Result = TypeVar("Result")
Operation = Callable[[Provider, Credentials], Result]


def call(connection: Connection, operation: Operation[Result]) -> Result:
    """What ``operation`` returns when it is given the provider and credentials that work.

    Raises ProviderError; RECONNECT_NEEDED where the access cannot be renewed any more without a person,
    CREDENTIALS_UNREADABLE where the key is gone under which they were saved.
    """
    provider = provider_for(connection.provider)
    if not isinstance(provider, OAuthProvider):
        return ask(provider, _readable(connection), operation)
    credentials = _usable(connection, provider)
    try:
        return ask(provider, credentials, operation)
    except TokenExpired:
        # It ended before its time, or our clock is wrong: nothing was done, so once more with a new one.
        credentials = _renewed(connection, provider, credentials)
    try:
        return ask(provider, credentials, operation)
    except TokenExpired as error:
        _needs_person(connection, credentials)
        raise ConfigurationProblem(Reason.RECONNECT_NEEDED, detail="a new token is refused too") from error


def ask(provider: Provider, credentials: Credentials, operation: Operation[Result]) -> Result:
    """What ``operation`` returns. Raises ProviderError; whatever a service says in one, it quotes no secret of ours."""
    try:
        return operation(provider, credentials)
    except ProviderError as error:
        hide(error, secrets_of(provider, credentials))
        raise


def _readable(connection: Connection) -> Credentials:
    """The credentials. Raises ConfigurationProblem CREDENTIALS_UNREADABLE where their key was taken out."""
    if isinstance(connection.credentials, Unreadable):
        raise ConfigurationProblem(Reason.CREDENTIALS_UNREADABLE, detail="no key decrypts it")
    credentials: Credentials = connection.credentials
    return credentials


def _usable(connection: Connection, provider: OAuthProvider) -> Credentials:
    fresh = Connection.objects.get(pk=connection.pk)
    if fresh.reconnect_needed_at is not None:
        raise ConfigurationProblem(Reason.RECONNECT_NEEDED)
    credentials = _readable(fresh)
    if provider.needs_refresh(credentials, datetime.now(UTC)):
        return _renewed(connection, provider, credentials)
    return credentials


def _renewed(connection: Connection, provider: OAuthProvider, used: Credentials) -> Credentials:
    """Other credentials than those ``used``: renewed by us, or by who was faster."""
    until = time.monotonic() + RENEWAL_WAIT
    pause = threading.Event()  # never set: waiting on it is a wait that could be ended
    while True:
        token = uuid.uuid4()
        now = timezone.now()
        claimed = Connection.objects.filter(
            Q(renewal_expires_at=None) | Q(renewal_expires_at__lte=now), pk=connection.pk, reconnect_needed_at=None
        ).update(renewal_token=token, renewal_expires_at=now + RENEWAL_LEASE)
        fresh = Connection.objects.get(pk=connection.pk)
        if claimed:
            # Read after the claim: a renewal that ended just before it has left new ones.
            if fresh.credentials != used:
                _release(connection, token)
                return fresh.credentials  # type: ignore[no-any-return]
            return _renew(connection, provider, used, token)
        if fresh.reconnect_needed_at is not None:
            raise ConfigurationProblem(Reason.RECONNECT_NEEDED)
        if fresh.credentials != used:
            return fresh.credentials  # type: ignore[no-any-return]
        if time.monotonic() >= until:
            raise Transient(Reason.ACCESS_EXPIRED, detail="another worker still renews the token")
        pause.wait(RENEWAL_LOOK)


def _renew(connection: Connection, provider: OAuthProvider, used: Credentials, token: uuid.UUID) -> Credentials:
    try:
        new = ask(provider, used, lambda _provider, credentials: provider.refresh(credentials))
    except (OutcomeUnknown, ConfigurationProblem) as error:
        # The answer is lost and the old token perhaps spent, or it is refused: asking again can only do harm.
        logger.warning("connection %s: the access cannot be renewed: %s", connection.pk, error)
        _needs_person(connection, used)
        _release(connection, token)
        raise ConfigurationProblem(Reason.RECONNECT_NEEDED, detail=str(error)) from error
    except ProviderError:
        _release(connection, token)
        raise
    saved = Connection.objects.filter(pk=connection.pk, renewal_token=token).update(
        credentials=new, renewal_token=None, renewal_expires_at=None, reconnect_needed_at=None
    )
    # Otherwise a person has connected again meanwhile, and what they brought counts.
    return new if saved else Connection.objects.get(pk=connection.pk).credentials


def _release(connection: Connection, token: uuid.UUID) -> None:
    Connection.objects.filter(pk=connection.pk, renewal_token=token).update(renewal_token=None, renewal_expires_at=None)


def _needs_person(connection: Connection, used: Credentials) -> None:
    """Only while they are still the ones that failed: a person may have connected again meanwhile."""
    current = Connection.objects.get(pk=connection.pk)
    if current.credentials == used:
        Connection.objects.filter(pk=connection.pk, reconnect_needed_at=None).update(reconnect_needed_at=timezone.now())
