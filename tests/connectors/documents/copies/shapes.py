"""The shape of a frozen copy: all its fields with their types and defaults, also of what it holds."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from connectors.documents.codec import encode


def shape(data: type[Any]) -> dict[str, dict[str, str]]:
    """By class and field: its type, and after `` = `` its default as it would be stored."""
    found: dict[str, dict[str, str]] = {}
    _collect(data, found)
    return found


def _collect(data: type[Any], found: dict[str, dict[str, str]]) -> None:
    if data.__name__ in found:
        return
    hints = get_type_hints(data)
    said = found[data.__name__] = {}
    for field in fields(data):
        assert field.default_factory is MISSING, f"{data.__name__}.{field.name}: the codec knows plain defaults alone"
        default = "" if field.default is MISSING else f" = {encode(field.default)!r}"
        said[field.name] = _type(hints[field.name]) + default
        for held in _dataclasses(hints[field.name]):
            _collect(held, found)


def _type(hint: Any) -> str:
    """The type by its names alone: a class may move to another module, stored copies do not know where it lived."""
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(hint))


def _dataclasses(hint: Any) -> list[type[Any]]:
    if isinstance(hint, type) and is_dataclass(hint):
        return [hint]
    return [held for argument in get_args(hint) for held in _dataclasses(argument)]
