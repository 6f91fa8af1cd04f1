"""What a level says: names in braces are filled in, and unknown ones are refused when the text is saved."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from connectors.dunning.texts import PLACEHOLDERS, filled_in, unknown_placeholders
from connectors.models.dunning_flow import validate_placeholders


def test_every_placeholder_is_filled_in() -> None:
    text = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    assert filled_in(text, PLACEHOLDERS) == " ".join(PLACEHOLDERS.values())


def test_a_brace_in_a_name_is_no_placeholder() -> None:
    assert filled_in("{customer}: {amount}", {"customer": "{amount} GmbH", "amount": "1 €"}) == "{amount} GmbH: 1 €"


def test_a_lone_brace_stays_as_it_is() -> None:
    assert filled_in("{ and } and {}", {}) == "{ and } and {}"


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    assert unknown_placeholders("{amount} {nmuber} {nmuber} {Due}") == ["nmuber", "Due"]
    with pytest.raises(ValidationError, match=r"“\{nmuber\}” is not known here\. Known are: \{number\}, "):
        validate_placeholders("Invoice {nmuber}")
