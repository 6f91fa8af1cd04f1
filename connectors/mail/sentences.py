"""Why an e-mail was not sent, as codes, and the sentence of each; constants of sending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_MAIL_ATTEMPTS: Final = 16
# The wait after the first failure; doubled each time, up to the cap. All of them together are about a day and a half.
MAIL_BACKOFF: Final = timedelta(minutes=1)
MAIL_BACKOFF_CAP: Final = timedelta(hours=4)


class MailReason(StrEnum):
    """Codes of what went wrong."""

    NO_ADDRESS = "no_address"
    NO_MAIL_SERVER = "no_mail_server"
    SERVER_UNREACHABLE = "server_unreachable"
    SERVER_REFUSES_US = "server_refuses_us"
    TRY_LATER = "try_later"
    RECIPIENT_REFUSED = "recipient_refused"
    MESSAGE_REFUSED = "message_refused"
    NO_ANSWER = "no_answer"
    WORKER_STOPPED = "worker_stopped"
    WORKER_DIED = "worker_died"
    DOCUMENT_GONE = "document_gone"
    RENDERING_FAILED = "rendering_failed"
    NEWER_COPY = "newer_copy"


MAIL_SENTENCES: Final[Mapping[MailReason, str | Promise]] = {
    MailReason.NO_ADDRESS: _("The order names no e-mail address of the customer. Enter one and send it again."),
    MailReason.NO_MAIL_SERVER: _(
        "This installation has no mail server. Your administrator sets one up; then send it again."
    ),
    MailReason.SERVER_UNREACHABLE: _("The mail server cannot be reached. It is tried again by itself."),
    MailReason.SERVER_REFUSES_US: _(
        "The mail server does not let this installation send. Your administrator finds the cause in the log. It is "
        "tried again by itself."
    ),
    MailReason.TRY_LATER: _("The mail server asks us to try again later, which happens by itself."),
    MailReason.RECIPIENT_REFUSED: _(
        "The mail server does not take e-mail for this address. Correct it and send it again."
    ),
    MailReason.MESSAGE_REFUSED: _(
        "The mail server refused the message. Your administrator finds its words in the log."
    ),
    MailReason.NO_ANSWER: _("The mail server took the message but did not answer. The customer may have it."),
    MailReason.WORKER_STOPPED: _("Our worker stopped before anything was sent."),
    MailReason.WORKER_DIED: _("Our worker died while sending. The customer may have it."),
    MailReason.DOCUMENT_GONE: _("What was to be sent no longer exists."),
    MailReason.NEWER_COPY: _(
        "The document was issued by a newer Pressroom. Your administrator updates this installation; then it is sent "
        "by itself."
    ),
    MailReason.RENDERING_FAILED: _("The document could not be made. Your administrator finds the cause in the log."),
}


def mail_sentence(reason: str) -> str:
    """The sentence of a stored reason code; the code itself where this version does not know it any more."""
    try:
        return str(MAIL_SENTENCES[MailReason(reason)])
    except ValueError:
        return reason
