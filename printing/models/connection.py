"""Connections: an account at a print service, shared by the printers behind it, and what the service calls us with."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from printing.fields import EncryptedJSONField
from printing.provider_choices import provider_choices
from printing.sentences import sentence
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


def new_hook_key() -> str:
    return secrets.token_urlsafe(24)


class Connection(SpaceOwned):
    """How a Space reaches a print service: one key or token, however many printers stand behind it.

    A token that can be used once must not be kept twice, so two printers of one account share this row.
    """

    provider = models.CharField(_("print service"), max_length=32, choices=provider_choices)
    # What the service calls the account.
    name = models.CharField(_("account"), max_length=200, blank=True)
    credentials = EncryptedJSONField(_("connection"), default=dict)
    # Stands in the address of the webhook: not to be guessed, though the call has to prove itself besides.
    hook_key = models.CharField(max_length=40, unique=True, default=new_hook_key, editable=False)
    # Who renews the token just now, and until when nobody else tries.
    renewal_token = models.UUIDField(null=True, editable=False)
    renewal_expires_at = models.DateTimeField(null=True, editable=False)
    reconnect_needed_at = models.DateTimeField(null=True, editable=False)
    # Asked which printers are online; answered; and why not, when the last question had no answer.
    checked_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    check_reason = models.CharField(max_length=40, blank=True, editable=False)
    check_params = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = SpaceOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["pk"]
        # The question of the health check: who was asked longest ago.
        indexes = [models.Index(fields=["checked_at"], name="connection_to_check")]

    def __str__(self) -> str:
        return self.name or self.provider

    @property
    def check_sentence(self) -> str:
        """Why the service did not answer when it was asked last; empty when it did."""
        return sentence(self.check_reason, self.check_params) if self.check_reason else ""


class WebhookEvent(models.Model):
    """An event a service has told us of; the same one may come again and then changes nothing."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="events")
    uid = models.CharField(max_length=100)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "uid"], name="webhook_event_once")]

    def __str__(self) -> str:
        return self.uid


class RequestPace(models.Model):
    """When the next request of an account may leave: a service's rate limit, shared by all workers."""

    account = models.CharField(max_length=100, unique=True)
    # Seconds since the epoch, as a number: added to and compared in one UPDATE on every database.
    next_at = models.FloatField(default=0)

    def __str__(self) -> str:
        return self.account
