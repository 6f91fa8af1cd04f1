"""Sending what waits: claimed, made, handed to the mail server, recorded; nothing is held open around the network."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from connectors import issued_kinds
from connectors.mail import smtp
from connectors.mail.messages import message_of
from connectors.mail.sentences import MAIL_BACKOFF, MAIL_BACKOFF_CAP, MailReason
from connectors.mail.smtp import NotSent
from connectors.models import IssuedDocument, MailAttempt, MailState, OutgoingMail
from printing import kinds
from printing.states import Outcome, Phase

logger = logging.getLogger(__name__)

# So long one worker has for one message: well above the time-outs of all steps of the conversation.
LEASE = timedelta(minutes=10)
# Messages of one task; what is left is taken by the next one, within a minute.
BATCH = 200


def send_due(limit: int = BATCH) -> int:
    """Send what is due, oldest first, until the mail server fails; returns how many were sent."""
    connection = get_connection()
    sent = 0
    try:
        for pk in list(OutgoingMail.objects.due().values_list("pk", flat=True)[:limit]):
            claimed = _claim(pk)
            if claimed is None:
                continue
            try:
                _deliver(connection, *claimed)
                sent += 1
            except NotSent as error:
                if error.concerns_all:
                    break
    finally:
        connection.close()
    return sent


def _claim(pk: int) -> tuple[OutgoingMail, MailAttempt] | None:
    """Take one message: a conditional UPDATE, so that of two workers one sends it. None where it is not to be sent."""
    token = uuid.uuid4()
    with transaction.atomic():
        taken = (
            OutgoingMail.objects.due()
            .filter(pk=pk)
            .order_by()
            .update(lease_token=token, lease_expires_at=timezone.now() + LEASE, attempts=F("attempts") + 1)
        )
        if taken != 1:
            return None
        mail = OutgoingMail.objects.select_related("space").get(pk=pk)
        _close_abandoned(mail)
        attempt = MailAttempt.objects.create(mail=mail, number=mail.attempts, recipient=mail.recipient)
    return mail, attempt


def _close_abandoned(mail: OutgoingMail) -> None:
    """An attempt without an outcome is a dead worker's; one that was sending may have sent."""
    for attempt in mail.attempt_set.filter(outcome=""):
        sending = attempt.phase == Phase.SENDING
        reason = MailReason.WORKER_DIED if sending else MailReason.WORKER_STOPPED
        outcome = Outcome.UNKNOWN if sending else Outcome.TRANSIENT
        MailAttempt.objects.filter(pk=attempt.pk).update(
            phase=Phase.DONE, outcome=outcome, reason=reason, finished_at=timezone.now()
        )
        if sending:
            OutgoingMail.objects.filter(pk=mail.pk).update(possible_duplicate=True)


def _deliver(connection: Any, mail: OutgoingMail, attempt: MailAttempt) -> None:
    """Make the message and hand it over. Raises NotSent, which is recorded then."""
    try:
        message = message_of(mail, *_document(mail))
        smtp.open_connection(connection)
        # Committed before the first byte leaves: whoever comes after a death knows what may have happened.
        MailAttempt.objects.filter(pk=attempt.pk).update(phase=Phase.SENDING)
        smtp.send(connection, message)
    except NotSent as error:
        logger.warning("e-mail %s: %s: %s", mail.key, error.reason, error.detail)
        _record_failure(mail, attempt, error)
        raise
    with transaction.atomic():
        _close(attempt, Outcome.ACCEPTED)
        moved = _own(mail).change_state(MailState.SENT, sent_at=timezone.now(), reason="", **_RELEASED)
        if not moved:
            # We were stopped for longer than the lease, and another worker has taken it for unsent.
            OutgoingMail.objects.filter(pk=mail.pk).update(possible_duplicate=True)


def _document(mail: OutgoingMail) -> tuple[IssuedDocument, bytes]:
    document = issued_kinds.document_of(mail.document_kind, mail.source_id)
    if document is None:
        raise NotSent(Outcome.PERMANENT, MailReason.DOCUMENT_GONE, f"{mail.document_kind} {mail.source_id}")
    try:
        return document, issued_kinds.pdf_of(document)
    except kinds.NotYet as error:
        raise NotSent(Outcome.TRANSIENT, MailReason.NEWER_COPY, str(error)) from error
    except kinds.RenderingFailed as error:
        raise NotSent(Outcome.PERMANENT, MailReason.RENDERING_FAILED, str(error)) from error


_RELEASED: dict[str, Any] = {"lease_token": None, "lease_expires_at": None}


def _own(mail: OutgoingMail) -> Any:
    """The row, as long as it is ours."""
    return OutgoingMail.objects.filter(pk=mail.pk, lease_token=mail.lease_token)


def _close(attempt: MailAttempt, outcome: Outcome, reason: str = "", detail: str = "") -> None:
    MailAttempt.objects.filter(pk=attempt.pk, outcome="").update(
        phase=Phase.DONE, outcome=outcome, reason=reason, detail=detail[:500], finished_at=timezone.now()
    )


@transaction.atomic
def _record_failure(mail: OutgoingMail, attempt: MailAttempt, error: NotSent) -> None:
    _close(attempt, error.outcome, error.reason, error.detail)
    if error.outcome == Outcome.PERMANENT or mail.exhausted:
        _own(mail).change_state(MailState.FAILED, reason=error.reason, **_RELEASED)
        return
    fields = {"possible_duplicate": True} if error.outcome == Outcome.UNKNOWN else {}
    tries = mail.attempts - mail.attempts_before_round
    wait = min(MAIL_BACKOFF * 2 ** (tries - 1), MAIL_BACKOFF_CAP)
    _own(mail).update(reason=error.reason, next_try_at=timezone.now() + wait, **fields, **_RELEASED)
