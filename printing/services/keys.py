"""Changing the keys under which credentials are stored: every encrypted field, of whichever app, under the first key.

A row is written only while it still holds what was read: a token renewed meanwhile is newer, and already lies under the
first key or is looked at once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ExpressionWrapper, F, Value

from printing.fields import EncryptedJSONField, key_number, under_first_key

# Rows read in one query; each is written on its own, so no lock is held for longer than one UPDATE.
BATCH = 200


@dataclass
class Rotation:
    """What was found in one encrypted field: its rows by the number of their key, and what became of them."""

    model: type[models.Model]
    name: str
    by_key: Counter[int] = field(default_factory=Counter)
    rotated: int = 0
    unreadable: list[Any] = field(default_factory=list)  # primary keys

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedJSONField]]:
    """Every encrypted column there is, each once: a proxy or a child row has no column of its own."""
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.local_concrete_fields:
            if isinstance(one, EncryptedJSONField) and model._meta.managed:
                yield model, one


def rotate(model: type[models.Model], name: str, *, dry_run: bool = False) -> Rotation:
    """Put one field of every row under the first key, or only count. What cannot be read is noted and left alone."""
    result = Rotation(model, name)
    after = None
    while True:
        rows = _texts(model, name).order_by("pk")
        batch = list((rows if after is None else rows.filter(pk__gt=after)).values_list("pk", "stored_text")[:BATCH])
        for pk, text in batch:
            _rotate_row(result, pk, text, dry_run)
        if len(batch) < BATCH:
            return result
        after = batch[-1][0]


def _texts(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """The rows with what is stored, not decrypted; empty ones hold no secret."""
    stored = ExpressionWrapper(F(name), output_field=models.TextField())
    rows: Any = models.QuerySet(model)
    stored_rows: models.QuerySet[Any] = rows.annotate(stored_text=stored).exclude(stored_text=None)
    return stored_rows.exclude(stored_text="")


def _rotate_row(result: Rotation, pk: Any, text: str, dry_run: bool) -> None:
    while True:
        number = key_number(text)
        if number is None:
            result.unreadable.append(pk)
            return
        if dry_run or number == 1 or _replaced(result, pk, text):
            result.by_key[number] += 1
            result.rotated += not dry_run and number != 1
            return
        # Somebody saved it between our look and our UPDATE, or deleted it: what counts is what is there now.
        current = _texts(result.model, result.name).filter(pk=pk).values_list("stored_text", flat=True).first()
        if current is None:
            return
        text = current


def _replaced(result: Rotation, pk: Any, text: str) -> bool:
    # As an expression, so that the field does not take the encrypted text for credentials and encrypt it once more.
    new = Value(under_first_key(text), output_field=models.TextField())
    return _texts(result.model, result.name).filter(pk=pk, stored_text=text).update(**{result.name: new}) == 1
