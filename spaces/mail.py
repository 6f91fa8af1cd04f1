"""The one door to e-mail: through the mail server of the settings, in a Space's language and time zone."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.urls import get_script_prefix
from django.utils import timezone, translation

from spaces.models import Space

NO_MAIL_SERVER = "django.core.mail.backends.dummy.EmailBackend"
# What a mail server that is down, slow or unwilling makes of it.
FAILURES = (OSError, smtplib.SMTPException)
# Replies of robots to a robot, and out-of-office notes, help nobody (RFC 3834).
AUTOMATIC: Final = {"Auto-Submitted": "auto-generated"}


def is_configured() -> bool:
    """Whether this installation has a mail server."""
    return settings.EMAIL_BACKEND != NO_MAIL_SERVER


@contextmanager
def speaking_for(space: Space) -> Iterator[None]:
    """Within it, texts are in the Space's language, and moments in its time zone."""
    with translation.override(space.language), timezone.override(space.zone):
        yield


def link(space: Space, path: str) -> str:
    """A page of a Space as a whole address for an e-mail; ``path`` as ``reverse`` gives it."""
    return f"{settings.PUBLIC_URL}/space/{space.slug}/{path.removeprefix(get_script_prefix())}"


def usable(addresses: Iterable[str]) -> list[str]:
    """Each address once; without those that are none, because of which nobody would get the message."""
    return [address for address in dict.fromkeys(addresses) if is_address(address)]


def is_address(text: str) -> bool:
    """Whether it is written like an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class NotSent(Exception):
    """The mail server did not take the message. The text names the kind of failure and no address."""


def send(subject: str, text: str, recipients: Sequence[str]) -> None:
    """Hand one message to the mail server. Raises NotSent.

    Call it outside of transactions: the server may take its time. Of several recipients it may refuse some; the others
    get it all the same, and it counts as sent.
    """
    message = EmailMessage(subject, text, to=list(recipients))
    message.extra_headers.update(AUTOMATIC)
    try:
        message.send()
    except FAILURES as error:
        raise NotSent(kind_of(error)) from None


def kind_of(error: Exception, code: int | None = None) -> str:
    """The kind and number of a mail server's error, for the log: its text contains the recipients' addresses."""
    number = getattr(error, "smtp_code", None) if code is None else code
    return f"{type(error).__name__} {number or ''}".strip()
