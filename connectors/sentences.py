"""What people read about dunning: one sentence per reason and per event, in their language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.dunning.reasons import Reason, Why
from connectors.models import CaseEventKind, DunningCaseEvent

REASONS: dict[Reason, str | Promise] = {
    Reason.FEATURE_OFF: _("The feature Dunning is not activated in this Space."),
    Reason.PAID: _("The invoice is paid."),
    Reason.INVOICE_CANCELED: _("The invoice is canceled."),
    Reason.BELOW_MINIMUM: _(
        "Only %(open)s %(currency)s are open; the flow “%(flow)s” duns from %(minimum)s %(currency)s."
    ),
    Reason.NO_FLOW: _("No active dunning flow fits this invoice, and its connector names none."),
    Reason.OTHER_CURRENCY: _("There is no dunning flow for invoices in %(currency)s."),
    Reason.FLOW_INACTIVE: _("The dunning flow “%(flow)s” is not active."),
    Reason.FLOW_WITHOUT_LEVELS: _("The dunning flow “%(flow)s” has no levels."),
    Reason.TEXT_MISSING: _("The level “%(level)s” has no text in any language."),
    Reason.SUSPENDED_UNTIL: _("The case is suspended until %(day)s."),
    Reason.SUSPENDED: _("The case is suspended until somebody resumes it."),
    Reason.CANCELED: _("Dunning was canceled for this invoice."),
    Reason.DERECOGNIZED: _("The invoice was written off."),
    Reason.LAST_LEVEL_REACHED: _("The last level, “%(level)s”, was issued already."),
    Reason.NOT_DUE_UNTIL: _("The level “%(level)s” is due on %(day)s."),
    Reason.LAST_NOTICE_WAITS: _("The customer does not have the last notice, %(number)s, yet: it waits to leave."),
    Reason.LAST_NOTICE_FAILED: _(
        "The customer does not have the last notice, %(number)s: it could not leave. %(problem)s"
    ),
    Reason.LAST_NOTICE_CANCELED: _(
        "The customer does not have the last notice, %(number)s: somebody canceled it. Print it again or withdraw it."
    ),
    Reason.LAST_NOTICE_NOT_SENT: _(
        "The customer does not have the last notice, %(number)s: nothing was sent of it. Print it again or withdraw it."
    ),
    Reason.TASK_OPEN: _("The task of the last level, %(number)s, is not done yet."),
    Reason.PRINTING_OFF: _(
        "The level “%(level)s” prints a letter, but the feature Printing is not activated in this Space."
    ),
    Reason.NO_EMAIL_ADDRESS: _("The level “%(level)s” is sent by e-mail, but the customer has no e-mail address."),
}

EVENTS: dict[CaseEventKind, str | Promise] = {
    CaseEventKind.OPENED: _("The case was opened with the flow “%(flow)s”."),
    CaseEventKind.NOTICE_ISSUED: _("%(level)s: notice %(number)s over %(total)s %(currency)s was issued."),
    CaseEventKind.INFORMED: _("Notice %(number)s has left: the days until the next level count from here."),
    CaseEventKind.TASK_DONE: _("The task %(number)s is done."),
    CaseEventKind.SUSPENDED: _("The case was suspended."),
    CaseEventKind.SUSPENDED_UNTIL: _("The case was suspended until %(day)s."),
    CaseEventKind.RESUMED: _("The case goes on."),
    CaseEventKind.CANCELED: _("Dunning was canceled."),
    CaseEventKind.INVOICE_CANCELED: _("The invoice was canceled, and dunning with it."),
    CaseEventKind.WRITTEN_OFF: _("The invoice was written off."),
    CaseEventKind.FAILED: _("The term of the last level has passed without success."),
    CaseEventKind.PAID: _("The invoice is paid."),
    CaseEventKind.REOPENED: _("The payment was taken back: the case goes on."),
    CaseEventKind.WITHDRAWN: _("Notice %(number)s was withdrawn before it left."),
    CaseEventKind.ALREADY_LEFT: _("Notice %(number)s had left already."),
}

_DAYS = frozenset({"day"})
_AMOUNTS = frozenset({"open", "minimum", "total"})


def why_not(why: Why) -> str:
    """Why an invoice is not dunned, in the reader's language."""
    return _filled_in(REASONS[why.reason], why.params).strip()


def stored_why_not(reason: str, params: Mapping[str, str]) -> str:
    """The same of a stored code; the code itself where this version does not know it any more."""
    return why_not(Why(Reason(reason), params)) if reason in set(Reason) else reason


def what_happened(event: DunningCaseEvent) -> str:
    """A line of a case's history, in the reader's language."""
    if event.kind not in CaseEventKind.values:
        return event.kind
    return _filled_in(EVENTS[CaseEventKind(event.kind)], event.params)


def _filled_in(template: str | Promise, params: Mapping[str, Any]) -> str:
    # Stored with the words that the sentence had then; a dash where today's has a word more.
    return str(template) % defaultdict(lambda: "–", {name: _readable(name, value) for name, value in params.items()})


def _readable(name: str, value: Any) -> Any:
    if name in _DAYS:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if name in _AMOUNTS:
        return number_format(Decimal(value), use_l10n=True, force_grouping=True)
    return value
