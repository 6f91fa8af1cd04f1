"""Each wrong field of an order gets a sentence that names it; nothing half-written remains."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from connectors.order_errors import MAX_PROBLEMS, OrderRefused
from connectors.order_json import MAX_ORDER_BYTES, RawOrder, parse
from connectors.order_schema import MAX_LINES
from tests.connectors.factories import customer_json, line_json, order_json


def problems(content: bytes | Any) -> list[str]:
    """The sentences for an order, as bytes or as what JSON is made of."""
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    with pytest.raises(OrderRefused) as refused:
        parse(RawOrder(content))
    return refused.value.problems


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"currency": "XX"}, 'currency: must be a currency code of three letters, like EUR or CHF (got "XX")'),
        ({"external_id": 5}, "external_id: must be text in quotes (got 5)"),
        ({"external_id": "  "}, "external_id: must not be empty"),
        ({"external_id": "x" * 101}, f'external_id: may have 100 characters at most (got "{"x" * 39}…)'),
        ({"number": "a\0b"}, "number: contains the control character U+0000"),
        ({"number": "a\nb"}, "number: contains the control character U+000A"),
        ({"note": "\ud800"}, 'note: contains a character that is none (got "\\ud800")'),
        ({"total": 5}, "total: is not a field that is known here (got 5)"),
        (
            {"placed_at": "2026-01-31T10:00:00"},
            'placed_at: must name its time zone, as in 2026-01-31T10:00:00+01:00 (got "2026-01-31T10:00:00")',
        ),
        (
            {"paid_at": "yesterday"},
            'paid_at: must be a date and time like 2026-01-31T10:00:00+01:00 (got "yesterday")',
        ),
        ({"placed_at": 176985}, "placed_at: must be a date and time like 2026-01-31T10:00:00+01:00 (got 176985)"),
        ({"placed_at": "0001-01-01T00:00:00+14:00"}, None),
        ({"prices_include_tax": "yes"}, 'prices_include_tax: must be true or false (got "yes")'),
        ({"customer": None}, "customer: must be an object (got null)"),
        (
            {"customer": customer_json(country="ZZ")},
            'customer.country: must be a country code of two letters, like DE or CH (got "ZZ")',
        ),
        ({"customer": customer_json(country="Germany")}, None),
        ({"customer": customer_json(company="")}, "customer: must have a company or a name"),
        ({"customer": customer_json(email="nobody")}, 'customer.email: must be an e-mail address (got "nobody")'),
        ({"customer": customer_json(language="German!")}, None),
        ({"delivery_address": {"name": "Lager", "country": "DE"}}, "delivery_address.city: is missing"),
        ({"lines": []}, "lines: must have at least one line"),
        ({"lines": {}}, "lines: must be a list (got {…})"),
        ({"lines": [5]}, "lines[0]: must be an object (got 5)"),
        ({"lines": [line_json(), line_json(quantity=-1)]}, "lines[1].quantity: must be greater than 0 (got -1)"),
        ({"lines": [line_json(quantity=0)]}, "lines[0].quantity: must be greater than 0 (got 0)"),
        ({"lines": [line_json(quantity="0.0001")]}, 'lines[0].quantity: may have 3 decimals at most (got "0.0001")'),
        ({"lines": [line_json(quantity=True)]}, "lines[0].quantity: must be a number (got true)"),
        ({"lines": [line_json(quantity="1,5")]}, 'lines[0].quantity: must be a number (got "1,5")'),
        ({"lines": [line_json(unit_price=-0.01)]}, "lines[0].unit_price: must not be less than 0 (got -0.01)"),
        ({"lines": [line_json(unit_price=10**11)]}, f"lines[0].unit_price: must be less than {10**10} (got {10**11})"),
        ({"lines": [line_json(unit_price="9" * 50)]}, None),
        ({"lines": [line_json(tax_rate=101)]}, "lines[0].tax_rate: must not be greater than 100 (got 101)"),
        ({"lines": [line_json(description="")]}, "lines[0].description: must not be empty"),
        ({"lines": [line_json(discount={})]}, "lines[0].discount: must have either “percent” or “amount”"),
        ({"discount": {"percent": 5, "amount": 5}}, "discount: must have either “percent” or “amount”"),
        ({"shipping": {"amount": "4.90"}}, "shipping.tax_rate: is missing"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_must_be(changes: dict[str, Any], sentence: str | None) -> None:
    found = problems(order_json(**changes))
    assert len(found) == 1
    assert sentence is None or found == [sentence]


def test_all_that_is_missing_is_named_at_once() -> None:
    missing = ["external_id", "currency", "placed_at", "customer", "lines"]
    assert problems({}) == [f"{field}: is missing" for field in missing]


def test_many_problems_are_cut_short() -> None:
    found = problems(order_json(lines=[{}] * 100))
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1] == f"and {400 - MAX_PROBLEMS} more problems"


def test_ten_thousand_lines_are_taken_and_one_more_is_not() -> None:
    order = parse(RawOrder(json.dumps(order_json(MAX_LINES)).encode()))
    assert len(order.lines) == MAX_LINES
    assert problems(order_json(MAX_LINES + 1)) == ["lines: may have 10,000 lines at most, these are 10001"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"a": 1,\n  b}', "This is not JSON (line 2, column 3): Expecting property name enclosed in double quotes."),
        (b"", "This is not JSON (line 1, column 1): Expecting value."),
        (b'{"note": "a\xff"}', "This is not UTF-8: byte 0xFF at position 12 does not belong there."),
        (b'{"number": "1", "number": "2"}', 'The field "number" stands twice in the same object.'),
        (b'{"lines": [NaN]}', "NaN is not a number in JSON."),
        (b"[" * 100_000, "This JSON is nested too deeply for an order."),
        (b"[]", "the order: must be an object (got […])"),
        (b"5", "the order: must be an object (got 5)"),
        (b"null", "the order: must be an object (got null)"),
    ],
)
def test_what_is_not_an_order_at_all_is_told_where(content: bytes, sentence: str) -> None:
    assert problems(content) == [sentence]


def test_an_order_that_is_too_large_is_refused() -> None:
    with pytest.raises(OrderRefused, match="16 MB at most"):
        parse(RawOrder(b"{", too_large=True))
    assert MAX_ORDER_BYTES == 16_000_000


def test_a_number_of_thousands_of_digits_is_refused_and_cut_short() -> None:
    content = json.dumps(order_json(lines=[line_json(quantity=0)])).replace(
        '"quantity": 0', f'"quantity": {"9" * 5000}'
    )
    assert problems(content.encode()) == [f"lines[0].quantity: must be less than 10000000000 (got {'9' * 40}…)"]
    tiny = content.replace("9" * 5000, "1e-999999")
    assert problems(tiny.encode()) == ["lines[0].quantity: may have 3 decimals at most (got 1E-999999)"]


def test_what_is_shown_of_the_input_cannot_steer_a_terminal() -> None:
    assert problems(order_json(currency="\x1b[31m")) == [
        'currency: must be a currency code of three letters, like EUR or CHF (got "\\u001b[31m")'
    ]
    assert problems(order_json(**{"\x1b]0;x": 1})) == ['"\\u001b]0;x": is not a field that is known here (got 1)']
    assert problems(order_json(**{"\ud800": 1}))


def test_numbers_may_be_written_as_text_and_keep_every_digit() -> None:
    order = parse(RawOrder(b"\xef\xbb\xbf" + json.dumps(order_json(lines=[line_json(unit_price="0.1")])).encode()))
    assert str(order.lines[0].unit_price) == "0.1"
    zero = parse(RawOrder(json.dumps(order_json(lines=[line_json(unit_price="-0")])).encode()))
    assert str(zero.lines[0].unit_price) == "0"


def test_unicode_is_taken_as_it_is() -> None:
    name = "Größe 👟 日本語 עברית"
    order = parse(RawOrder(json.dumps(order_json(lines=[line_json(description=name)])).encode()))
    assert order.lines[0].description == name


def test_the_sentences_are_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert problems(order_json(lines=[line_json(quantity=-1)])) == [
            "lines[0].quantity: muss größer als 0 sein (erhalten: -1)"
        ]


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@given(st.sampled_from(sorted(order_json())), _values)
def test_whatever_stands_in_a_field_is_taken_or_refused_with_a_sentence(field: str, value: Any) -> None:
    found = []
    try:
        parse(RawOrder(json.dumps(order_json(**{field: value})).encode()))
    except OrderRefused as refused:
        found = refused.problems
    assert all(problem.isprintable() and problem for problem in found)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_refused_with_a_sentence(content: bytes) -> None:
    assert problems(content)
