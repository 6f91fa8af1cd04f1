"""An installation of an earlier state, with rows in every table, comes to today by ``migrate``; nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.migrations.databases import DUMPS, empty_database, load, program, rows
from tests.migrations.schema import differences, schema_of
from tests.migrations.seed import UNUSED, fill
from tests.processes import database_url

pytestmark = pytest.mark.django_db
DUMPS_THERE = sorted(path.name for path in DUMPS.iterdir() if path.is_dir())
# What `migrate` writes by itself: these may have more rows than before.
GROWING = {"django_migrations", "django_content_type", "auth_permission", "django_q_schedule"}


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("dump", DUMPS_THERE)
def test_nothing_is_lost_and_the_schema_is_that_of_a_new_installation(dump: str, tmp_path: Path) -> None:
    name = f"{Path(str(connection.settings_dict['NAME'])).stem}_before"
    with empty_database(database_url(), tmp_path, name) as url:
        load(url, dump)
        before = rows(url)
        assert {table for table, count in before.items() if not count} == UNUSED, "a dump has rows in every table"
        program(url, tmp_path, "manage.py", "migrate", "--no-input", "--verbosity=0")
        assert lost(before, rows(url)) == []
        assert program(url, tmp_path, "-m", "tests.migrations.look") == ""
        assert differences(schema_of(url), schema_of(database_url())) == []


def lost(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Tables that are gone, and those with another number of rows."""
    return [
        f"{table}: {count} before, {after.get(table)} after"
        for table, count in before.items()
        if (after.get(table) != count if table not in GROWING else after.get(table, 0) < count)
    ]


def test_every_dump_is_there_for_both_databases() -> None:
    names = {path.relative_to(DUMPS).as_posix() for path in DUMPS.glob("*/*")}
    assert names == {f"{dump}/{backend}.sql" for dump in DUMPS_THERE for backend in ("sqlite", "postgresql")}


def test_the_next_dump_can_be_made(settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    """What fills it uses today's services, and leaves no table of today empty."""
    settings.PUBLIC_URL = "https://print.example.com"
    with django_capture_on_commit_callbacks(execute=True):
        fill()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        empty = set()
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone() is None:
                empty.add(table)
    assert empty == UNUSED
