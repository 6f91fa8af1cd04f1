"""E-mails to customers, with a document attached: the truth about every one of them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from connectors.mail.sentences import MAX_MAIL_ATTEMPTS, mail_sentence
from printing.states import Outcome, Phase
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


class MailState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("e-mail", "Waiting")
    SENT = "sent", pgettext_lazy("e-mail", "Sent")
    FAILED = "failed", pgettext_lazy("e-mail", "Failed")
    CANCELED = "canceled", pgettext_lazy("e-mail", "Withdrawn")


MAIL_TRANSITIONS: dict[MailState, frozenset[MailState]] = {
    MailState.PENDING: frozenset({MailState.SENT, MailState.FAILED, MailState.CANCELED}),
    # Sent again by a person, who has put the address or the server right. Withdrawn by the business: nobody is to send
    # again what is no longer true.
    MailState.FAILED: frozenset({MailState.PENDING, MailState.CANCELED}),
    MailState.SENT: frozenset(),
    MailState.CANCELED: frozenset(),
}


class OutgoingMailQuerySet(SpaceOwnedQuerySet["OutgoingMail"]):
    def change_state(self, to: MailState, **fields: Any) -> int:
        """Move the e-mails that may come into ``to`` from where they are; returns how many did.

        The one way a state changes: a conditional UPDATE, so that of two who try only one succeeds.
        """
        before = [state for state, after in MAIL_TRANSITIONS.items() if to in after]
        fields.setdefault("finished_at", None if to == MailState.PENDING else timezone.now())
        return self.filter(state__in=before).update(state=to, version=F("version") + 1, **fields)

    def not_being_sent(self) -> OutgoingMailQuerySet:
        """Those that no living worker has in its hands just now."""
        return self.filter(Q(lease_expires_at=None) | Q(lease_expires_at__lte=timezone.now()))

    def due(self) -> OutgoingMailQuerySet:
        """Waiting, not delayed after a failure, and nobody sends them just now."""
        untried = Q(next_try_at=None) | Q(next_try_at__lte=timezone.now())
        return self.not_being_sent().filter(untried, state=MailState.PENDING).order_by("pk")


class OutgoingMail(SpaceOwned):
    """One message with one document to one customer. Created in the transaction of the event that asks for it."""

    # Becomes the Message-ID: a second copy, where there is one, is known as such by mail programs.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document_kind = models.CharField(_("document"), max_length=32)
    source_id = models.BigIntegerField(editable=False)
    title = models.CharField(_("document"), max_length=200)
    order_number = models.CharField(_("order"), max_length=64, blank=True)
    recipient = models.EmailField(_("recipient"), max_length=254, blank=True)
    # One business event, one message: the same key again is the same message.
    event_key = models.CharField(max_length=200, null=True, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=MailState.choices, default=MailState.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Attempts before a person sent it again: MAX_MAIL_ATTEMPTS counts from there.
    attempts_before_round = models.PositiveIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(_("next try"), null=True, editable=False)
    # Who sends it just now, and until when nobody else does.
    lease_token = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    possible_duplicate = models.BooleanField(_("may have been sent twice"), default=False)
    reason = models.CharField(max_length=40, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    bounced_at = models.DateTimeField(_("came back"), null=True)
    bounce_note = models.CharField(_("why it came back"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "event_key"], name="one_mail_per_event"),
            models.CheckConstraint(
                condition=Q(bounced_at=None) | Q(state=MailState.SENT),
                name="only_sent_mail_comes_back",
                violation_error_message=_("Only an e-mail that was sent can come back."),
            ),
        ]
        indexes = [
            # What is to be sent, oldest first.
            models.Index(fields=["id"], condition=Q(state=MailState.PENDING), name="mail_due"),
            # The list of a Space, newest first, with and without a state.
            models.Index(fields=["space", "-id"], name="mail_list"),
            models.Index(fields=["space", "state", "-id"], name="mail_list_by_state"),
            # The e-mails of a document, and of an order.
            models.Index(fields=["space", "document_kind", "source_id"], name="mail_by_document"),
            models.Index(fields=["space", "order_number"], name="mail_by_order"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reason_sentence(self) -> str:
        """Why it failed or waits, in the reader's language; empty when there is nothing to say."""
        return mail_sentence(self.reason) if self.reason else ""

    @property
    def exhausted(self) -> bool:
        """Whether it has had all its attempts."""
        return self.attempts - self.attempts_before_round >= MAX_MAIL_ATTEMPTS


class MailAttempt(models.Model):
    """One try to hand a message to the mail server. Written before: a worker that dies leaves it without an outcome."""

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="attempt_set", verbose_name=_("e-mail"))
    number = models.PositiveIntegerField(_("number"))
    phase = models.CharField(_("phase"), max_length=16, choices=Phase.choices, default=Phase.PREPARING)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    recipient = models.CharField(_("recipient"), max_length=254)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(_("technical detail"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt to send an e-mail")
        verbose_name_plural = _("attempts to send an e-mail")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mail", "number"], name="mail_attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.mail} #{self.number}"

    @property
    def reason_sentence(self) -> str:
        """What went wrong, in the reader's language."""
        return mail_sentence(self.reason) if self.reason else ""
