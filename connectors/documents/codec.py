"""Frozen dataclasses to plain JSON values and back, checked against their annotations."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from connectors.documents.errors import DocumentError

T = TypeVar("T")
_Reader = Callable[[Any, str], Any]


def encode(value: Any) -> Any:
    """Turn a dataclass (or what it holds) into JSON values: decimals become strings, dates ISO 8601, tuples lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def decode(cls: type[T], value: Any, where: str) -> T:
    """Read a dataclass from what ``encode`` made of it; ``where`` is what it is called in errors.

    A field that has a default may be missing (it is younger than the copy).  Raises DocumentError with the place for an
    unknown or missing field and a value of the wrong type.
    """
    result: T = _read_dataclass(cls, value, where)
    return result


def _read_dataclass(cls: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise DocumentError(f"“{where}” must be an object.")
    readers, required = _schema(cls)
    unknown, missing = value.keys() - readers.keys(), required - value.keys()
    if unknown:
        raise DocumentError(
            f"“{where}” has the unknown field “{min(unknown)}”: it was written by another Pressroom of the same "
            "version, or changed outside of it. Update this installation, or restore the copy from a backup."
        )
    if missing:
        raise DocumentError(f"“{where}” lacks the field “{min(missing)}”.")
    return cls(**{name: readers[name](item, f"{where}.{name}") for name, item in value.items()})


@lru_cache(maxsize=32)
def _schema(cls: Any) -> tuple[dict[str, _Reader], frozenset[str]]:
    hints = get_type_hints(cls)
    readers = {field.name: _reader(hints[field.name]) for field in fields(cls)}
    return readers, frozenset(field.name for field in fields(cls) if field.default is MISSING)


def _reader(hint: Any) -> _Reader:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        (inner,) = (_reader(argument) for argument in arguments if argument is not types.NoneType)
        return lambda value, where: None if value is None else inner(value, where)
    if origin is tuple:
        item_reader = _reader(arguments[0])
        return lambda value, where: _read_tuple(item_reader, value, where)
    if origin is Literal:
        return lambda value, where: _read_choice(arguments, value, where)
    if is_dataclass(hint):
        return lambda value, where: _read_dataclass(hint, value, where)
    if hint in {Decimal, date}:
        return lambda value, where: _read_text_form(hint, value, where)
    return lambda value, where: _read_plain(hint, value, where)


def _read_tuple(reader: _Reader, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DocumentError(f"“{where}” must be a list.")
    return tuple(reader(item, f"{where}[{index}]") for index, item in enumerate(value))


def _read_choice(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    if value not in choices:
        raise DocumentError(f"“{where}” must be one of {', '.join(choices)}; it is {value!r}.")
    return value


def _read_text_form(hint: Any, value: Any, where: str) -> Any:
    parse: Callable[[str], Any] = Decimal if hint is Decimal else date.fromisoformat
    if isinstance(value, str):
        try:
            result = parse(value)
        except (InvalidOperation, ValueError):
            result = None
        if isinstance(result, date) or (result is not None and result.is_finite()):
            return result
    raise DocumentError(f"“{where}” is no {'number' if hint is Decimal else 'date'}: {value!r}.")


def _read_plain(hint: Any, value: Any, where: str) -> Any:
    if type(value) is not hint:  # not isinstance: True is an int
        raise DocumentError(f"“{where}” must be of the type {hint.__name__}; it is {value!r}.")
    return value
