"""PostgreSQL, but what a test has committed is deleted afterwards where there is something, not truncated everywhere.

TRUNCATE gives every table and every index a new file, two seconds for ours on a server that keeps what it says it has
written; and a test leaves rows in a handful of tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, creation, operations


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(
        self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        if not tables or reset_sequences or allow_cascade:
            return super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        names = {table: self.quote_name(table) for table in tables}
        looks = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})" for table, name in names.items())
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(looks))
            filled = [names[table] for (table,) in cursor.fetchall()]
        # In any order: foreign keys are looked at when all of them are gone.
        return [f"DELETE FROM {name}" for name in filled]


class DatabaseCreation(creation.DatabaseCreation):
    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        """Also where the thread that served a browser has left its connection open; without, the database stayed."""
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    creation_class = DatabaseCreation
