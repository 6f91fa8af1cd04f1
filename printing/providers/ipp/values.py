"""The vocabulary of IPP: tags, groups, and Python values for the values of attributes (RFC 8010 section 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TypeAlias


class CodecError(ValueError):
    """The octets are no IPP message, or the values cannot be written as one."""


class Group(IntEnum):
    """Delimiter tags, RFC 8010 section 3.5.1 and the PWG registry; every value below 0x10 but 0x03 begins a group."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05
    SUBSCRIPTION = 0x06
    EVENT_NOTIFICATION = 0x07
    RESOURCE = 0x08
    DOCUMENT = 0x09
    SYSTEM = 0x0A


class Tag(IntEnum):
    """Value tags, RFC 8010 section 3.5.2, and of RFC 3380 the last three out-of-band ones."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    NOT_SETTABLE = 0x15
    DELETE_ATTRIBUTE = 0x16
    ADMIN_DEFINE = 0x17
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTET_STRING = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE_OF_INTEGER = 0x33
    BEG_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_MEDIA_TYPE = 0x49
    MEMBER_NAME = 0x4A


OUT_OF_BAND = range(0x10, 0x20)
MAX_DEPTH = 16  # collections within collections; media-col needs two
MAX_LENGTH = 0x7FFF  # octets of a value: SIGNED-SHORT, RFC 8010 section 3.2
MAX_NAME = 255  # octets of an attribute's name
MAX_STRING: dict[int, int] = {  # octets, RFC 8011 section 5.1
    Tag.TEXT: 1023,
    Tag.NAME: 255,
    Tag.KEYWORD: 255,
    Tag.URI: 1023,
    Tag.URI_SCHEME: 63,
    Tag.CHARSET: 63,
    Tag.NATURAL_LANGUAGE: 63,
    Tag.MIME_MEDIA_TYPE: 255,
}


@dataclass(frozen=True, slots=True)
class RangeOfInteger:
    """Both ends included."""

    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots per unit across and along the feed; ``units`` 3 is per inch, 4 per centimetre."""

    cross_feed: int
    feed: int
    units: int


@dataclass(frozen=True, slots=True)
class Localized:
    """A text or name with its own natural language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """The members of a collection, in order, RFC 8010 section 3.1.6."""

    members: tuple[Attribute, ...]

    def first(self, name: str) -> Data:
        """The first value of a member; None when it is absent or out of band."""
        return _first(self.members, name)


Data: TypeAlias = "int | bool | str | bytes | datetime | RangeOfInteger | Resolution | Localized | Collection | None"


@dataclass(frozen=True, slots=True)
class Value:
    """One value and the tag it travels under. Out-of-band values, and only they, have None for data."""

    tag: int
    data: Data = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name with one or more values (1setOf)."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AttributeGroup:
    """The attributes between two delimiter tags. A name may come twice: some printers do that."""

    tag: int
    attributes: tuple[Attribute, ...] = ()

    def first(self, name: str) -> Data:
        """The first value of the first attribute of that name; None when it is absent or out of band."""
        return _first(self.attributes, name)

    def all(self, name: str) -> tuple[Data, ...]:
        """All values of the *first* attribute of that name, without out-of-band ones.

        ippeveprinter reports ``document-format-supported`` twice, and the second lacks what was configured.
        """
        for attribute in self.attributes:
            if attribute.name == name:
                return tuple(value.data for value in attribute.values if value.data is not None)
        return ()

    def text(self, name: str) -> str:
        """The first value as text, without its language; empty when it is absent or no text."""
        data = self.first(name)
        if isinstance(data, Localized):
            return data.text
        return data if isinstance(data, str) else ""

    def number(self, name: str) -> int | None:
        """The first value as a number; None when it is absent or no number."""
        data = self.first(name)
        return data if isinstance(data, int) and not isinstance(data, bool) else None


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: ``code`` is an operation id in the one and a status code in the other."""

    code: int
    request_id: int
    groups: tuple[AttributeGroup, ...] = ()
    data: bytes = field(default=b"", repr=False)
    version: tuple[int, int] = (1, 1)

    def group(self, tag: int) -> AttributeGroup:
        """The first group of that tag; an empty one when there is none."""
        return next(self.all_groups(tag), AttributeGroup(tag))

    def all_groups(self, tag: int) -> Iterator[AttributeGroup]:
        """The groups of that tag: one per job in an answer to Get-Jobs."""
        return (group for group in self.groups if group.tag == tag)


def _first(attributes: tuple[Attribute, ...], name: str) -> Data:
    for attribute in attributes:
        if attribute.name == name:
            return attribute.values[0].data
    return None
