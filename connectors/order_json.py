"""Orders out of bytes: one object over many lines, or JSON lines; every problem with the place where it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, Final, NoReturn

from django.utils.translation import gettext as _
from pydantic import ValidationError

from connectors.order_errors import OrderRefused, refusal, shown
from connectors.order_schema import OrderInput

MAX_ORDER_BYTES: Final = 16_000_000
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class RawOrder:
    """The bytes of one order; ``line`` is where it stands among JSON lines, None where it is the whole file."""

    content: bytes
    line: int | None = None
    too_large: bool = False


def parse(raw: RawOrder) -> OrderInput:
    """Read one order. Raises OrderRefused."""
    if raw.too_large:
        raise OrderRefused([_("An order may have %(limit)s MB at most.") % {"limit": MAX_ORDER_BYTES // 1_000_000}])
    value = _loads(raw.content, whole_file=raw.line is None)
    try:
        return OrderInput.model_validate(value)
    except ValidationError as error:
        raise refusal(error) from error


def _loads(content: bytes, *, whole_file: bool) -> Any:
    try:
        text = content.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        message = _("This is not UTF-8: byte %(byte)s at position %(position)s does not belong there.")
        raise OrderRefused(
            [message % {"byte": f"0x{content[error.start]:02X}", "position": error.start + 1}]
        ) from error
    try:
        # Decimals as they are written: a float would turn 0.1 into something else. Integers too, of any length.
        return json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_twins
        )
    except json.JSONDecodeError as error:
        # JSON lines have their line's number already.
        place = _("line %(line)s, column %(column)s") if whole_file else _("column %(column)s")
        place %= {"line": error.lineno, "column": error.colno}
        raise OrderRefused(
            [_("This is not JSON (%(place)s): %(problem)s.") % {"place": place, "problem": error.msg}]
        ) from error
    except RecursionError as error:
        raise OrderRefused([_("This JSON is nested too deeply for an order.")]) from error


def _no_constant(name: str) -> NoReturn:
    raise OrderRefused([_("%(name)s is not a number in JSON.") % {"name": name}])


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a field twice: which of the two is meant?"""
    result = dict(pairs)
    if len(result) != len(pairs):
        twin = Counter(name for name, _value in pairs).most_common(1)[0][0]
        raise OrderRefused([_("The field %(name)s stands twice in the same object.") % {"name": shown(twin)}])
    return result


def read_orders(stream: BinaryIO) -> Iterator[RawOrder]:
    """Split a stream into orders, without waiting for its end where the orders stand on lines of their own.

    A first line that is a JSON value by itself, or is none but is followed by lines that are, begins JSON lines;
    otherwise the whole stream is one object.
    """
    collected: list[RawOrder] = []
    size = 0
    for raw in (lines := _lines(stream)):
        collected.append(raw)
        size += len(raw.content)
        first = len(collected) == 1
        a_list = collected[0].content.removeprefix(_BOM).lstrip().startswith(b"[")
        if raw.too_large or size > MAX_ORDER_BYTES or (not a_list and _stands_alone(raw, first=first)):
            yield from collected
            yield from lines
            return
    if collected:
        yield RawOrder(b"".join(raw.content for raw in _with_blank_lines(collected)))


def _lines(stream: BinaryIO) -> Iterator[RawOrder]:
    """The lines that are not blank, each bounded: of a longer one only its beginning is kept."""
    number = 0
    while content := stream.readline(MAX_ORDER_BYTES + 1):
        number += 1
        too_large = len(content) > MAX_ORDER_BYTES
        rest = content
        while too_large and rest and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_ORDER_BYTES)
        if content.removeprefix(_BOM).strip():
            yield RawOrder(content[:100] if too_large else content, number, too_large)


def _with_blank_lines(collected: list[RawOrder]) -> Iterator[RawOrder]:
    """Put blank lines back, so that the parser counts lines as the file does."""
    expected = 1
    for raw in collected:
        assert raw.line is not None
        yield RawOrder(b"\n" * (raw.line - expected) + raw.content)
        expected = raw.line + 1


def _stands_alone(raw: RawOrder, *, first: bool) -> bool:
    """Whether the line is an order, or at least a JSON value, by itself.

    Inside of an object that is spread over lines a line may be an object too (the last of ``lines``), but none with an
    ``external_id`` of its own.
    """
    try:
        value = json.loads(raw.content)
    except (ValueError, RecursionError):
        return False
    return first or (isinstance(value, dict) and "external_id" in value)
