"""Why an overdue invoice is not dunned: codes with parameters.  ``connectors.sentences`` has the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """A reason against a notice today."""

    FEATURE_OFF = "feature_off"
    # The claim
    PAID = "paid"
    INVOICE_CANCELED = "invoice_canceled"
    DERECOGNIZED = "derecognized"
    BELOW_MINIMUM = "below_minimum"  # open, minimum, currency
    # The flow
    NO_FLOW = "no_flow"
    OTHER_CURRENCY = "other_currency"  # currency
    FLOW_INACTIVE = "flow_inactive"  # flow
    FLOW_WITHOUT_LEVELS = "flow_without_levels"  # flow
    TEXT_MISSING = "text_missing"  # level
    # The case
    SUSPENDED_UNTIL = "suspended_until"  # day
    SUSPENDED = "suspended"
    CANCELED = "canceled"
    LAST_LEVEL_REACHED = "last_level_reached"  # level
    NOT_DUE_UNTIL = "not_due_until"  # level, day
    # The notice before, of which the customer does not know yet
    LAST_NOTICE_WAITS = "last_notice_waits"  # number
    LAST_NOTICE_FAILED = "last_notice_failed"  # number, problem
    LAST_NOTICE_CANCELED = "last_notice_canceled"  # number
    LAST_NOTICE_NOT_SENT = "last_notice_not_sent"  # number
    TASK_OPEN = "task_open"  # number
    # The way to the customer
    PRINTING_OFF = "printing_off"  # level
    NO_EMAIL_ADDRESS = "no_email_address"  # level


@dataclass(frozen=True, slots=True)
class Why:
    """One reason; the parameters are text, days in ISO 8601, amounts with a point."""

    reason: Reason
    params: Mapping[str, str] = field(default_factory=dict)
