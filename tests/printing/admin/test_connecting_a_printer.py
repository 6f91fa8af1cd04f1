"""Space > Connect > Printers: connect, pick what the provider reports; the default flag; secrets that stay secret."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from printing.models import Printer, PrinterConfiguration, PrintJob
from spaces.models import Space
from tests.printing.simulated import SimulatedPrinter, simulated_printer

pytestmark = pytest.mark.django_db

PRINTERS = "/space/alpenblick/printing/printerconfiguration/"
FORM = {
    "name": "Sim",
    "tray": "",
    "paper": "",
    "sides": "",
    "color": "",
    "copies": "1",
    "unknown_rule": "print_again",
    "max_age_hours": "24",
    "substitute": "",
    "substitute_after_minutes": "30",
}


def connect(client: Client, provider: str = "folder", **connection: str) -> Any:
    """The step before the form: its answer, which leads to the form where the connection works."""
    fields = {f"connection-{name}": value for name, value in connection.items()}
    return client.post(f"{PRINTERS}add/?provider={provider}", fields)


def add(client: Client, directory: str, **fields: str) -> Any:
    form = connect(client, directory=directory)
    assert form.status_code == 302
    return client.post(form.headers["Location"], {**FORM, **fields}, follow=True)


def test_the_first_printer_becomes_the_default_and_the_flag_moves_with_the_second(
    space: Space, operator_client: Client
) -> None:
    add(operator_client, "one", name="One")
    assert PrinterConfiguration.objects.get(is_default=True).name == "One"
    add(operator_client, "two", name="Two", default="on")
    assert PrinterConfiguration.objects.get(is_default=True).name == "Two"


def test_a_tray_the_printer_does_not_have_is_refused_in_the_form(space: Space, operator_client: Client) -> None:
    answer = add(operator_client, "one", tray="tray-9")
    assert "tray-9" in answer.content.decode()
    assert not PrinterConfiguration.objects.exists()


def test_a_name_that_is_taken_is_refused_in_the_form(space: Space, operator_client: Client) -> None:
    add(operator_client, "one", name="Sim")
    answer = add(operator_client, "two", name="Sim")
    assert "has this name already" in answer.content.decode()
    assert PrinterConfiguration.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("file:///etc/passwd", "is not an address of a printer"),
        ("http://169.254.169.254/", "is not an address that this installation may print to"),
        ("ipp://user:hunter2@printer/", "contains a user name or password"),
        ("ipp://127.0.0.1:1/ipp/print", "cannot be reached"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_a_sentence_and_saves_nothing(
    space: Space, operator_client: Client, url: str, sentence: str
) -> None:
    answer = connect(operator_client, "ipp", url=url, password="planted-secret")
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "planted-secret" not in answer.content.decode()
    assert not Printer.objects.exists()


def test_a_saved_secret_is_never_shown_again(space: Space, owner_client: Client) -> None:
    printer = simulated_printer(space)
    device = printer.configuration.printer
    device.provider = device.connection.provider = "ipp"
    device.connection.credentials = {
        "url": "ipp://printer/ipp/print",
        "username": "u",
        "password": "planted-secret",
    }
    device.save()
    device.connection.save()
    page = f"{PRINTERS}{printer.configuration.pk}/"
    for path in (PRINTERS, f"{page}change/", f"{page}connection/", f"{page}history/", "/space/alpenblick/"):
        answer = owner_client.get(path)
        assert answer.status_code == 200, path
        assert "planted-secret" not in answer.content.decode(), path
    assert "planted-secret" not in str(list(LogEntry.objects.values()))


def test_a_test_page_is_one_job_however_often_the_button_is_pressed(space: Space, operator_client: Client) -> None:
    printer: SimulatedPrinter = simulated_printer(space)
    path = f"{PRINTERS}{printer.configuration.pk}/test-page/"
    token = "0b3f7f0e-8f5c-4d57-9d0a-5b7f7c6f1d11"
    for _click in range(2):
        assert operator_client.post(path, {"token": token}).status_code == 302
    job = PrintJob.objects.get()
    assert job.document is not None
    with job.document.file.open("rb") as file:
        text = pypdfium2.PdfDocument(file.read())[0].get_textpage().get_text_range()
    assert "Test page" in text
    assert "Alpenblick" in text


def test_a_viewer_connects_nothing(space: Space, viewer_client: Client) -> None:
    assert connect(viewer_client, directory="one").status_code == 403
    assert viewer_client.get(f"{PRINTERS}add/").status_code == 403
