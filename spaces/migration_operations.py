"""Operations for migrations that run while the product works."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AddIndexWithoutLock(AddIndexConcurrently):
    """An index for a table that grows: PostgreSQL builds it while rows are written, SQLite as any other.

    Alone in its migration, which says ``atomic = False``.  Where the building is broken off, PostgreSQL keeps an index
    that is not valid: drop it, and migrate again.
    """

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        kind = AddIndexConcurrently if _is_postgresql(schema_editor) else migrations.AddIndex
        kind.database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        kind = AddIndexConcurrently if _is_postgresql(schema_editor) else migrations.AddIndex
        kind.database_backwards(self, app_label, schema_editor, *states)


class RemoveIndexWithoutLock(RemoveIndexConcurrently):
    """The same for an index that goes."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        kind = RemoveIndexConcurrently if _is_postgresql(schema_editor) else migrations.RemoveIndex
        kind.database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        kind = RemoveIndexConcurrently if _is_postgresql(schema_editor) else migrations.RemoveIndex
        kind.database_backwards(self, app_label, schema_editor, *states)


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"
