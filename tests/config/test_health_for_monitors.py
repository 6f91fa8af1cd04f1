"""``/health/`` says whether Pressroom works, to whoever asks and without anything that is not for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.heartbeat import beat
from printing.constants import JOB_STUCK_AFTER, WORKER_SILENT_AFTER
from printing.models import Printer, PrintJob, WorkerSign
from tests.factories import PrintJobFactory

pytestmark = pytest.mark.django_db


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/health/")
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return answer.status_code, answer.json()


def test_all_is_well_while_a_worker_takes_tasks(client: Client) -> None:
    beat()
    beat()
    assert WorkerSign.objects.count() == 1
    assert ask(client) == (
        200,
        {"status": "ok", "database": True, "worker_seen_seconds_ago": 0, "oldest_due_job_waits_seconds": None},
    )


def test_no_worker_at_all_is_trouble(client: Client) -> None:
    code, report = ask(client)
    assert (code, report["status"], report["worker_seen_seconds_ago"]) == (503, "trouble", None)


def test_a_worker_that_was_silent_for_too_long_is_trouble(client: Client) -> None:
    WorkerSign.objects.create(host="one", seen_at=timezone.now() - WORKER_SILENT_AFTER)
    code, report = ask(client)
    assert code == 503
    assert report["worker_seen_seconds_ago"] == WORKER_SILENT_AFTER.total_seconds()
    WorkerSign.objects.create(host="two")
    assert ask(client)[0] == 200


def test_a_job_that_nobody_takes_though_it_could_be_sent_is_trouble(client: Client) -> None:
    beat()
    job = PrintJobFactory()
    PrintJob.objects.update(due_since=timezone.now() - JOB_STUCK_AFTER)
    assert ask(client)[0] == 503
    # Its printer was only just ready again: it waits for nobody.
    Printer.objects.filter(pk=job.printer_id).update(next_try_at=timezone.now() - timedelta(seconds=5))
    code, report = ask(client)
    assert code == 200
    assert 5 <= report["oldest_due_job_waits_seconds"] < 60
    # Paused: nobody may send it.
    Printer.objects.filter(pk=job.printer_id).update(next_try_at=None, paused_at=timezone.now())
    assert ask(client)[1]["oldest_due_job_waits_seconds"] is None


def test_a_database_without_its_tables_is_trouble_and_no_error_page(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE printing_workersign RENAME TO gone")
    assert ask(client) == (503, {"status": "trouble", "database": False})


def test_it_is_asked_and_never_told(client: Client) -> None:
    assert client.post("/health/").status_code == 405
    assert client.head("/health/").status_code == 503
