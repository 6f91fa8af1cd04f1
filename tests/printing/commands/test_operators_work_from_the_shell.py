"""The operators' commands: exact sentences, secrets never in the arguments, nothing half-written."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from printing.constants import PRINT_JOB_RETENTION
from printing.dispatcher import dispatch
from printing.models import Printer, PrinterConfiguration, PrintJob, StoredDocument
from printing.services import reprint
from printing.states import JobState
from spaces.models import Space
from tests.factories import SpaceFactory
from tests.lab.ipp import LabServer
from tests.pdfs import minimal_pdf
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: str, *arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "Brief.pdf"
    path.write_bytes(minimal_pdf("letter"))
    return path


def test_a_printer_is_added_and_what_it_reports_is_shown(space: Space, ipp_printer: LabServer) -> None:
    arguments = ["--space", space.slug, "--provider", "ipp", "--url", ipp_printer.url, "--tray", "tray-2"]
    said = run("add_printer", *arguments, "--name", "Lab", "--paper", "A4")
    assert "tray-1" in said
    assert "It is the default printer." in said
    configuration = PrinterConfiguration.objects.get()
    assert (configuration.tray, configuration.is_default) == ("tray-2", True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--url", "file:///etc/passwd"], "is not an address of a printer"),
        (["--url", "http://169.254.169.254/"], "is not an address that this installation may print to"),
        (["--url", "ipp://user:pass@printer/"], "contains a user name or password"),
        (["--url", "ipp://127.0.0.1:1/ipp/print"], "cannot be reached"),
        (["--set", "password=hunter2"], "A secret does not belong in the arguments"),
        (["--set", "colour=red"], "has no field colour"),
    ],
)
def test_a_connection_that_cannot_be_is_refused_in_a_sentence_and_leaves_nothing(
    space: Space, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run("add_printer", "--space", space.slug, "--provider", "ipp", "--name", "Lab", *arguments)
    assert not Printer.objects.exists()


def test_a_tray_the_printer_does_not_have_is_refused_with_those_it_has(space: Space) -> None:
    with pytest.raises(CommandError, match=r"no tray “tray-9”.*Tray 2"):
        run("add_printer", "--space", space.slug, "--provider", "folder", "--name", "Sim", "--tray", "tray-9")
    assert not Printer.objects.exists()


def test_a_name_that_is_taken_is_refused_and_leaves_no_second_printer(space: Space) -> None:
    simulated_printer(space, "Sim")
    with pytest.raises(CommandError, match="has this name already"):
        run("add_printer", "--space", space.slug, "--provider", "folder", "--name", "Sim")
    assert PrinterConfiguration.objects.count() == Printer.objects.count() == 1


def test_a_service_with_pages_of_its_own_is_connected_in_a_browser(space: Space) -> None:
    with pytest.raises(CommandError, match="connected in a browser"):
        call_command("add_printer", "--space", space.slug, "--provider", "ezeep", "--name", "Office")
    assert not Printer.objects.exists()


def test_a_secret_comes_from_the_environment_and_is_not_said(
    space: Space, ipp_printer: LabServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_PASSWORD", "planted-secret")
    said = run("add_printer", "--space", space.slug, "--provider", "ipp", "--url", ipp_printer.url, "--name", "Lab")
    assert Printer.objects.get().credentials["password"] == "planted-secret"
    assert "planted-secret" not in said


def test_the_list_of_jobs_hides_no_second_sheet_and_no_trouble_with_paper(
    space: Space, laser: SimulatedPrinter
) -> None:
    job = file_job(space)
    again = reprint(job)
    assert again is not None
    assert "twice" not in run("print_jobs", "--space", space.slug)
    PrintJob.objects.filter(pk=job.pk).update(possible_duplicate=True, paper="problem", paper_detail="out of paper")
    PrintJob.objects.filter(pk=again.pk).update(substituted_for=laser.configuration.pk)
    _head, of_reprint, of_job = run("print_jobs", "--space", space.slug).splitlines()
    assert of_job.endswith("out of paper  (may have come out twice)")
    assert of_reprint.endswith(f"(reprint of {job.pk})  (instead of Laser)")
    second, first = json.loads(run("print_jobs", "--space", space.slug, "--json"))
    assert (first["possible_duplicate"], first["paper"], first["paper_detail"]) == (True, "problem", "out of paper")
    assert (second["possible_duplicate"], second["reprint_of"], second["instead_of"]) == (False, job.pk, "Laser")


def test_a_file_is_printed_on_the_default_printer(space: Space, laser: SimulatedPrinter, letter: Path) -> None:
    said = run("print_file", str(letter), "--space", space.slug, "--copies", "2")
    assert "waits for the printer “Laser”" in said
    dispatch()
    assert laser.documents()[0].read_bytes() == letter.read_bytes()
    assert laser.options()[0]["copies"] == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("text.pdf", b"hello", "is not a readable PDF"),
        ("large.pdf", b"%PDF-1.7" + b" " * 60_000_000, r"has 60.0 MB; at most 50 MB"),
        ("missing.pdf", None, "cannot be read: No such file"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence_and_leaves_nothing(
    space: Space, laser: SimulatedPrinter, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        run("print_file", str(path), "--space", space.slug)
    assert not PrintJob.objects.exists()
    assert not StoredDocument.objects.exists()


def test_unknown_spaces_and_printers_are_named_with_those_there_are(
    space: Space, laser: SimulatedPrinter, letter: Path
) -> None:
    with pytest.raises(CommandError, match=f"There is no Space “nowhere”. There are: {space.slug}"):
        run("print_file", str(letter), "--space", "nowhere")
    with pytest.raises(CommandError, match="It has: “Laser”"):
        run("print_file", str(letter), "--space", space.slug, "--printer", "Ink")


def test_a_space_that_does_not_print_says_so(letter: Path) -> None:
    with pytest.raises(CommandError, match="The feature Printing is not activated"):
        run("print_file", str(letter), "--space", SpaceFactory().slug)


def test_without_a_default_printer_the_command_fails_with_that_sentence(space: Space, letter: Path) -> None:
    with pytest.raises(CommandError, match="No default printer is set"):
        run("print_file", str(letter), "--space", space.slug)
    assert PrintJob.objects.get().state == JobState.FAILED


def test_jobs_are_listed_for_people_and_as_json(space: Space, laser: SimulatedPrinter) -> None:
    laser.set("offline")
    job = file_job(space, order_number="4711")
    assert run("print_jobs", "--space", SpaceFactory().slug).strip() == "No print jobs."
    dispatch()
    head, line = run("print_jobs", "--space", space.slug).splitlines()
    assert head.index("STATE") == line.index("PENDING")
    assert (head.index("ORDER"), head.index("PRINTER")) == (line.index("4711"), line.index("Laser"))
    [row] = json.loads(run("print_jobs", "--space", space.slug, "--json", "--order", "4711"))
    assert (row["id"], row["state"], row["printer"], row["attempts"]) == (job.pk, "pending", "Laser", 1)
    assert json.loads(run("print_jobs", "--space", space.slug, "--json", "--state", "failed")) == []


def test_expired_jobs_are_counted_first_and_then_deleted(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    file_job(space)
    dispatch()
    clock.shift(PRINT_JOB_RETENTION + timedelta(hours=1))
    assert "1" in run("purge_print_jobs", "--dry-run")
    assert PrintJob.objects.count() == 1
    run("purge_print_jobs")
    assert PrintJob.objects.count() == 0
