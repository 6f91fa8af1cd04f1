"""``rotate_keys``: every encrypted row under the first key, while others work, and again without doing anything."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.db import transaction
from django.test import Client

from printing.fields import EncryptedJSONField
from printing.models import Connection
from printing.services import keys
from spaces.models import Space
from tests.factories import ConnectionFactory
from tests.processes import finish, start, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


def save_under(settings: Any, key: str, count: int = 1) -> list[Connection]:
    settings.CREDENTIALS_KEYS = [key]
    return [ConnectionFactory(credentials={"api_key": f"secret of {key} {number}"}) for number in range(count)]


@dataclass(frozen=True)
class Said:
    out: str
    err: str
    error: str  # what the command ended with; empty when it ended well


def rotate(*arguments: str) -> Said:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("rotate_keys", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return Said(out.getvalue(), err.getvalue(), str(error))
    return Said(out.getvalue(), err.getvalue(), "")


def stored(row: Connection) -> str:
    with database.cursor() as cursor:
        cursor.execute("SELECT credentials FROM printing_connection WHERE id = %s", [row.pk])
        text: str = cursor.fetchone()[0]
        return text


def test_every_row_is_readable_with_the_new_key_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    rows = [*save_under(settings, OLD, 5), *save_under(settings, NEW)]
    settings.CREDENTIALS_KEYS = [NEW, OLD]
    said = rotate()
    assert "printing.Connection.credentials: 5 rows encrypted anew, 1 under the first key already" in said.out
    assert "the others can be taken out of CREDENTIALS_KEYS" in said.out
    settings.CREDENTIALS_KEYS = [NEW]
    assert [Connection.objects.get(pk=row.pk).credentials for row in rows] == [row.credentials for row in rows]


def test_a_second_run_writes_nothing(settings: Any) -> None:
    [row] = save_under(settings, OLD)
    settings.CREDENTIALS_KEYS = [NEW, OLD]
    rotate()
    before = stored(row)
    assert "0 rows encrypted anew, 1 under the first key already" in rotate().out
    assert stored(row) == before


def test_a_dry_run_says_what_is_under_which_key_and_writes_nothing(settings: Any) -> None:
    rows = [*save_under(settings, OLD, 2), *save_under(settings, NEW)]
    settings.CREDENTIALS_KEYS = [NEW, OLD]
    before = [stored(row) for row in rows]
    said = rotate("--dry-run")
    assert "printing.Connection.credentials: 1 row under key 1" in said.out
    assert "printing.Connection.credentials: 2 rows under key 2" in said.out
    assert [stored(row) for row in rows] == before


def test_a_row_that_cannot_be_read_is_named_and_the_others_go_on(settings: Any) -> None:
    [lost], [old] = save_under(settings, LOST), save_under(settings, OLD)
    before = stored(lost)
    settings.CREDENTIALS_KEYS = [NEW, OLD]
    said = rotate()
    assert said.error.startswith("1 row cannot be decrypted with any of CREDENTIALS_KEYS.")
    assert f"printing.Connection {lost.pk}: credentials cannot be decrypted." in said.err
    assert "1 row encrypted anew" in said.out
    assert "can be taken out" not in said.out
    assert stored(lost) == before
    settings.CREDENTIALS_KEYS = [NEW]
    assert Connection.objects.get(pk=old.pk).credentials == old.credentials


@pytest.mark.process
def test_a_token_renewed_at_the_same_moment_stays(settings: Any, tmp_path: Path) -> None:
    """The other process has read the old token when ours is committed, and stands before its UPDATE."""
    [row] = save_under(settings, OLD)
    settings.CREDENTIALS_KEYS = [OLD, NEW]
    code = f"""
import pathlib
from django.core.management import call_command
from django.db import connection
def report(execute, sql, params, many, context):
    if sql.startswith("UPDATE"):
        pathlib.Path({str(tmp_path)!r}, "updating").touch()
    return execute(sql, params, many, context)
with connection.execute_wrapper(report):
    call_command("rotate_keys")
"""
    with transaction.atomic():
        Connection.objects.filter(pk=row.pk).update(credentials={"refresh_token": "renewed"})
        process = start(code, CREDENTIALS_KEYS=f"{NEW},{OLD}")
        wait_until((tmp_path / "updating").exists, "the other process is about to write")
    [said] = finish(process)
    assert "1 row encrypted anew" in said
    settings.CREDENTIALS_KEYS = [NEW]
    assert Connection.objects.get(pk=row.pk).credentials == {"refresh_token": "renewed"}


def test_every_encrypted_field_of_every_app_is_found() -> None:
    assert (Connection, Connection._meta.get_field("credentials")) in list(keys.encrypted_fields())
    assert all(isinstance(field, EncryptedJSONField) for _model, field in keys.encrypted_fields())


def test_a_printer_half_connected_under_a_key_that_is_gone_is_begun_again(
    settings: Any, space: Space, operator_client: Client
) -> None:
    settings.CREDENTIALS_KEYS = [OLD]
    printers = f"/space/{space.slug}/printing/printerconfiguration/"
    form = operator_client.post(f"{printers}add/?provider=folder", {"connection-directory": "one"})
    settings.CREDENTIALS_KEYS = [NEW]
    answer = operator_client.get(form.headers["Location"])
    assert answer.status_code == 302
    assert operator_client.get(answer.headers["Location"]).status_code == 200
