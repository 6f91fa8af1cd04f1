"""The address to enter at a print service that calls us: shown to those who may connect it, and a working one."""

from __future__ import annotations

import pytest
from django.test import Client

from printing.models import PrinterConfiguration
from spaces.models import Space
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db

PRINTERS = "/space/alpenblick/printing/printerconfiguration/"


@pytest.fixture
def office(space: Space) -> PrinterConfiguration:
    office: PrinterConfiguration = PrinterConfigurationFactory(
        space=space, printer__provider="printnode", printer__connection__credentials={"api_key": "x"}
    )
    return office


def page(client: Client, configuration: PrinterConfiguration, name: str = "change") -> str:
    return client.get(f"{PRINTERS}{configuration.pk}/{name}/").content.decode()


@pytest.mark.parametrize("name", ["change", "connection"])
def test_it_stands_on_the_pages_of_the_printer_outside_of_the_space(
    space: Space, office: PrinterConfiguration, operator_client: Client, name: str
) -> None:
    path = f"/hooks/printnode/{office.printer.connection.hook_key}/"
    assert f"http://testserver{path}<" in page(operator_client, office, name)
    assert Client().post(path).status_code == 401


def test_a_viewer_does_not_see_it(space: Space, office: PrinterConfiguration, viewer_client: Client) -> None:
    html = page(viewer_client, office)
    assert "<!doctype" in html.lower(), html
    assert office.name in html
    assert "/hooks/" not in html


def test_a_service_that_never_calls_has_none(
    space: Space, configuration: PrinterConfiguration, operator_client: Client
) -> None:
    assert "/hooks/" not in page(operator_client, configuration) + page(operator_client, configuration, "connection")
