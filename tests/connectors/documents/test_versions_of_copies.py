"""A kind of copies that has had three versions: a field renamed and one split, then one dropped and one added."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents.data import ADDRESS, Party
from connectors.documents.errors import DocumentError
from connectors.documents.versions import Body, Schema, within


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    first_name: str
    last_name: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Version 1 had ``amount`` and a buyer with one ``name``; version 2 had ``stamp``, and no ``currency``."""

    total: Decimal
    buyer: Buyer
    currency: str
    others: tuple[Buyer, ...] = ()


def split_name(buyer: Body) -> Body:
    first, _, last = buyer.pop("name").rpartition(" ")  # in place: what is stored must bear that
    return {**buyer, "first_name": first, "last_name": last}


def to_2(body: Body) -> Body:
    body["total"] = body.pop("amount")
    return within("others", split_name)(within("buyer", split_name)(body))


def to_3(body: Body) -> Body:
    return {"currency": "EUR", **{name: value for name, value in body.items() if name != "stamp"}}


RECEIPT = Schema("receipt", Receipt, steps=(to_2, to_3))
JANE = Buyer(first_name="Jane", last_name="Sample", country="GB")
VERSIONS: dict[int, dict[str, Any]] = {
    1: {
        "kind": "receipt",
        "version": 1,
        "amount": "11.90",
        "buyer": {"name": "Jane Sample", "country": "GB"},
        "others": [{"name": "Jane Sample", "country": "GB"}],
        "stamp": "x",
    },
    2: {
        "kind": "receipt",
        "version": 2,
        "total": "11.90",
        "buyer": {"first_name": "Jane", "last_name": "Sample", "country": "GB"},
        "others": [{"first_name": "Jane", "last_name": "Sample", "country": "GB"}],
        "stamp": "x",
    },
    3: {
        "kind": "receipt",
        "version": 3,
        "total": "11.90",
        "buyer": {"first_name": "Jane", "last_name": "Sample", "country": "GB"},
        "currency": "EUR",
        "others": [{"first_name": "Jane", "last_name": "Sample", "country": "GB"}],
    },
}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_read_as_what_it_is_today(version: int) -> None:
    assert RECEIPT.read(VERSIONS[version]) == Receipt(
        total=Decimal("11.90"), buyer=JANE, currency="EUR", others=(JANE,)
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_the_version_of_today(version: int) -> None:
    assert RECEIPT.write(RECEIPT.read(VERSIONS[version])) == VERSIONS[3]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_stored_copy_itself_stays_as_it_is(version: int) -> None:
    stored = copy.deepcopy(VERSIONS[version])
    RECEIPT.read(stored)
    assert stored == VERSIONS[version]


def test_a_field_of_an_earlier_version_is_none_of_a_later_one() -> None:
    with pytest.raises(DocumentError, match=r"“receipt” has the unknown field “stamp”.*Update this installation"):
        RECEIPT.read({**VERSIONS[3], "stamp": "x"})


def test_a_newer_copy_says_that_the_installation_has_to_be_updated() -> None:
    sentence = "written by a newer Pressroom .version 4; this one reads up to 3.. Update this installation"
    with pytest.raises(DocumentError, match=sentence):
        RECEIPT.read({**VERSIONS[3], "version": 4})


@pytest.mark.parametrize("broken", [{}, {"amount": "1", "buyer": "Jane"}, {"amount": "1", "buyer": {"name": None}}])
def test_a_copy_that_no_step_can_read_is_an_error_that_says_so(broken: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match=r"from version 1 to 2 .*not what Pressroom wrote"):
        RECEIPT.read({"kind": "receipt", "version": 1, **broken})


def test_a_step_leaves_alone_what_is_not_there() -> None:
    step = within("buyer", split_name)
    assert (step({}), step({"buyer": None})) == ({}, {"buyer": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A kind that holds another one has a version of its own, with the other one's steps inside."""

    number: str
    receipt: Receipt


def test_a_kind_that_holds_another_takes_its_steps() -> None:
    refund = Schema("refund", Refund, steps=tuple(within("receipt", step) for step in RECEIPT.steps))
    held = {name: value for name, value in VERSIONS[1].items() if name not in {"kind", "version"}}
    stored = {"kind": "refund", "version": 1, "number": "7", "receipt": held}
    assert refund.read(stored) == Refund(number="7", receipt=RECEIPT.read(VERSIONS[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    town: str


def test_a_bare_kind_without_a_version_is_the_first() -> None:
    place = Schema("place", Place, steps=(lambda body: {"town": body["city"]},), bare=True)
    assert place.read({"city": "Bern"}) == place.read(place.write(Place(town="Bern"))) == Place(town="Bern")
    assert place.write(Place(town="Bern")) == {"kind": "place", "version": 2, "town": "Bern"}


def test_addresses_of_orders_are_stored_as_they_always_were() -> None:
    stored = ADDRESS.write(Party(city="Bern", country="CH"))
    assert stored.keys() == {
        "company",
        "name",
        "extra",
        "street",
        "postal_code",
        "city",
        "country",
        "email",
        "vat_number",
    }
    assert ADDRESS.read({"city": "Bern", "country": "CH"}) == Party(city="Bern", country="CH")


def test_an_invoice_is_no_address() -> None:
    with pytest.raises(DocumentError, match="kind “address”"):
        ADDRESS.read({"kind": "invoice", "version": 1})
