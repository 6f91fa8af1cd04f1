"""The name of a job: readable for people, never too long, and always with its key."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from printing.providers.ipp.attributes import job_name

KEYS = st.from_regex(r"[0-9a-f]{32}(-[0-9]{1,3})?", fullmatch=True)


@given(st.text(), KEYS)
@example("ä" * 300, "0" * 32)
@example("日本" * 200, "0" * 32)
@example("\ud800 lone surrogate", "0" * 32)
def test_it_is_short_enough_and_ends_with_the_key(title: str, key: str) -> None:
    name = job_name(title, key)
    assert len(name.encode()) <= 255
    assert name.endswith(f"[{key}]")
    assert name.isprintable()


def test_a_short_title_stands_before_the_key_as_it_is() -> None:
    assert job_name("Rechnung 2026-0001 für Müller", "a1b2") == "Rechnung 2026-0001 für Müller [a1b2]"


def test_a_long_title_is_cut_between_characters() -> None:
    name = job_name("ü" * 200, "a1b2")
    assert name == f"{'ü' * 124} [a1b2]"


def test_line_breaks_become_blanks() -> None:
    assert job_name("one\r\ntwo", "a1b2") == "one  two [a1b2]"


def test_without_a_title_the_key_is_the_name() -> None:
    assert job_name(" \n", "a1b2") == "[a1b2]"
