"""E-mails to customers: asked for with the business event, withdrawn, sent again, come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from connectors import issued_kinds, printing_bridge
from connectors.mail.sentences import MailReason, mail_sentence
from connectors.models import IssuedDocument, MailState, OutgoingMail
from spaces import mail as mail_server

SEND = "connectors.tasks.send_mails"
DocumentKey = tuple[str, int]


class NotPossible(Exception):
    """The e-mail is not in a state for this; the text is for the person who asked."""


@dataclass(frozen=True)
class WithdrawnMails:
    """What became of a document's e-mails: taken back before they left, or gone already."""

    canceled: int
    left: int


def enqueue(
    document: IssuedDocument,
    *,
    event_key: str | None = None,
    recipient: str | None = None,
    created_by: AbstractBaseUser | None = None,
) -> OutgoingMail:
    """Ask for a document to be e-mailed, inside the caller's transaction; it leaves after the commit, never before.

    Without ``recipient`` it goes to the address that the order named. Without an address, or a mail server, the e-mail
    is FAILED with that reason, for a person to see. The same ``event_key`` again returns the e-mail there is.
    """
    kind, pk = printing_bridge.job_key(document)
    address = (document.order.billing_party.email if recipient is None else recipient).strip()
    fields = {
        "document_kind": kind,
        "source_id": pk,
        "title": issued_kinds.title_of(document)[:200],
        "order_number": document.order.number,
        "recipient": address,
        "created_by": created_by,
        **_initial(address),
    }
    with transaction.atomic():
        if event_key is None:
            mail, created = OutgoingMail.objects.create(space=document.space, **fields), True
        else:
            mail, created = OutgoingMail.objects.get_or_create(
                space=document.space, event_key=event_key, defaults=fields
            )
        if created and mail.state == MailState.PENDING:
            wake_after_commit()
    return mail


def _obstacle(address: str) -> MailReason | None:
    if not address:
        return MailReason.NO_ADDRESS
    return None if mail_server.is_configured() else MailReason.NO_MAIL_SERVER


def _initial(address: str) -> dict[str, object]:
    obstacle = _obstacle(address)
    if obstacle is None:
        return {"state": MailState.PENDING}
    return {"state": MailState.FAILED, "reason": obstacle, "finished_at": timezone.now()}


def wake_after_commit() -> None:
    """Have a worker send once the transaction is committed; once, however many e-mails there are in it."""
    waiting = transaction.get_connection().run_on_commit
    if not any(function is _wake for _savepoints, function, _robust in waiting):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    async_task(SEND)


def cancel(mail: OutgoingMail) -> None:
    """Withdraw an e-mail that waits and is not being sent just now. Raises NotPossible."""
    waiting = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.PENDING).not_being_sent()
    if waiting.change_state(MailState.CANCELED) != 1:
        raise NotPossible(_("Only an e-mail that waits can be withdrawn; this one has left or is just being sent."))


def withdraw(document: IssuedDocument) -> WithdrawnMails:
    """Take back what has not left of a document's e-mails, in the caller's transaction.

    Failed ones too: nobody can send them again. One of which nobody knows whether it arrived counts as left.
    """
    kind, pk = printing_bridge.job_key(document)
    mails = OutgoingMail.objects.in_space(document.space).filter(document_kind=kind, source_id=pk)
    canceled = mails.not_being_sent().change_state(MailState.CANCELED)
    left = mails.filter(Q(state__in=(MailState.SENT, MailState.PENDING)) | Q(possible_duplicate=True))
    return WithdrawnMails(canceled, left.count())


@transaction.atomic
def send_again(mail: OutgoingMail, recipient: str | None = None) -> None:
    """Send a FAILED e-mail once more, to ``recipient`` where the address was wrong, with all its attempts anew.

    Raises NotPossible.
    """
    address = (mail.recipient if recipient is None else recipient).strip()
    obstacle = _obstacle(address)
    if obstacle is not None:
        raise NotPossible(mail_sentence(obstacle))
    if not mail_server.is_address(address):
        raise NotPossible(_("“%(address)s” is not an e-mail address.") % {"address": address})
    moved = OutgoingMail.objects.filter(pk=mail.pk).change_state(
        MailState.PENDING,
        recipient=address,
        attempts_before_round=F("attempts"),
        next_try_at=None,
        reason="",
    )
    if moved != 1:
        raise NotPossible(_("Only an e-mail that failed can be sent again."))
    wake_after_commit()


def note_bounce(mail: OutgoingMail, note: str) -> None:
    """Write down that a sent e-mail came back: the customer was not informed by it. Raises NotPossible."""
    sent = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.SENT, bounced_at=None)
    if sent.update(bounced_at=timezone.now(), bounce_note=note.strip()[:300], version=F("version") + 1) != 1:
        raise NotPossible(_("Only an e-mail that was sent, and has not come back yet, can be marked as come back."))


def mails_of(documents: Iterable[IssuedDocument]) -> dict[DocumentKey, list[OutgoingMail]]:
    """The e-mails of documents of one Space, by kind and primary key, oldest first; one query for all of them."""
    found: dict[DocumentKey, list[OutgoingMail]] = {}
    spaces: set[int] = set()
    for document in documents:
        found[printing_bridge.job_key(document)] = []
        spaces.add(document.space_id)
    kinds, pks = {kind for kind, _pk in found}, {pk for _kind, pk in found}
    mails = OutgoingMail.objects.filter(space__in=spaces, document_kind__in=kinds, source_id__in=pks)
    for mail in mails.order_by("pk"):
        if (key := (mail.document_kind, mail.source_id)) in found:
            found[key].append(mail)
    return found


def sent_at(documents: Iterable[IssuedDocument]) -> dict[DocumentKey, datetime]:
    """When each document first left by e-mail and did not come back; documents of which that is not so are absent."""
    return {
        key: min(moments)
        for key, mails in mails_of(documents).items()
        if (moments := [mail.sent_at for mail in mails if mail.sent_at and mail.bounced_at is None])
    }
