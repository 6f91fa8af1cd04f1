"""An installation that has only some of the migrations that one replaces now applies the rest of them, one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.migrations.databases import empty_database, program
from tests.migrations.halfway import CREDENTIALS
from tests.migrations.schema import differences, schema_of
from tests.processes import database_url

pytestmark = pytest.mark.django_db

STATES = {
    # Before credentials moved into connections, and before dunning, payments or e-mails.
    "credentials in printers": ["spaces.0001_initial", "printing.0003_followed_to_the_end", "connectors.0001_initial"],
    # Two apps are at the end of what is replaced, one is before it.
    "only connectors behind": ["spaces.0003_api_keys", "printing.0010_copies", "connectors.0008_payment_files_end"],
}


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("state", STATES)
def test_the_rest_is_applied_and_the_schema_is_that_of_a_new_installation(state: str, tmp_path: Path) -> None:
    name = f"{Path(str(connection.settings_dict['NAME'])).stem}_between"
    with empty_database(database_url(), tmp_path, name) as url:
        moved = json.loads(program(url, tmp_path, "-m", "tests.migrations.halfway", *STATES[state]))
        assert differences(schema_of(url), schema_of(database_url())) == []
    if state == "credentials in printers":
        assert [credentials for _pk, credentials in moved] == CREDENTIALS
        assert moved[0] == moved[2] != moved[1], "printers of one account share a connection"


def test_a_new_installation_runs_one_migration_of_each_app() -> None:
    plan = MigrationLoader(None).graph
    for app in ("spaces", "printing", "connectors"):
        ours = [name for label, name in plan.nodes if label == app]
        assert len([name for name in ours if name.startswith("0001_")]) == 1
        assert "_squashed_" in min(ours)
