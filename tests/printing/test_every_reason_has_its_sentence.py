"""What the merchant reads: every reason has one sentence, and an unknown code does no harm."""

from __future__ import annotations

import re

import pytest

from printing.providers.errors import Reason
from printing.sentences import SENTENCES, sentence


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence_that_ends_like_one(reason: Reason) -> None:
    text = str(SENTENCES[reason])
    assert re.search(r"[.”)s]$", text.strip())
    assert text[0].isupper() or text[0] in "“%"


def test_parameters_stand_in_the_sentence() -> None:
    assert "office-printer" in sentence("unreachable", {"host": "office-printer"})


def test_a_code_of_another_version_is_shown_as_it_is() -> None:
    assert sentence("from_the_future", {}) == "from_the_future"


def test_a_missing_parameter_does_not_break_the_page() -> None:
    assert sentence("unreachable", {})
