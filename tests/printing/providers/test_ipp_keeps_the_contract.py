"""The IPP provider under the suite of every provider, against a real driverless printer and a real CUPS server."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from printing.providers.base import ProviderContext, Target
from printing.providers.ipp.provider import IppProvider
from tests.lab import ipp
from tests.lab.processes import free_port
from tests.printing.providers.contract import Printed, ProviderContract, Site


def _site(server: ipp.LabServer, context: ProviderContext, tray: str) -> Site:
    path = "/" + server.url.split("/", 3)[3]
    return Site(
        IppProvider(context),
        Target({"url": server.url}, server.url),
        lambda: [_printed(received) for received in server.documents()],
        {"url": f"ipp://localhost:{free_port()}{path}"},
        tray,
    )


def _printed(received: ipp.Received) -> Printed:
    options = received.options
    source = re.search(r"media-source=([\w-]+)", options.get("IPP_MEDIA_COL", ""))
    sides = re.search(r"sides=([\w-]+)", options.get("options", ""))
    return Printed(
        received.content,
        received.name,
        int(options.get("IPP_COPIES", options.get("copies", "1"))),
        source[1] if source else None,
        options.get("IPP_SIDES", sides[1] if sides else None),
    )


@pytest.fixture(scope="module")
def driverless_printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ipp.LabServer]:
    with ipp.ippeveprinter(tmp_path_factory.mktemp("ippeveprinter")) as printer:
        printer.grow_old()
        yield printer


@pytest.fixture(scope="module")
def cups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ipp.Cups]:
    with ipp.cupsd(tmp_path_factory.mktemp("cups")) as server:
        yield server


@pytest.mark.server
class TestDriverlessPrinter(ProviderContract):
    @pytest.fixture
    def site(self, driverless_printer: ipp.LabServer, context: ProviderContext) -> Site:
        return _site(driverless_printer, context, "tray-2")


@pytest.mark.server
class TestCups(ProviderContract):
    @pytest.fixture
    def site(self, cups: ipp.Cups, context: ProviderContext) -> Site:
        return _site(cups, context, "")
