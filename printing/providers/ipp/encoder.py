"""Writing IPP messages, RFC 8010 section 3."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import datetime, timedelta

from printing.providers.ipp.values import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NAME,
    MAX_STRING,
    OUT_OF_BAND,
    Attribute,
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


def encode(message: Message) -> bytes:
    """Write a message. Raises CodecError for a value that its tag cannot carry or that is too long."""
    try:
        out = bytearray(struct.pack(">BBHi", *message.version, message.code, message.request_id))
    except struct.error as error:
        raise CodecError("version, code or request id out of range") from error
    for group in message.groups:
        if not 0 < group.tag < 0x10 or group.tag == Group.END:
            raise CodecError(f"no group has the tag {group.tag:#x}")
        out.append(group.tag)
        for attribute in group.attributes:
            _write_attribute(out, attribute, 0)
    out.append(Group.END)
    return bytes(out) + message.data


def _write_attribute(out: bytearray, attribute: Attribute, depth: int) -> None:
    name = _utf8(attribute.name)
    if not 0 < len(name) <= MAX_NAME or not attribute.values:
        raise CodecError("an attribute needs a name of 1 to 255 octets, and a value")
    for index, value in enumerate(attribute.values):
        if depth:
            # Inside a collection the name travels as a value of its own, and value names are empty.
            if index == 0:
                _write_field(out, Tag.MEMBER_NAME, b"", name)
            _write_value(out, b"", value, depth)
        else:
            _write_value(out, b"" if index else name, value, depth)


def _write_value(out: bytearray, name: bytes, value: Value, depth: int) -> None:
    if value.tag != Tag.BEG_COLLECTION:
        _write_field(out, value.tag, name, _value_octets(value))
        return
    if not isinstance(value.data, Collection) or depth >= MAX_DEPTH:
        raise CodecError("no collection, or one that is nested too deeply")
    _write_field(out, Tag.BEG_COLLECTION, name, b"")
    for member in value.data.members:
        _write_attribute(out, member, depth + 1)
    _write_field(out, Tag.END_COLLECTION, b"", b"")


def _write_field(out: bytearray, tag: int, name: bytes, octets: bytes) -> None:
    if not 0x10 <= tag <= 0xFF or len(octets) > MAX_LENGTH:
        raise CodecError("no value tag, or a value that is too long")
    out += struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(octets)) + octets


def _value_octets(value: Value) -> bytes:
    tag, data = value.tag, value.data
    if tag in OUT_OF_BAND or tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
        if data is not None or tag not in OUT_OF_BAND:
            raise CodecError(f"a value of the tag {tag:#x} carries no data")
        return b""
    if isinstance(data, bytes):
        return data
    if isinstance(data, str) and (limit := MAX_STRING.get(tag)):
        octets = _utf8(data)
        if len(octets) > limit:
            raise CodecError(f"longer than {limit} octets")
        return octets
    try:
        return _WRITERS[tag](data)
    except (KeyError, TypeError, AttributeError, OverflowError, struct.error) as error:
        raise CodecError(f"a {type(data).__name__} cannot be written under the tag {tag:#x}") from error


def _write_integer(data: Data) -> bytes:
    return struct.pack(">i", data)


def _write_boolean(data: Data) -> bytes:
    return struct.pack(">?", data)


def _write_range(data: Data) -> bytes:
    if not isinstance(data, RangeOfInteger):
        raise TypeError
    return struct.pack(">ii", data.lower, data.upper)


def _write_resolution(data: Data) -> bytes:
    if not isinstance(data, Resolution):
        raise TypeError
    return struct.pack(">iib", data.cross_feed, data.feed, data.units)


def _write_localized(data: Data) -> bytes:
    if not isinstance(data, Localized):
        raise TypeError
    language, text = _utf8(data.language), _utf8(data.text)
    return struct.pack(">H", len(language)) + language + struct.pack(">H", len(text)) + text


def _write_date_time(data: Data) -> bytes:
    """RFC 2579 DateAndTime: 11 octets, to the tenth of a second, with the distance from UTC."""
    if not isinstance(data, datetime) or (offset := data.utcoffset()) is None:
        raise TypeError
    minutes, seconds = divmod(int(offset.total_seconds()), 60)
    if seconds:
        raise TypeError
    hours, minutes = divmod(abs(minutes), 60)
    sign = b"-" if offset < timedelta(0) else b"+"
    clock = (data.month, data.day, data.hour, data.minute, data.second, data.microsecond // 100_000)
    return struct.pack(">HBBBBBBcBB", data.year, *clock, sign, hours, minutes)


_WRITERS: dict[int, Callable[[Data], bytes]] = {
    Tag.INTEGER: _write_integer,
    Tag.ENUM: _write_integer,
    Tag.BOOLEAN: _write_boolean,
    Tag.RANGE_OF_INTEGER: _write_range,
    Tag.RESOLUTION: _write_resolution,
    Tag.DATE_TIME: _write_date_time,
    Tag.TEXT_WITH_LANGUAGE: _write_localized,
    Tag.NAME_WITH_LANGUAGE: _write_localized,
}


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise CodecError("text that UTF-8 cannot carry") from error
