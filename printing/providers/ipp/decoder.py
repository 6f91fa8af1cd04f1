"""Reading IPP messages, RFC 8010 section 3.

Framing is read strictly. A single value whose content makes no sense (a date of zeros, text that is no UTF-8) is kept
as well as it can be: printers send such things, and an answer is worth more than one of its attributes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from printing.providers.ipp.values import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NAME,
    MAX_STRING,
    OUT_OF_BAND,
    Attribute,
    AttributeGroup,
    CodecError,
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


def decode(octets: bytes) -> Message:
    """Read a message. Raises CodecError when it is cut, malformed, or nested deeper than ``MAX_DEPTH``."""
    reader = _Reader(octets)
    major, minor, code, request_id = struct.unpack(">BBHi", reader.take(8))
    groups: list[AttributeGroup] = []
    while (tag := reader.octet()) != Group.END:
        if not 0 < tag < 0x10:
            raise CodecError(f"a group cannot begin with the tag {tag:#x}")
        groups.append(AttributeGroup(tag, reader.attributes()))
    return Message(code, request_id, tuple(groups), reader.rest(), (major, minor))


class _Reader:
    """Reads forward through a message and never past its end."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next octets. Raises CodecError when there are fewer."""
        taken = self._octets[self._at : self._at + count]
        if len(taken) < count:
            raise CodecError("the message is cut")
        self._at += count
        return taken

    def octet(self) -> int:
        """The next octet."""
        return self.take(1)[0]

    def rest(self) -> bytes:
        """What follows the attributes: the document."""
        return self._octets[self._at :]

    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes up to the next delimiter tag, which is left unread."""
        found: list[tuple[str, list[Value]]] = []
        while self._at < len(self._octets) and self._octets[self._at] >= 0x10:
            tag, name, octets = self._field()
            value = self._value(tag, octets, 0)
            if name:
                found.append((_text(name), [value]))
            elif found:
                # A value without a name is one more of the attribute before it: 1setOf, RFC 8010 section 3.1.5.
                found[-1][1].append(value)
            else:
                raise CodecError("the first value of a group has no name")
        return tuple(Attribute(name, tuple(values)) for name, values in found)

    def _collection(self, depth: int) -> Collection:
        """The members up to the end of this collection, RFC 8010 section 3.1.6."""
        if depth >= MAX_DEPTH:
            raise CodecError("collections are nested too deeply")
        found: list[tuple[str, list[Value]]] = []
        while True:
            tag, name, octets = self._field()
            if tag == Tag.END_COLLECTION:
                break
            if name or tag < 0x10:
                raise CodecError("a collection is not ended")
            if tag == Tag.MEMBER_NAME:
                found.append((_text(octets), []))
            elif found:
                found[-1][1].append(self._value(tag, octets, depth + 1))
            else:
                raise CodecError("the first value of a collection has no name")
        if not all(name and values for name, values in found):
            raise CodecError("a member of a collection has no name or no value")
        return Collection(tuple(Attribute(name, tuple(values)) for name, values in found))

    def _field(self) -> tuple[int, bytes, bytes]:
        tag = self.octet()
        name = self._sized()
        if len(name) > MAX_NAME:
            raise CodecError("the name of an attribute is too long")
        return tag, name, self._sized()

    def _sized(self) -> bytes:
        length = int.from_bytes(self.take(2))
        if length > MAX_LENGTH:
            raise CodecError("a length is negative")
        return self.take(length)

    def _value(self, tag: int, octets: bytes, depth: int) -> Value:
        if tag == Tag.BEG_COLLECTION:
            return Value(tag, self._collection(depth))
        if tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
            raise CodecError("part of a collection outside of one")
        if tag in OUT_OF_BAND:
            return Value(tag)
        if tag in MAX_STRING:
            return Value(tag, _text(octets))
        read = _READERS.get(tag)
        return Value(tag, read(octets) if read else octets)


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _unpack(layout: str, octets: bytes) -> tuple[int, ...]:
    try:
        return struct.unpack(layout, octets)
    except struct.error as error:
        raise CodecError("a value does not have the length of its kind") from error


def _read_integer(octets: bytes) -> Data:
    return _unpack(">i", octets)[0]


def _read_boolean(octets: bytes) -> Data:
    return _unpack(">B", octets)[0] != 0


def _read_range(octets: bytes) -> Data:
    return RangeOfInteger(*_unpack(">ii", octets))


def _read_resolution(octets: bytes) -> Data:
    return Resolution(*_unpack(">iib", octets))


def _read_localized(octets: bytes) -> Data:
    """Language and text, each behind its length; as they came where the lengths do not fit."""
    language_end = 2 + int.from_bytes(octets[:2])
    text_start = language_end + 2
    if len(octets) < text_start or len(octets) != text_start + int.from_bytes(octets[language_end:text_start]):
        return octets
    return Localized(_text(octets[2:language_end]), _text(octets[text_start:]))


def _read_date_time(octets: bytes) -> Data:
    """RFC 2579 DateAndTime; as it came where it is no date."""
    year, month, day, hour, minute, second, tenth, sign, off_hours, off_minutes = _unpack(">HBBBBBBBBB", octets)
    try:
        offset = timedelta(hours=off_hours, minutes=off_minutes)
        zone = timezone(-offset if sign == ord("-") else offset)
        return datetime(year, month, day, hour, minute, second, tenth * 100_000, zone)
    except ValueError:
        return octets


_READERS: dict[int, Callable[[bytes], Data]] = {
    Tag.INTEGER: _read_integer,
    Tag.ENUM: _read_integer,
    Tag.BOOLEAN: _read_boolean,
    Tag.RANGE_OF_INTEGER: _read_range,
    Tag.RESOLUTION: _read_resolution,
    Tag.DATE_TIME: _read_date_time,
    Tag.TEXT_WITH_LANGUAGE: _read_localized,
    Tag.NAME_WITH_LANGUAGE: _read_localized,
}
