"""The corpus: frozen copies of every version that there ever was, as rows hold them, and the shape of each version.

``KIND/vN/NAME.json`` is a copy; ``KIND/vN.shape.json`` the fields that version N has, or had in the end. Neither is
ever edited or deleted: what is here stands for rows of installations that nobody can see.

``python -m tests.connectors.documents.copies`` writes what is missing of today's versions, and never over a file.

Files of version 1 that begin with ``early_`` were written by earlier programs, which knew fewer fields of that version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.documents.schemas import SCHEMAS
from connectors.documents.versions import Schema

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """A copy of the corpus: where it stands, its schema, its version, and the JSON itself."""

    name: str
    schema: Schema[Any]
    version: int
    stored: dict[str, Any]


def entries(kind: str = "*", version: str = "*") -> Iterator[Entry]:
    """All copies of the corpus, or those of one kind and version, in the order of their names."""
    for path in sorted(HERE.glob(f"{kind}/v{version}/*.json")):
        folder = path.parent
        schema = SCHEMAS[folder.parent.name]
        name = path.relative_to(HERE).as_posix()
        yield Entry(name, schema, int(folder.name.removeprefix("v")), json.loads(path.read_text()))


def shape_file(schema: Schema[Any]) -> Path:
    """Where the shape of a kind's version of today stands."""
    return HERE / schema.kind / f"v{schema.version}.shape.json"


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
