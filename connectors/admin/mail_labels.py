"""E-mails as pages show them: coloured labels, and the table on the page of a document."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from connectors.models import MailState, OutgoingMail
from printing import display

_TONES = {
    MailState.PENDING: "wait",
    MailState.SENT: "good",
    MailState.FAILED: "bad",
    MailState.CANCELED: "plain",
}


def mail_tags(mail: OutgoingMail) -> SafeString:
    """The state, and what it does not say: that the message may have arrived twice, or came back."""
    tags = [display.tag(mail.get_state_display(), _TONES[MailState(mail.state)])]
    if mail.bounced_at:
        tags.append(display.tag(gettext("came back"), "bad"))
    if mail.possible_duplicate:
        tags.append(display.tag(gettext("may have been sent twice"), "warn"))
    return format_html_join(" ", "{}", ((one,) for one in tags))


def mail_rows(found: list[OutgoingMail]) -> list[tuple[OutgoingMail, SafeString]]:
    """The e-mails of a document with their labels."""
    return [(mail, mail_tags(mail)) for mail in found]
