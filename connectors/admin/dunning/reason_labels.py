"""The reasons against a notice in two or three words each, to group and to filter by."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.dunning.reasons import Reason

LABELS: dict[Reason, str | Promise] = {
    Reason.FEATURE_OFF: _("Dunning not activated"),
    Reason.PAID: _("paid"),
    Reason.INVOICE_CANCELED: _("invoice canceled"),
    Reason.DERECOGNIZED: _("written off"),
    Reason.BELOW_MINIMUM: _("amount too small"),
    Reason.NO_FLOW: _("no flow fits"),
    Reason.OTHER_CURRENCY: _("other currency"),
    Reason.FLOW_INACTIVE: _("flow inactive"),
    Reason.FLOW_WITHOUT_LEVELS: _("flow without levels"),
    Reason.TEXT_MISSING: _("text missing"),
    Reason.SUSPENDED_UNTIL: _("suspended until a day"),
    Reason.SUSPENDED: _("suspended"),
    Reason.CANCELED: _("dunning canceled"),
    Reason.LAST_LEVEL_REACHED: _("last level issued"),
    Reason.NOT_DUE_UNTIL: _("not due yet"),
    Reason.LAST_NOTICE_WAITS: _("last notice waits to leave"),
    Reason.LAST_NOTICE_FAILED: _("last notice could not leave"),
    Reason.LAST_NOTICE_CANCELED: _("last notice was canceled"),
    Reason.LAST_NOTICE_NOT_SENT: _("last notice was not sent"),
    Reason.TASK_OPEN: _("task not done"),
    Reason.PRINTING_OFF: _("Printing not activated"),
    Reason.NO_EMAIL_ADDRESS: _("no e-mail address"),
}
