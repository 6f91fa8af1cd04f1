"""The frozen copy of a document survives the way into a JSON column and back."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.documents.data import InvoiceData, PackingSlipData
from connectors.documents.errors import DocumentError
from tests.connectors.documents.samples import invoice, packing_slip
from tests.generated import examples

LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=30),
    bool: st.booleans(),
    int: st.integers(),
    date: st.dates(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a field of the copies by its annotation."""
    if hint in LEAVES:
        return LEAVES[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return st.builds(hint, **{name: anything(inner) for name, inner in get_type_hints(hint).items()})
    arguments = get_args(hint)
    if get_origin(hint) is Literal:
        return st.sampled_from(arguments)
    if get_origin(hint) is tuple:
        return st.lists(anything(arguments[0]), max_size=3).map(tuple)
    return st.none() | anything(arguments[0])


@settings(max_examples=examples(30), deadline=None)
@given(anything(InvoiceData))
def test_an_invoice_comes_back_equal(data: InvoiceData) -> None:
    back = InvoiceData.from_json(json.loads(json.dumps(data.to_json())))
    assert back == data
    assert repr(back) == repr(data)  # 1.50 stays 1.50: equal decimals may be written differently


@settings(max_examples=examples(30), deadline=None)
@given(anything(PackingSlipData))
def test_a_packing_slip_comes_back_equal(data: PackingSlipData) -> None:
    assert PackingSlipData.from_json(json.loads(json.dumps(data.to_json()))) == data


def test_decimals_are_strings_and_dates_are_iso() -> None:
    stored = invoice().to_json()
    assert (stored["kind"], stored["version"]) == ("invoice", 1)
    assert stored["issue_date"] == "2025-11-24"
    assert stored["lines"][3]["quantity"] == "12.5"
    assert stored["gross"] == "1814.52"


def test_fields_younger_than_the_copy_get_their_default() -> None:
    stored = invoice().to_json()
    del stored["tax_note"], stored["sender"]["logo_sha256"]
    assert InvoiceData.from_json(stored) == invoice()


def changed(*path: Any, to: Any) -> dict[str, Any]:
    stored = invoice().to_json()
    *way, last = path
    inner: Any = stored
    for step in way:
        inner = inner[step]
    inner[last] = to
    return stored


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (changed("kind", to="letter"), "not the stored copy"),
        (changed("version", to=2), "newer Pressroom .version 2; this one reads up to 1.\\. Update this installation"),
        (changed("version", to=0), "says version 0, which there never was"),
        (changed("version", to=True), "says version True, which there never was"),
        (changed("version", to="1"), "says version .1., which there never was"),
        (changed("colour", to="red"), "unknown field “colour”"),
        (changed("sender", "colour", to="red"), "“invoice.sender” has the unknown field “colour”"),
        (changed("number", to=7), "“invoice.number” must be of the type str"),
        (changed("paid", to=1), "“invoice.paid” must be of the type bool"),
        (changed("payment_days", to=True), "“invoice.payment_days” must be of the type int"),
        (changed("net", to=1.5), "“invoice.net” is no number"),
        (changed("net", to="NaN"), "“invoice.net” is no number"),
        (changed("net", to="abc"), "“invoice.net” is no number"),
        (changed("issue_date", to="24.11.2025"), "“invoice.issue_date” is no date"),
        (changed("language", to="fr"), "“invoice.language” must be one of de, en"),
        (changed("lines", to={}), "“invoice.lines” must be a list"),
        (changed("lines", 2, "tax_rate", to=None), r"“invoice.lines\[2\].tax_rate” is no number"),
        (changed("lines", 2, to="x"), r"“invoice.lines\[2\]” must be an object"),
        ({"kind": "invoice", "version": 1}, "lacks the field"),
    ],
)
def test_what_is_no_invoice_is_refused_with_its_place(stored: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence):
        InvoiceData.from_json(stored)


@pytest.mark.parametrize("stored", [None, [], "x", packing_slip().to_json()])
def test_what_is_something_else_altogether_is_refused(stored: Any) -> None:
    with pytest.raises(DocumentError, match="not the stored copy"):
        InvoiceData.from_json(stored)
