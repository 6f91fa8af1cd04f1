"""./manage.py dunning_run: the proposal first, then the notices, asked for or not."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from connectors.models import DunningNotice, DunningRun, RunSource
from spaces.models import Space
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice
from tests.processes import LIMIT, ROOT, environment

DAY = DUE + timedelta(days=7)


def dunning_run(*options: str) -> list[str]:
    out = io.StringIO()
    call_command("dunning_run", "--space", "alpenblick", "--date", DAY.isoformat(), *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture(autouse=True)
def two_invoices(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2, amount_from="50.00", name="Standard")
    overdue_invoice(dunning_space, "1234.50")
    overdue_invoice(dunning_space, "40.00")


SHOWN = [
    "Dunning on 23 Mar 2026",
    "2026-0001  Beispiel AG: Level 1, 1,234.50 EUR, due 30 Mar 2026 (Print the letter)",
    "Total: 1,234.50 EUR",
    "Not dunned:",
    "2026-0002  Only 40.00 EUR are open; the flow “Standard” duns from 50.00 EUR.",
]


@pytest.mark.django_db
def test_a_dry_run_shows_and_changes_nothing() -> None:
    assert dunning_run("--dry-run") == SHOWN
    assert not DunningRun.objects.exists()


@pytest.mark.django_db
def test_yes_issues_what_was_shown() -> None:
    assert dunning_run("--yes") == [*SHOWN, "1 notice was issued."]
    assert DunningRun.objects.get().source == RunSource.COMMAND
    assert dunning_run("--yes")[1] == "There is nothing to dun."
    assert DunningNotice.objects.count() == 1


@pytest.mark.django_db
def test_where_nobody_can_answer_nothing_is_issued() -> None:
    with pytest.raises(CommandError, match="Nobody is there to confirm this: add --yes or --dry-run"):
        dunning_run()
    assert not DunningNotice.objects.exists()


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("answer", "expected"), [("yes", 1), ("no", 0), ("", 0)])
def test_it_asks_a_person(answer: str, expected: int) -> None:
    """With a real terminal on its standard input."""
    terminal, its_end = pty.openpty()
    command = [sys.executable, "manage.py", "dunning_run", "--space", "alpenblick", "--date", DAY.isoformat()]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=its_end, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.close(its_end)
    os.write(terminal, f"{answer}\n".encode())
    out, err = process.communicate(timeout=LIMIT)
    os.close(terminal)
    assert "Issue 1 notice? [yes/no]" in out
    assert (DunningNotice.objects.count(), process.returncode) == (expected, 0 if expected else 1), err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--space", "nowhere"], "There is no Space “nowhere”"),
        (["--space", "alpenblick", "--date", "31.01.2026"], "a date like 2026-01-31"),
        (["--space", "alpenblick", "--yes", "--dry-run"], "not allowed with argument"),
    ],
)
def test_wrong_options_are_refused(options: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("dunning_run", *options)
