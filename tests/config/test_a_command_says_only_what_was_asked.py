"""What a command writes is for the person who called it; the queue's own talk stays out of it, its warnings do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spaces.models import Space
from tests.factories import PrinterConfigurationFactory
from tests.pdfs import make_pdf
from tests.processes import LIMIT, ROOT, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )


def test_printing_a_file_names_the_job_and_nothing_of_the_queue(space: Space, tmp_path: Path) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    file = tmp_path / "letter.pdf"
    file.write_bytes(make_pdf())
    done = run("manage.py", "print_file", str(file), "--space", space.slug)
    assert "print job" in done.stdout.lower()
    assert done.stderr == ""


@pytest.mark.parametrize("said", ["logger.warning('the broker is gone')", "tasks.logger.error('the broker is gone')"])
def test_what_goes_wrong_in_the_queue_is_said(said: str) -> None:
    code = f"import django; django.setup(); from django_q import tasks; from django_q.conf import logger; {said}"
    assert "the broker is gone" in run("-c", code).stderr
