"""Options the printer does not report are refused before anything is sent; what it does not report is never refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printing.providers.base import ColorMode, PaperSize, RemotePrinter, Sides, Target, Tray
from printing.providers.capabilities import check, from_json, to_json
from printing.providers.errors import Permanent, Reason

A4 = PaperSize("iso_a4_210x297mm", "A4", 21000, 29700)
DL = PaperSize("iso_dl_110x220mm", "DL", 11000, 22000)
PRINTER = RemotePrinter(
    id="p", name="Laser", online=True, trays=(Tray("main", "Main tray"), Tray("tray-2", "Tray 2")),
    papers=(A4,), duplex=False, color=False, max_copies=9,
)  # fmt: skip
SILENT = RemotePrinter(id="p", name="Raw queue")
TARGET = Target({}, "p")


@pytest.mark.parametrize(
    ("target", "reason", "field", "params"),
    [
        (
            replace(TARGET, tray="tray-3"),
            Reason.TRAY_UNKNOWN,
            "tray",
            {"tray": "tray-3", "trays": "Main tray, Tray 2"},
        ),
        (replace(TARGET, paper=DL), Reason.PAPER_UNKNOWN, "paper", {"paper": "DL", "papers": "A4"}),
        (replace(TARGET, sides=Sides.LONG_EDGE), Reason.DUPLEX_UNSUPPORTED, "sides", {}),
        (replace(TARGET, sides=Sides.SHORT_EDGE), Reason.DUPLEX_UNSUPPORTED, "sides", {}),
        (replace(TARGET, color=ColorMode.COLOR), Reason.COLOR_UNSUPPORTED, "color", {}),
        (replace(TARGET, copies=10), Reason.TOO_MANY_COPIES, "copies", {"copies": 10, "limit": 9}),
    ],
)
def test_what_the_printer_cannot_do_is_refused(
    target: Target, reason: Reason, field: str, params: dict[str, str | int]
) -> None:
    with pytest.raises(Permanent) as caught:
        check(target, PRINTER)
    assert (caught.value.reason, caught.value.field, caught.value.params) == (reason, field, params)
    check(target, SILENT)


@pytest.mark.parametrize(
    "target",
    [
        TARGET,
        replace(TARGET, tray="tray-2", paper=A4, sides=Sides.ONE_SIDED, color=ColorMode.MONOCHROME, copies=9),
        replace(TARGET, paper=PaperSize("A4", "A4 of another provider", 20990, 29704)),
    ],
)
def test_what_the_printer_can_do_passes(target: Target) -> None:
    check(target, PRINTER)


@pytest.mark.parametrize("printer", [PRINTER, SILENT])
def test_a_printer_comes_back_from_storage_as_it_was(printer: RemotePrinter) -> None:
    assert from_json(to_json(printer)) == printer


def test_what_another_version_stored_counts_as_not_reported() -> None:
    stored = {"id": "p", "trays": "main", "papers": [None, {"id": "x", "width": "wide"}], "max_copies": True, "new": 1}
    assert from_json(stored) == RemotePrinter(id="p", name="", papers=(PaperSize("x", ""),))
