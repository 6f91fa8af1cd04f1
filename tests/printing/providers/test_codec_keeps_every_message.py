"""What is encoded is decoded as the same; what is no message raises CodecError and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from printing.providers.ipp.codec import CodecError, decode, encode
from printing.providers.ipp.values import (
    MAX_DEPTH,
    MAX_STRING,
    Attribute,
    AttributeGroup,
    Collection,
    Data,
    Group,
    Localized,
    Message,
    RangeOfInteger,
    Resolution,
    Tag,
    Value,
)
from tests.generated import examples

INTEGERS = st.integers(-(2**31), 2**31 - 1)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,40}", fullmatch=True)
ZONES = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-13 * 60, 14 * 60))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 100_000 * 100_000)
)


def _text(limit: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=limit // 4)


SIMPLE = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), INTEGERS),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.just(Tag.RANGE_OF_INTEGER), st.builds(RangeOfInteger, INTEGERS, INTEGERS)),
    st.builds(Value, st.just(Tag.RESOLUTION), st.builds(Resolution, INTEGERS, INTEGERS, st.sampled_from([3, 4]))),
    st.builds(Value, st.just(Tag.DATE_TIME), MOMENTS),
    st.builds(Value, st.sampled_from([Tag.OCTET_STRING, 0x7F, 0x3F]), st.binary(max_size=300)),
    st.builds(
        Value,
        st.sampled_from([Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE]),
        st.builds(Localized, NAMES, _text(200)),
    ),
    st.builds(Value, st.sampled_from([0x10, 0x12, 0x13, 0x15, 0x16, 0x17])),
    *(st.builds(Value, st.just(tag), _text(limit)) for tag, limit in MAX_STRING.items()),
)


def _attributes(values: st.SearchStrategy[Value], least: int = 0) -> st.SearchStrategy[tuple[Attribute, ...]]:
    made = st.builds(Attribute, NAMES, st.lists(values, min_size=1, max_size=3).map(tuple))
    return st.lists(made, min_size=least, max_size=4).map(tuple)


VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.builds(Value, st.just(Tag.BEG_COLLECTION), st.builds(Collection, _attributes(inner))),
    max_leaves=12,
)
GROUPS = st.builds(AttributeGroup, st.sampled_from([1, 2, 4, 5, 6, 7, 8, 9, 10]), _attributes(VALUES))
MESSAGES = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    INTEGERS,
    st.lists(GROUPS, max_size=4).map(tuple),
    st.binary(max_size=50),
    st.tuples(st.integers(1, 2), st.integers(0, 2)),
)


@settings(max_examples=examples(30), deadline=None)
@given(MESSAGES)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert decode(encode(message)) == message


@settings(max_examples=examples(20), deadline=None)
@given(MESSAGES, st.data())
def test_a_message_cut_anywhere_before_its_end_is_refused(message: Message, data: st.DataObject) -> None:
    octets = encode(message)
    end_of_attributes = len(octets) - len(message.data)
    with pytest.raises(CodecError):
        decode(octets[: data.draw(st.integers(0, end_of_attributes - 1))])


@settings(max_examples=examples(150), deadline=None)
@given(st.binary(max_size=400))
@example(b"")
@example(b"\x01\x01\x00\x00\x00\x00\x00\x01")
def test_random_octets_raise_nothing_but_the_codec_error(octets: bytes) -> None:
    _decode_or_refuse(octets)


@settings(max_examples=examples(20), deadline=None)
@given(MESSAGES, st.data())
def test_a_damaged_message_raises_nothing_but_the_codec_error(message: Message, data: st.DataObject) -> None:
    octets = bytearray(encode(message))
    for _ in range(data.draw(st.integers(1, 5))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    _decode_or_refuse(bytes(octets))


def _decode_or_refuse(octets: bytes) -> None:
    try:
        decode(octets)
    except CodecError:
        return


def _nested(depth: int) -> Value:
    value = Value(Tag.INTEGER, 1)
    for _ in range(depth):
        value = Value(Tag.BEG_COLLECTION, Collection((Attribute("inner", (value,)),)))
    return value


def _one(value: Value, name: str = "x") -> Message:
    return Message(2, 1, (AttributeGroup(Group.JOB, (Attribute(name, (value,)),)),))


def test_collections_nest_as_deeply_as_the_limit_says() -> None:
    assert decode(encode(_one(_nested(MAX_DEPTH)))) == _one(_nested(MAX_DEPTH))


def test_a_collection_nested_more_deeply_is_not_written() -> None:
    with pytest.raises(CodecError):
        encode(_one(_nested(MAX_DEPTH + 1)))


def test_collections_nested_a_thousand_times_are_refused_without_exhausting_the_stack() -> None:
    begin = bytes.fromhex("3400000000") + bytes.fromhex("4a0000000178")
    with pytest.raises(CodecError):
        decode(bytes.fromhex("0101000200000001 02 34000178 0000") + begin * 1000)


@pytest.mark.parametrize(
    ("tag", "data"),
    [
        (Tag.INTEGER, 2**31),
        (Tag.INTEGER, "1"),
        (Tag.KEYWORD, "k" * 256),
        (Tag.NAME, "ü" * 128),
        (Tag.TEXT, "\ud800"),
        (Tag.DATE_TIME, datetime(2026, 1, 1)),  # noqa: DTZ001
        (Tag.RANGE_OF_INTEGER, 1),
        (Tag.BEG_COLLECTION, None),
        (Tag.NO_VALUE, 1),
        (Tag.END_COLLECTION, None),
        (Tag.MEMBER_NAME, "x"),
        (Tag.OCTET_STRING, b"x" * 0x8000),
        (0x03, b""),
    ],
)
def test_a_value_that_its_tag_cannot_carry_is_not_written(tag: int, data: Data) -> None:
    with pytest.raises(CodecError):
        encode(_one(Value(tag, data)))


@pytest.mark.parametrize("name", ["", "n" * 256])
def test_an_attribute_without_a_proper_name_is_not_written(name: str) -> None:
    with pytest.raises(CodecError):
        encode(_one(Value(Tag.INTEGER, 1), name))


HEAD = "0101 0000 00000001"


@pytest.mark.parametrize(
    ("what", "octets"),
    [
        ("a value before any attribute", "01 21 0000 0004 00000001 03"),
        ("an integer of three octets", "01 21 0001 78 0003 000001 03"),
        ("a negative length", "01 41 0001 78 ffff 03"),
        ("the end of a collection that was not begun", "01 37 0001 78 0000 03"),
        ("a collection that is not ended", "01 34 0001 78 0000 03"),
        ("a member without a value", "01 34 0001 78 0000 4a 0000 0001 61 37 0000 0000 03"),
        ("a member without a name", "01 34 0001 78 0000 21 0000 0004 00000001 37 0000 0000 03"),
        ("the reserved delimiter 0", "00 03"),
        ("no end of attributes", "01"),
    ],
)
def test_what_breaks_the_framing_is_refused(what: str, octets: str) -> None:
    with pytest.raises(CodecError):
        decode(bytes.fromhex(HEAD + octets))


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        ("31 0001 78 000b 0000000000000000000000", bytes(11)),
        ("41 0001 78 0002 ff41", "�A"),
        ("35 0001 78 0003 000561", b"\x00\x05\x61"),
        ("13 0001 78 0002 6161", None),
    ],
)
def test_a_value_that_makes_no_sense_does_not_spoil_the_others(octets: str, expected: Data) -> None:
    group = decode(bytes.fromhex(f"{HEAD} 04 {octets} 21 0001 79 0004 00000007 03")).group(Group.PRINTER)
    assert group.first("x") == expected
    assert group.number("y") == 7


def test_of_an_attribute_that_comes_twice_the_first_counts() -> None:
    twice = tuple(Attribute("f", (Value(Tag.KEYWORD, word),)) for word in ("pdf", "raster"))
    group = decode(encode(Message(0, 1, (AttributeGroup(Group.PRINTER, twice),)))).group(Group.PRINTER)
    assert group.all("f") == ("pdf",)


def test_a_date_is_written_as_the_standard_shows_it() -> None:
    moment = datetime(2026, 11, 23, 10, 11, 12, 300_000, tzinfo=timezone(-timedelta(hours=5, minutes=30)))
    octets = encode(_one(Value(Tag.DATE_TIME, moment)))
    assert bytes.fromhex("07ea 0b 17 0a 0b 0c 03 2d 05 1e") in octets
    assert decode(octets).group(Group.JOB).first("x") == moment.astimezone(UTC)


@pytest.mark.parametrize(
    "make", [lambda: Message(0x10000, 1), lambda: Message(1, 2**31), lambda: Message(1, 1, version=(256, 0))]
)
def test_a_head_out_of_range_is_not_written(make: Callable[[], Message]) -> None:
    with pytest.raises(CodecError):
        encode(make())
