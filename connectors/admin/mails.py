"""Sales > E-mails: what went out to customers, what did not, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors import issued_kinds
from connectors.admin import labels
from connectors.admin.base import ReadPage, first_found
from connectors.admin.mail_labels import mail_tags
from connectors.models import MailAttempt, MailState, OutgoingMail
from connectors.services import mails
from printing import display
from printing.admin.job_list import JobChangeList
from printing.admin.job_page import OUTCOME_TONES
from printing.states import Outcome, Phase
from spaces.models import Role

ATTEMPTS_SHOWN = 50


class MailKindFilter(admin.SimpleListFilter):
    title = _("document")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, kind.label) for key, kind in issued_kinds.KINDS.items() if kind.part == "whole"]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        return queryset.filter(document_kind=self.value()) if self.value() else queryset


class MailMarkFilter(admin.SimpleListFilter):
    """What the state does not say: that a message may have arrived twice, or came back."""

    title = _("mark")
    parameter_name = "mark"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("twice", _("may have been sent twice")), ("back", _("came back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        if self.value() == "twice":
            return queryset.filter(possible_duplicate=True)
        return queryset.filter(bounced_at__isnull=False) if self.value() == "back" else queryset


class MailButtons:
    """What a person can do with an e-mail, each by POST."""

    def send_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        mail: OutgoingMail = page.operated(request, object_id)
        done = gettext("The e-mail is sent again.")
        return self._act(request, mail, lambda: mails.send_again(mail, request.POST.get("recipient")), done)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        mail: OutgoingMail = page.operated(request, object_id)
        return self._act(request, mail, lambda: mails.cancel(mail), gettext("The e-mail is withdrawn."))

    def returned_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        mail: OutgoingMail = page.operated(request, object_id)
        done = gettext("It is noted that the e-mail came back: it informed nobody.")
        return self._act(request, mail, lambda: mails.note_bounce(mail, request.POST.get("note", "")), done)

    def _act(self, request: HttpRequest, mail: OutgoingMail, act: Callable[[], None], done: str) -> HttpResponse:
        page: Any = self
        try:
            act()
        except mails.NotPossible as refused:
            messages.error(request, str(refused))
        else:
            page.note(request, mail, done)
            messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:connectors_outgoingmail_change", args=[mail.pk]))


@admin.register(OutgoingMail)
class OutgoingMailAdmin(MailButtons, ReadPage):
    """Written by what happens; people send again, withdraw, and note what came back."""

    add_roles: ClassVar[frozenset[Role]] = frozenset()
    page_template = "admin/connectors/mail.html"
    list_display = ["title", "state_tag", "recipient", "order_number", "attempts", "next_try", "why"]
    list_display_links = ["title"]
    list_filter: ClassVar[list[Any]] = ["state", MailKindFilter, MailMarkFilter]
    search_fields = ["order_number"]  # what is searched is decided by get_search_results
    search_help_text = _("Order number, recipient or document")
    actions = None
    nothing_yet = _("E-mails to customers, with their documents attached, stand here as soon as there are any.")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return JobChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutgoingMail], search_term: str
    ) -> tuple[QuerySet[OutgoingMail], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = first_found(
            queryset.filter(order_number=term),
            queryset.filter(recipient__icontains=term),
            queryset.filter(title__icontains=term),
        )
        return found, False

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"send-again": self.send_again_view, "withdraw": self.withdraw_view, "returned": self.returned_view}

    @admin.display(description=_("state"))
    def state_tag(self, mail: OutgoingMail) -> SafeString:
        return mail_tags(mail)

    @admin.display(description=_("next try"))
    def next_try(self, mail: OutgoingMail) -> str:
        return _next_try(mail)

    @admin.display(description=_("why"))
    def why(self, mail: OutgoingMail) -> str:
        return mail.reason_sentence or mail.bounce_note or "–"

    def page_context(self, request: HttpRequest, row: OutgoingMail) -> dict[str, Any]:
        may = self.has_operate_permission(request)
        attempts = list(row.attempt_set.order_by("-number")[: ATTEMPTS_SHOWN + 1])
        return {
            "mail": row,
            "tags": mail_tags(row),
            "document_link": _document_link(row),
            "facts": _facts(row),
            "attempts": [(attempt, _outcome(attempt)) for attempt in attempts[:ATTEMPTS_SHOWN]],
            "more_attempts": len(attempts) > ATTEMPTS_SHOWN,
            "may_send_again": may and row.state == MailState.FAILED,
            "may_withdraw": may and row.state == MailState.PENDING,
            "may_note": may and row.state == MailState.SENT and row.bounced_at is None,
        }


def _facts(mail: OutgoingMail) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (gettext("Recipient"), mail.recipient or "–"),
        (gettext("Attempts"), mail.attempts),
        (gettext("Created"), labels.moment(mail.created_at)),
    ]
    if mail.created_by:
        facts.append((gettext("Created by"), mail.created_by.get_username()))
    if mail.state == MailState.PENDING:
        facts.append((gettext("Next try"), _next_try(mail)))
    if mail.sent_at:
        facts.append((gettext("Sent"), labels.moment(mail.sent_at)))
    if mail.bounced_at:
        facts.append((gettext("Came back"), labels.moment(mail.bounced_at)))
    return facts


def _next_try(mail: OutgoingMail) -> str:
    if mail.state != MailState.PENDING:
        return "–"
    now = timezone.now()
    if mail.lease_expires_at is not None and mail.lease_expires_at > now:
        return gettext("being sent")
    return labels.moment(mail.next_try_at) if mail.next_try_at and mail.next_try_at > now else gettext("now")


def _document_link(mail: OutgoingMail) -> str:
    kind = issued_kinds.KINDS.get(mail.document_kind)
    if kind is None:
        return ""
    return reverse(f"admin:connectors_{kind.model._meta.model_name}_change", args=[mail.source_id])


def _outcome(attempt: MailAttempt) -> SafeString:
    if not attempt.outcome:
        return display.tag(str(Phase(attempt.phase).label), "wait")
    outcome = Outcome(attempt.outcome)
    return display.tag(str(outcome.label), OUTCOME_TONES[outcome])
