"""Bring an empty installation to a state between, and go on: ``python -m tests.migrations.halfway printing.0003_… …``.

To that state as a release of its time did: by the migrations that are replaced since, one after the other. Where
printers still hold their own credentials there, it gets three of them, of which two share an account. Then ``migrate``
as an operator says it. Prints, as JSON, the connection of each printer with its credentials.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

CREDENTIALS: list[dict[str, str]] = [{"api_key": "first"}, {"api_key": "second"}, {"api_key": "first"}]


def main(*targets: str) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    from printing.models import Printer

    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    state = executor.migrate([(target.split(".")[0], target.split(".")[1]) for target in targets])
    if "credentials" in {field.name for field in state.apps.get_model("printing", "Printer")._meta.get_fields()}:
        _printers(state.apps)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("migrate", check_unapplied=True, verbosity=0)  # ends the program where something is left
    printers = Printer.objects.select_related("connection").order_by("pk")
    sys.stdout.write(json.dumps([[row.connection_id, row.connection.credentials] for row in printers]))


def _printers(apps: Any) -> None:
    space = apps.get_model("spaces", "Space").objects.create(name="Old", slug="old", company="Old", city="Bern")
    for number, credentials in enumerate(CREDENTIALS):
        apps.get_model("printing", "Printer").objects.create(
            space=space, provider="printnode", name=f"{number}", remote_id=f"{number}", credentials=credentials
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
