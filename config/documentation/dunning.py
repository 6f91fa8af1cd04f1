"""The tables about dunning; meanings are written here, names and sentences come from the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.dunning.reasons import Reason, Why
from connectors.dunning.texts import PLACEHOLDERS
from connectors.models import CaseState
from connectors.models.dunning_case import CASE_TRANSITIONS
from connectors.sentences import why_not

MEANINGS_OF_CASES: Final[Mapping[CaseState, str | Promise]] = {
    CaseState.RUNNING: _("The next level is issued when it is due."),
    CaseState.SUSPENDED: _("Nothing is asked for until a day, or until somebody resumes it."),
    CaseState.CANCELED: _("Somebody ended dunning, or the invoice was canceled."),
    CaseState.DERECOGNIZED: _("The money was given up."),
    CaseState.FAILED: _("The term of the last level has passed without the money."),
    CaseState.SUCCEEDED: _("The money is there."),
}

MEANINGS_OF_PLACEHOLDERS: Final[Mapping[str, str | Promise]] = {
    "number": _("The number of the invoice."),
    "date": _("The date of the invoice."),
    "due": _("When the invoice was to be paid."),
    "open": _("What is open of the invoice."),
    "fee": _("The fee of this notice, with its tax."),
    "interest": _("The interest up to this notice."),
    "amount": _("All that is to be paid now."),
    "until": _("The new due day."),
    "customer": _("Who gets the notice: company or name."),
    "order": _("The number of the order."),
    "company": _("Your own company."),
}

_EXAMPLES: Final[Mapping[str, str]] = {
    "open": "40.00",
    "minimum": "50.00",
    "currency": "EUR",
    "flow": "Standard",
    "level": "1",
    "day": "2026-03-23",
    "number": "M2026-0001",
    "problem": "…",
}


def cases() -> list[tuple[str, str, str, str]]:
    """Name, label, meaning, and the states that a case can come into from there."""
    return [
        (
            state.name,
            str(state.label),
            str(MEANINGS_OF_CASES[state]),
            ", ".join(f"`{after.name}`" for after in CaseState if after in CASE_TRANSITIONS[state] - {state}),
        )
        for state in CaseState
    ]


def reasons() -> list[tuple[str, str]]:
    """Sentence and code of every reason against a notice."""
    return [(why_not(Why(reason, _EXAMPLES)), reason.value) for reason in Reason]


def placeholders() -> list[tuple[str, str, str]]:
    """Name in braces, meaning, example."""
    return [(f"{{{name}}}", str(MEANINGS_OF_PLACEHOLDERS[name]), example) for name, example in PLACEHOLDERS.items()]
