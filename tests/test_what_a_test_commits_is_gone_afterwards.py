"""A test that commits leaves an empty database, whichever it is and whatever refers to what."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from printing.models import PrintAttempt, PrintJob
from spaces.models import Space
from tests.factories import PrintAttemptFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_another_test_committed_is_gone(time: str) -> None:
    assert not Space.objects.exists()
    PrintAttemptFactory()


def test_rows_that_refer_to_each_other_go_at_once() -> None:
    PrintAttemptFactory()
    call_command("flush", interactive=False, reset_sequences=False, verbosity=0)
    assert not any(model.objects.exists() for model in (PrintAttempt, PrintJob, Space))


def test_nothing_is_written_where_there_is_nothing() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite's way is Django's own
    tables = [Space._meta.db_table, PrintJob._meta.db_table]
    assert connection.ops.sql_flush(no_style(), tables) == []
    with transaction.atomic():
        PrintAttemptFactory()
        assert len(connection.ops.sql_flush(no_style(), tables)) == 2
