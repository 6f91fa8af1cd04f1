"""What CONTRIBUTING asks of a migration, as far as a program can see it; those before the squash are as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from spaces.migration_operations import AddIndexWithoutLock, RemoveIndexWithoutLock
from spaces.models import ApiKey

OURS = {"spaces", "printing", "connectors"}
INDEX = models.Index(fields=["created_at"], name="api_key_by_age")


def broken_rules(migration: migrations.Migration) -> Iterator[str]:
    name = f"{migration.app_label}.{migration.name}"
    new = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
    for one in migration.operations:
        if not one.reversible:
            yield f"{name}: {one.describe()}: has no way back (reverse_code, reverse_sql)"
        waits = isinstance(one, migrations.AddIndex | migrations.RemoveIndex) and one.model_name_lower not in new
        if waits and not isinstance(one, AddIndexWithoutLock | RemoveIndexWithoutLock):
            yield f"{name}: {one.describe()}: locks the table; use spaces.migration_operations"
        if isinstance(one, AddIndexWithoutLock | RemoveIndexWithoutLock) and migration.atomic:
            yield f"{name}: {one.describe()}: needs atomic = False"


def test_every_migration_since_the_squash_keeps_to_them() -> None:
    there = MigrationLoader(None, replace_migrations=False).disk_migrations
    replaced = {key for migration in there.values() for key in migration.replaces}
    ours = [one for key, one in there.items() if key[0] in OURS and key not in replaced]
    assert len(ours) >= len(OURS)
    assert [sentence for migration in ours for sentence in broken_rules(migration)] == []


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        (migrations.RunPython(lambda *_args: None), "has no way back"),
        (migrations.RunSQL("SELECT 1"), "has no way back"),
        (migrations.AddIndex("apikey", INDEX), "locks the table"),
        (migrations.RemoveIndex("apikey", "api_key_by_age"), "locks the table"),
        (AddIndexWithoutLock("apikey", INDEX), "needs atomic = False"),
    ],
)
def test_a_migration_that_does_not_is_named(operation: Operation, sentence: str) -> None:
    made = type("Migration", (migrations.Migration,), {"operations": [operation]})
    [said] = broken_rules(made("0002_more", "spaces"))
    assert sentence in said


@pytest.mark.django_db(transaction=True)
def test_an_index_comes_and_goes_while_rows_are_written() -> None:
    """On PostgreSQL without a lock that writers would wait for, elsewhere as it is done there."""
    without = MigrationLoader(connection).project_state()
    with_index = without.clone()
    add, remove = AddIndexWithoutLock("apikey", INDEX), RemoveIndexWithoutLock("apikey", INDEX.name)
    add.state_forwards("spaces", with_index)
    assert in_database(add, without, with_index) == (True, connection.vendor == "postgresql")
    assert in_database(remove, with_index, without) == (False, connection.vendor == "postgresql")


def in_database(operation: Operation, before: ProjectState, after: ProjectState) -> tuple[bool, bool]:
    """Apply it; whether the index is there then, and whether it came or went concurrently."""
    with connection.schema_editor(atomic=False, collect_sql=True) as editor:
        operation.database_forwards("spaces", editor, before, after)
        said = " ".join(map(str, editor.collected_sql))
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("spaces", editor, before, after)
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, ApiKey._meta.db_table)
    return INDEX.name in there, "CONCURRENTLY" in said
