"""What the pages take from the code is all there, in the reader's language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.functional import Promise
from django.utils.translation import override

from config.documentation import order_fields, units, values
from config.documentation.advice import ADVICE, EXAMPLES, GROUPS, MEANINGS_OF_OUTCOMES, MEANINGS_OF_STATES
from printing import constants
from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.sentences import sentence
from printing.states import PAPER_LABELS, ConfigurationState, JobState, Outcome, UnknownRule
from tests.documentation.reader import read


def _upper_case_names() -> set[str]:
    return {name for name in vars(constants) if name.isupper()} - {"MEANINGS"}


def test_every_constant_has_a_meaning() -> None:
    assert set(constants.MEANINGS) == _upper_case_names()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_of_constants_names_every_constant_and_its_meaning(client: Client, language: str) -> None:
    text = read(client, "/doc/api/types/constants/", language).text
    with override(language):
        for name, meaning in constants.MEANINGS.items():
            assert name in text
            assert " ".join(units.readable(name, getattr(constants, name)).split()) in text
            assert str(meaning) in text


def test_the_retention_time_is_told_in_both_languages(client: Client) -> None:
    assert constants.PRINT_JOB_RETENTION.days == 14
    english = read(client, "/doc/api/types/constants/").text
    assert "print job retention time" in english
    assert "14 days" in english
    assert "Nobody can change them" in english
    german = read(client, "/doc/api/types/constants/", "de").text
    assert "Druckauftrag-Aufbewahrungszeit" in german
    assert "14 Tage" in german
    assert "Niemand kann sie ändern" in german


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_of_states_names_them_all(client: Client, language: str) -> None:
    text = read(client, "/doc/api/types/states/", language).text
    with override(language):
        for state in (*JobState, *Outcome, *ConfigurationState, *UnknownRule):
            assert state.name in text
            assert str(state.label) in text
        for paper, label in PAPER_LABELS.items():
            assert paper.name in text
            assert str(label) in text


def test_every_state_and_outcome_has_a_meaning() -> None:
    # As pairs: members of different enumerations may have the same value.
    expected = {(type(state), state) for kind in (JobState, PaperState, ConfigurationState) for state in kind}
    assert {(type(state), state) for state in MEANINGS_OF_STATES} == expected
    assert set(MEANINGS_OF_OUTCOMES) == set(Outcome)


def test_every_reason_has_advice_and_stands_in_one_group() -> None:
    assert set(ADVICE) == set(Reason)
    grouped = [reason for group in GROUPS.values() for reason in group]
    assert sorted(grouped) == sorted(Reason)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("reason", list(Reason))
def test_the_troubleshooting_page_has_every_sentence(client: Client, reason: Reason, language: str) -> None:
    text = read(client, "/doc/printing/troubleshooting/", language).text
    with override(language):
        assert " ".join(sentence(reason, EXAMPLES).split()) in text
        assert str(ADVICE[reason]) in text


@pytest.mark.parametrize("name", order_fields.MODELS)
def test_every_field_of_an_order_has_a_meaning(client: Client, name: str) -> None:
    fields = set(order_fields.MODELS[name].model_fields)
    assert set(order_fields.MEANINGS[name]) == fields
    text = read(client, "/doc/connectors/orders/").text
    assert all(field in text for field in fields)


def test_the_example_of_the_order_format_is_an_order() -> None:
    import json
    import re
    from decimal import Decimal

    from config.documentation import pages
    from connectors.order_schema import OrderInput

    for language in pages.LANGUAGES:
        text = pages.source("connectors/orders", language).read_text()
        match = re.search(r"```json\n(.*?)```", text, re.DOTALL)
        assert match
        order = OrderInput.model_validate(json.loads(match[1], parse_float=Decimal))
        assert order.number == "4711"


def test_waits_are_those_of_the_lane() -> None:
    waits = values.waits()
    assert len(waits) == constants.MAX_ATTEMPTS - 1
    assert waits[1] == waits[0] * 2
    assert waits[-1] == constants.LANE_BACKOFF_CAP


@pytest.mark.parametrize(
    ("name", "value", "english", "german"),
    [
        ("PRINT_JOB_RETENTION", timedelta(days=14), "14 days", "14 Tage"),
        ("X", timedelta(seconds=90), "1 minute and 30 seconds", "1 Minute und 30 Sekunden"),
        ("X", timedelta(0), "0 seconds", "0 Sekunden"),
        ("X_SECONDS", 0.25, "0.25 seconds", "0,25 Sekunden"),
        ("X_BYTES", 50_000_000, "50 MB", "50 MB"),
        ("X", 0.2, "20%", "20\N{NO-BREAK SPACE}%"),
        ("X", 5000, "5,000", "5.000"),
    ],
)
def test_numbers_are_written_as_people_read_them(name: str, value: object, english: str, german: str) -> None:
    with override("en"):
        assert units.readable(name, value) == english
    with override("de"):
        assert units.readable(name, value) == german


@pytest.mark.parametrize(
    "text",
    ["{{ constant:NOTHING }}", "{{ constant:MEANINGS }}", "{{ setting:SECRET_KEY }}", "{{ table:a }}", "{{ a:b }}"],
)
def test_a_placeholder_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(values.PlaceholderError):
        values.fill_in(text)


def test_meanings_are_translated_when_they_are_read() -> None:
    assert all(isinstance(meaning, Promise) for meaning in constants.MEANINGS.values())
