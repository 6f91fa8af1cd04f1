"""What happened is stored as a code with the words of its sentence; the sentence may have got another word since."""

from __future__ import annotations

from connectors.models import CaseEventKind, DunningCaseEvent
from connectors.sentences import stored_why_not, what_happened


def test_a_word_that_was_not_stored_is_a_dash() -> None:
    event = DunningCaseEvent(kind=CaseEventKind.NOTICE_ISSUED, params={"number": "M2026-0001", "total": "7.50"})
    assert what_happened(event) == "–: notice M2026-0001 over 7.50 – was issued."
    assert stored_why_not("not_due_until", {"level": "Reminder"}) == "The level “Reminder” is due on –."


def test_a_code_that_is_gone_is_shown_itself() -> None:
    assert what_happened(DunningCaseEvent(kind="forgotten", params={"number": "1"})) == "forgotten"
    assert stored_why_not("forgotten", {}) == "forgotten"
