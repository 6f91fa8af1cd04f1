"""Look at everything in an installation, as ``python -m tests.migrations.look``; prints what is wrong, a line each.

A program of its own, because it works with another database and other secrets than the tests.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.db.models import FileField


def main() -> None:
    django.setup()
    logging.disable(logging.CRITICAL)  # the files of logos are not part of a dump
    for wrong in (*_migrations(), *_copies(), *_credentials(), *_rows(), *_pages(), *_commands()):
        sys.stdout.write(f"{wrong}\n")


def _migrations() -> Iterator[str]:
    """Nothing is left to be applied, and the state that was recorded is one that there can be."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"{migration} was not applied"


def _copies() -> Iterator[str]:
    """Every issued document can be printed, and adds up; every order has its addresses."""
    from connectors.issued_kinds import KINDS, pdf_of
    from connectors.models import Order
    from printing.kinds import RenderingFailed
    from tests.connectors.documents.sums import wrong_sums

    for model in {kind.model for kind in KINDS.values()}:
        for document in model.objects.select_related("logo").order_by("pk"):
            name = f"{model.__name__} {document.pk}"
            try:
                pdf_of(document)
            except RenderingFailed as error:
                yield f"{name}: {error}"
            else:
                yield from (f"{name}: {wrong}" for wrong in wrong_sums(document.copy))
    for order in Order.objects.order_by("pk"):
        if not order.billing_party.city or (order.delivery_party and not order.delivery_party.city):
            yield f"Order {order.pk} has lost its address"


def _credentials() -> Iterator[str]:
    """Every secret can be decrypted."""
    from printing.models import Connection

    for connection in Connection.objects.order_by("pk"):
        if not connection.credentials or not all(connection.credentials.values()):
            yield f"Connection {connection.pk} has lost its credentials"


def _rows() -> Iterator[str]:
    """Every row of the product is one that today's program could have written, and its relations lead somewhere."""
    from django.apps import apps
    from django.core.exceptions import ValidationError
    from django.db import connection

    connection.check_constraints()
    for app in ("spaces", "printing", "connectors"):
        for model in apps.get_app_config(app).get_models():
            for row in model._base_manager.order_by("pk"):
                try:
                    # A form would ask for more than a service; but never another type, choice, or a broken rule.
                    row.clean_fields(exclude=_not_asked_of(row))
                    row.validate_unique()
                    row.validate_constraints()
                except ValidationError as error:
                    yield f"{model.__name__} {row.pk}: {error.message_dict}"


def _not_asked_of(row: Any) -> set[str]:
    """What is empty, and files: they are not part of a dump."""
    empty = {field.name for field in row._meta.fields if getattr(row, field.attname) in field.empty_values}
    return empty | {field.name for field in row._meta.fields if isinstance(field, FileField)}


def _pages() -> Iterator[str]:
    """Every list of a Space opens, and the page of the first and the last row in it, for whoever may see everything."""
    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.test import Client

    from spaces.models import Space

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username="root"))
    for space in Space.objects.order_by("pk"):
        yield from _opened(client, f"/space/{space.slug}/")
        for model in admin.site._registry:
            below = f"/space/{space.slug}/{model._meta.app_label}/{model._meta.model_name}/"
            yield from _opened(client, below, 403)
            if hasattr(model, "space_id"):
                pks = list(model._base_manager.filter(space_id=space.pk).values_list("pk", flat=True).order_by("pk"))
                for pk in {*pks[:1], *pks[-1:]}:
                    yield from _opened(client, f"{below}{pk}/change/")


def _opened(client: Any, address: str, *other: int) -> Iterator[str]:
    status = client.get(address).status_code
    if status not in {200, 302, *other}:
        yield f"{address}: {status}"


def _commands() -> Iterator[str]:
    """What an operator does first after an update."""
    from django.core.management import CommandError, call_command

    from spaces.models import Space

    commands = [["rotate_keys", "--dry-run"], ["purge_print_jobs", "--dry-run"]]
    for slug in Space.objects.values_list("slug", flat=True):
        commands += [["print_jobs", "--space", slug, "--json"], ["dunning_run", "--space", slug, "--dry-run"]]
    for command in commands:
        try:
            call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
        except CommandError as error:
            yield f"{' '.join(command)}: {error}"


if __name__ == "__main__":
    main()
