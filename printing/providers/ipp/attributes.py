"""The attributes we send: small makers, and the job template of a :class:`Target` (RFC 8011 section 5.2)."""

from __future__ import annotations

import re

from printing.providers.base import PaperSize, Target
from printing.providers.ipp.papers import dimensions
from printing.providers.ipp.values import Attribute, Collection, RangeOfInteger, Tag, Value

MAX_JOB_NAME = 255  # octets, RFC 8011 section 5.1.3
_KEYWORD = re.compile(r"[a-z][a-z0-9._-]*")


def attribute(tag: Tag, name: str, *data: str | int) -> Attribute:
    """An attribute whose values all travel under one tag."""
    return Attribute(name, tuple(Value(tag, item) for item in data))


def keyword(name: str, *words: str) -> Attribute:
    """Keywords, RFC 8011 section 5.1.4."""
    return attribute(Tag.KEYWORD, name, *words)


def integer(name: str, number: int) -> Attribute:
    """An integer, RFC 8011 section 5.1.5."""
    return attribute(Tag.INTEGER, name, number)


def boolean(name: str, flag: bool) -> Attribute:
    """A boolean, RFC 8011 section 5.1.21."""
    return Attribute(name, (Value(Tag.BOOLEAN, flag),))


def page_range(name: str, first: int, last: int) -> Attribute:
    """A range of pages, counted from 1, both ends included (RFC 8011 section 5.2.7)."""
    return Attribute(name, (Value(Tag.RANGE_OF_INTEGER, RangeOfInteger(first, last)),))


def collection(name: str, *members: Attribute) -> Attribute:
    """A collection, RFC 8010 section 3.1.6."""
    return Attribute(name, (Value(Tag.BEG_COLLECTION, Collection(members)),))


def job_name(title: str, key: str) -> str:
    """The name of the job: what people read, then the key by which it is found again. At most 255 octets.

    Only the title is ever shortened. Control characters are replaced, because CUPS refuses a name with one.
    """
    ending = marker(key)
    readable = "".join(char if char.isprintable() else " " for char in title).strip()
    room = MAX_JOB_NAME - len(ending.encode()) - 1
    cut = readable.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip()
    return f"{cut} {ending}" if cut else ending


def marker(key: str) -> str:
    """How the key stands in a job's name. In brackets, so that no key is found inside a longer one."""
    return f"[{key}]"


def job_template(target: Target) -> tuple[Attribute, ...]:
    """The options of the configuration, and nothing else: what is not configured stays as the printer is set."""
    found: list[Attribute] = []
    if target.copies != 1:
        found.append(integer("copies", target.copies))
    if target.sides:
        found.append(keyword("sides", target.sides.value))
    if target.color:
        found.append(keyword("print-color-mode", target.color.value))
    media = _media(target.paper, target.tray)
    if media:
        found.append(media)
    return tuple(found)


def _media(paper: PaperSize | None, tray: str) -> Attribute | None:
    """Paper and tray as one ``media-col`` (PWG 5100.7), never beside ``media``: the two exclude each other."""
    members: list[Attribute] = []
    if paper:
        width, height = (paper.width, paper.height) if paper.width and paper.height else dimensions(paper.id)
        if width and height:
            size = integer("x-dimension", width), integer("y-dimension", height)
            members.append(collection("media-size", *size))
        elif not tray:
            return _word("media", paper.id)
        else:
            members.append(_word("media-size-name", paper.id))
    if tray:
        members.append(_word("media-source", tray))
    return collection("media-col", *members) if members else None


def _word(name: str, word: str) -> Attribute:
    # Vendors name trays freely; what is no keyword by its letters was reported as a name and goes back as one.
    return attribute(Tag.KEYWORD if _KEYWORD.fullmatch(word) else Tag.NAME, name, word)
