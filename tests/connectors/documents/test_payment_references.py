"""A payment finds its invoice by its reference: made once, checked by its digits, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents.errors import DocumentError
from connectors.documents.references import grouped, normalised, qr_reference, scor_reference, source_of

KEYS = st.integers(min_value=1, max_value=10**10 - 1)


def test_references_are_those_of_the_standards() -> None:
    # The examples of the guidelines (SIX, QR-bill) and of ISO 11649.
    assert normalised("21 00000 00003 13947 14300 09017") == "210000000003139471430009017"
    assert normalised("RF18 5390 0754 7034") == "RF18539007547034"
    assert scor_reference("539007547034") == "RF18539007547034"


@given(KEYS, KEYS)
def test_a_qr_reference_leads_back_to_space_and_invoice(space_pk: int, invoice_pk: int) -> None:
    reference = qr_reference(space_pk, invoice_pk)
    assert len(reference) == 27
    assert reference.isdecimal()
    assert source_of(reference) == (space_pk, invoice_pk)
    # Banks group the digits and lose the zeros before them.
    assert source_of(grouped(reference)) == (space_pk, invoice_pk)
    assert normalised(reference.lstrip("0")) == reference


@given(KEYS, KEYS, st.integers(min_value=0, max_value=26), st.integers(min_value=1, max_value=9))
def test_a_wrong_digit_is_noticed(space_pk: int, invoice_pk: int, place: int, shift: int) -> None:
    reference = qr_reference(space_pk, invoice_pk)
    wrong = str((int(reference[place]) + shift) % 10)
    assert normalised(reference[:place] + wrong + reference[place + 1 :]) == ""


@pytest.mark.parametrize("number", ["2026-0001", "RE/2026.17", "re 17", "A" * 21])
def test_a_creditor_reference_holds_the_number(number: str) -> None:
    reference = scor_reference(number)
    assert normalised(grouped(reference).lower()) == reference
    assert reference[4:] == "".join(char for char in number.upper() if char.isalnum())


@pytest.mark.parametrize("number", ["", "--", "A" * 22, "Größe-1", "①"])
def test_a_number_that_does_not_fit_has_no_creditor_reference(number: str) -> None:
    with pytest.raises(DocumentError, match="cannot be in a creditor reference"):
        scor_reference(number)


@pytest.mark.parametrize("keys", [(0, 1), (1, 0), (-1, 5), (10**10, 1), (1, 10**16)])
def test_keys_that_do_not_fit_have_no_qr_reference(keys: tuple[int, int]) -> None:
    with pytest.raises(DocumentError, match="no QR reference"):
        qr_reference(*keys)


@pytest.mark.parametrize("text", ["", " ", "2026-0001", "RF00 2026", "0" * 27, "1" * 30, "Rechnung 17"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert normalised(text) == ""
    assert source_of(text) is None
    assert grouped(text) == text


def test_a_creditor_reference_names_no_rows() -> None:
    assert source_of(scor_reference("2026-0001")) is None
