"""Journals, keys and folders as the reader takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture import journal, reader
from tests.torture.ledger import Evidence, Sold
from tests.torture.printers import folder_arrivals, key_in

KEY = "0123456789abcdef" * 2


def test_a_writers_word_about_an_order_is_the_last_one(tmp_path: Path) -> None:
    notes = journal.Journal(tmp_path / "writers")
    for number in ("1", "2", "3"):
        notes.note("begins", order=number, documents=2, lane="folder", began=1.0)
    notes.note("committed", order="1", documents=2, lane="folder", began=1.0)
    notes.note("rolled_back", order="2", documents=2, lane="folder", began=1.0)
    first, second, third = reader.sold(tmp_path)
    assert (first.number, first.documents, first.end, first.began) == ("1", 2, "committed", 1.0)
    assert first.ended > first.began
    assert (second.end, third.end) == ("rolled_back", "unknown")
    assert isinstance(third, Sold)


def test_a_line_that_a_death_cut_off_is_none(tmp_path: Path) -> None:
    path = tmp_path / "writers"
    journal.Journal(path).note("begins", order="1")
    path.write_text(path.read_text() + '{"what": "commi')
    assert [entry["what"] for entry in journal.read(path)] == ["begins"]
    assert list(journal.read(tmp_path / "nobody")) == []


def test_what_the_merchant_did_is_read(tmp_path: Path) -> None:
    notes = journal.Journal(tmp_path / "merchant")
    notes.note("cancels", key="a")
    notes.note("reprinted", keys=["b", "c"], began=1.0)
    evidence = Evidence()
    reader.read_merchant(tmp_path, evidence)
    assert evidence.canceled == {"a"}
    assert {key: began for key, (began, _ended) in evidence.reprinted.items()} == {"b": 1.0, "c": 1.0}


@pytest.mark.parametrize("text", [KEY, f"{KEY}-3", f"Invoice 2026-0001 [{KEY}-1]", f"invoice-1--{KEY}"])
def test_a_key_is_found_in_what_a_service_was_told(text: str) -> None:
    assert key_in(text) == KEY


@pytest.mark.parametrize("text", ["", "Invoice 2026-0001"])
def test_a_document_without_a_key_has_none(text: str) -> None:
    assert key_in(text) == ""


def test_paper_in_a_folder_is_in_the_order_in_which_it_appeared(tmp_path: Path) -> None:
    # The first one was begun last: the moment in its name is that.
    for name in (f"20260102T-b--{KEY}", f"20260101T-a--{KEY[::-1]}-1"):
        (tmp_path / f"{name}.pdf.tmp").write_bytes(name.encode())
        (tmp_path / f"{name}.pdf.tmp").rename(tmp_path / f"{name}.pdf")
    assert [one.key for one in folder_arrivals(tmp_path)] == [KEY, KEY[::-1]]
