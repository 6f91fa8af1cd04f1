"""One message to the mail server, and which of five outcomes it was."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage

from connectors.mail.sentences import MailReason
from printing.states import Outcome
from spaces.mail import FAILURES, kind_of


@dataclass(frozen=True)
class NotSent(Exception):
    """Why a message was not taken, or may not have been. ``detail`` is for the log and names no address."""

    outcome: Outcome
    reason: MailReason
    detail: str

    @property
    def concerns_all(self) -> bool:
        """Whether the next message would fare alike: it is the server, not the message."""
        return self.reason in {MailReason.SERVER_UNREACHABLE, MailReason.SERVER_REFUSES_US}


def open_connection(connection: Any) -> None:
    """Connect and log in, unless that was done before. Raises NotSent; nothing was sent then."""
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise _configuration(error) from None
    except smtplib.SMTPResponseException as error:
        raise (_configuration(error) if error.smtp_code >= 500 else _unreachable(error)) from None
    except FAILURES as error:
        raise _unreachable(error) from None


def send(connection: Any, message: EmailMessage) -> None:
    """Hand over one message with one recipient, by an open connection. Raises NotSent.

    A server that answers nothing may have taken the message: that is an outcome of its own (RFC 5321 section 4.5.3.2.6
    has the server answer at once, to keep the time small in which nobody knows).
    """
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        [(code, _words)] = error.recipients.values()
        raise _by_code(code, MailReason.RECIPIENT_REFUSED, error) from None
    except smtplib.SMTPSenderRefused as error:
        raise (_configuration(error) if error.smtp_code >= 500 else _by_code(error.smtp_code, None, error)) from None
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code, MailReason.MESSAGE_REFUSED, error) from None
    except FAILURES as error:
        # Django closes a connection after an error, so the next message begins with a new one.
        raise NotSent(Outcome.UNKNOWN, MailReason.NO_ANSWER, kind_of(error)) from None


def _by_code(code: int, refused: MailReason | None, error: Exception) -> NotSent:
    """Codes from 500 are for good, those from 400 for now (RFC 5321 section 4.2.1)."""
    if code >= 500 and refused is not None:
        return NotSent(Outcome.PERMANENT, refused, kind_of(error, code))
    return NotSent(Outcome.TRANSIENT, MailReason.TRY_LATER, kind_of(error, code))


def _configuration(error: smtplib.SMTPResponseException) -> NotSent:
    return NotSent(Outcome.CONFIGURATION, MailReason.SERVER_REFUSES_US, kind_of(error))


def _unreachable(error: Exception) -> NotSent:
    return NotSent(Outcome.TRANSIENT, MailReason.SERVER_UNREACHABLE, kind_of(error))
