"""The schema of a database, as sentences that can be compared: what migrations left behind, however they got there.

The order of columns says nothing (a column that came later stands last); everything else does: types, NULL, defaults,
keys, constraints with their names and conditions, indexes.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import psycopg

from tests.migrations.databases import backend, closed, file_of

_POSTGRESQL = {
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' notnull=' || a.attnotnull
            || ' identity=' || a.attidentity::text || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
            || ' collation=' || coalesce(o.collname, '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) || ' validated=' || convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequence": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
}


def schema_of(url: str) -> dict[str, str]:
    """By kind and name: how it is defined."""
    return dict(_of_sqlite(file_of(url)) if backend(url) == "sqlite" else _of_postgresql(url))


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """A line for each thing that only one of two schemas has, or that is defined otherwise."""
    return [
        f"{name}: {one.get(name, 'missing')} | {other.get(name, 'missing')}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def _of_postgresql(url: str) -> Iterator[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        for kind, query in _POSTGRESQL.items():
            for name, definition in connection.execute(query.encode()):
                yield f"{kind} {name}", _without_casts(definition)


def _without_casts(definition: str) -> str:
    """A condition that went through a dump has its casts to text elsewhere: at each string, or at their array."""
    plain = re.sub(r"::(?:text\[\]|text|character varying)", "", definition)
    in_brackets = re.compile(r"\((ARRAY\[[^\](]*\]|'[^']*')\)")
    while in_brackets.search(plain):
        plain = in_brackets.sub(r"\1", plain)
    return plain


def _of_sqlite(file: str) -> Iterator[tuple[str, str]]:
    with closed(sqlite3.connect(file)) as connection:
        query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        for kind, name, definition in connection.execute(query).fetchall():
            if kind != "table":
                yield f"{kind} {name}", definition
                continue
            head, _, body = definition.partition("(")
            yield f"table {name}", " ".join(head.split())
            for part in _parts(body.rpartition(")")[0]):
                yield f"table {name}: {_named(part)}", part


def _parts(body: str) -> Iterator[str]:
    """The columns and constraints between the outer brackets."""
    depth, quoted, start = 0, False, 0
    for at, character in enumerate(body):
        if character == "'":
            quoted = not quoted
        if quoted:
            continue
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield body[start:at].strip()
            start = at + 1
    yield body[start:].strip()


def _named(part: str) -> str:
    found = re.match(r'CONSTRAINT "\w+"|"\w+"', part)
    return found[0] if found else part
