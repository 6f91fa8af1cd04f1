"""What a printer refuses is read in the reader's words, not in its protocol's."""

from __future__ import annotations

import pytest
from django.utils import translation

from printing.option_words import OPTION_WORDS, options_in_words
from printing.sentences import sentence


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("sides=two-sided-long-edge", "printing on one or both sides (two-sided-long-edge)"),
        ("copies=200; media-source=tray-9", "number of copies (200), tray (tray-9)"),
        ("media-size=210 × 297 mm", "size of the paper (210 × 297 mm)"),
        ("output-bin", "output tray"),
        ("x-vendor-option=7", "x-vendor-option=7"),
        ("The printer's own words.", "The printer's own words."),
    ],
)
def test_each_option_has_its_word(refused: str, words: str) -> None:
    assert options_in_words(refused) == words


def test_the_sentence_is_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        text = sentence("options_refused", {"options": "media-source=tray-9; copies=200"})
    assert "Schacht (tray-9), Zahl der Exemplare (200)" in text


def test_every_word_is_translated() -> None:
    english = {name: str(word) for name, word in OPTION_WORDS.items()}
    with translation.override("de"):
        assert not [name for name, word in OPTION_WORDS.items() if str(word) == english[name]]
