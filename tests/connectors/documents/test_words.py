"""Both languages say everything."""

from __future__ import annotations

import re

import pytest

from connectors.documents.errors import DocumentError
from connectors.documents.words import WORDS, words

PLACES = [(language, country) for language in WORDS for country in ("DE", "AT", "CH", "LI", "GB")]


def test_all_languages_have_the_same_words() -> None:
    german, english = WORDS["de"], WORDS["en"]
    assert german.keys() == english.keys()
    assert all(text.strip() for text in (*german.values(), *english.values()))


@pytest.mark.parametrize(("language", "country"), PLACES)
def test_a_word_has_the_same_placeholders_everywhere(language: str, country: str) -> None:
    for key, text in words(language, country).items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", WORDS["en"][key]), key


def test_a_country_changes_words_but_adds_none() -> None:
    assert all(words(*place).keys() == WORDS["en"].keys() for place in PLACES)
    assert words("de", "CH")["tax"] == "MWST"
    assert words("de", "DE")["tax"] == "USt."


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(DocumentError, match="“xx”"):
        words("xx", "DE")
