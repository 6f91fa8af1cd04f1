"""The reader understands the product's own e-mails: each sentence with which a trouble is told counts once."""

from __future__ import annotations

from collections import Counter

import pytest

from printing.incidents.telling import message
from printing.incidents.words import entries
from printing.models import Incident, IncidentKind, Printer, PrintJob
from printing.providers.base import PaperState
from printing.states import JobState
from spaces.models import Space
from tests.factories import PrinterFactory, PrintJobFactory
from tests.torture.reader import KINDS, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def printer(space: Space) -> Printer:
    made: Printer = PrinterFactory(space=space, name="folder")
    return made


def about(space: Space, kind: IncidentKind, **of: Printer | PrintJob) -> Incident:
    made: Incident = Incident.objects.create(space=space, kind=kind, **of)
    return made


def failed(space: Space, number: int) -> Incident:
    job = PrintJobFactory(space=space, title=f"Invoice 2026-{number:04}", state=JobState.FAILED)
    return about(space, IncidentKind.JOB_FAILED, job=job)


def text(space: Space, *begun: Incident) -> str:
    return message(space, entries(begun), [])[1]


@pytest.mark.parametrize("kind", [IncidentKind.PRINTER_DOWN, IncidentKind.PRINTER_OFFLINE, IncidentKind.PRINTER_PAUSED])
def test_a_printer_in_trouble_is_read(space: Space, printer: Printer, kind: IncidentKind) -> None:
    incident = about(space, kind, printer=printer)
    assert told([text(space, incident)]) == Counter([KINDS[kind].format("folder", "")])


def test_one_document_is_read(space: Space) -> None:
    assert told([text(space, failed(space, 1))]) == Counter(["document Invoice 2026-0001 not printed"])


def test_a_problem_with_the_paper_is_read(space: Space) -> None:
    job = PrintJobFactory(space=space, title="Invoice 2026-0001", paper=PaperState.PROBLEM)
    incident = about(space, IncidentKind.PAPER_PROBLEM, job=job)
    assert told([text(space, incident)]) == Counter(["document Invoice 2026-0001 not printed"])


def test_several_documents_of_one_printer_are_read_each(space: Space, printer: Printer) -> None:
    incidents = [failed(space, number) for number in (1, 2)]
    for incident in incidents:
        assert incident.job is not None
        incident.job.printer = printer
    found = told([text(space, *incidents)])
    assert found == Counter(f"document Invoice 2026-000{number} not printed" for number in (1, 2))


def test_what_is_well_again_is_no_trouble(space: Space) -> None:
    assert told([message(space, [], entries([failed(space, 1)]))[1]]) == Counter()
