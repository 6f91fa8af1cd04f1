"""Every printer of the account is listed, with what it can do and whether it is there."""

from __future__ import annotations

import pytest

from printing.providers import capabilities
from printing.providers.base import ColorMode, PaperSize, ProviderContext, Sides, Target, Tray
from printing.providers.errors import Permanent, Reason
from printing.providers.printnode.printers import remote_printer
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake


def _printer(**changes: object) -> dict[str, object]:
    return {"id": 7, "name": "Laser", "computer": {"name": "TILL", "state": "connected"}, "state": "online", **changes}


def test_a_printer_comes_with_its_trays_papers_and_abilities(
    printnode: PrintNodeFake, context: ProviderContext
) -> None:
    found = {printer.id: printer for printer in PrintNodeProvider(context).printers(printnode.credentials)}
    printer = found[str(PRINTER)]
    assert printer.name == "Büro (KASSE-1)"
    assert printer.trays[2] == Tray("Fach 2", "Fach 2")
    assert printer.papers[0] == PaperSize("A4", "A4", 21000, 29700)
    assert printer.papers[2] == PaperSize("Benutzerdefiniert", "Benutzerdefiniert", 0, 0)
    assert (printer.duplex, printer.color, printer.max_copies, printer.online) == (True, True, 99, True)


@pytest.mark.parametrize("count", [48, 99, 100, 150])
def test_more_printers_than_fit_on_a_page_are_all_listed(
    printnode: PrintNodeFake, context: ProviderContext, count: int
) -> None:
    printnode.order("add_printers", count=count)
    found = PrintNodeProvider(context).printers(printnode.credentials)
    assert len({printer.id for printer in found}) == count + 2


def test_what_has_not_been_reported_is_not_refused() -> None:
    printer = remote_printer(_printer(capabilities=None))
    assert (printer.trays, printer.papers, printer.duplex, printer.color, printer.max_copies) == ((), (), *[None] * 3)
    target = Target({}, "7", "any", PaperSize("x", "x"), Sides.LONG_EDGE, ColorMode.COLOR, copies=50)
    capabilities.check(target, printer)


def test_a_tray_that_the_printer_does_not_have_is_refused_before_sending() -> None:
    printer = remote_printer(_printer(capabilities={"bins": ["Fach 1"], "papers": {}}))
    with pytest.raises(Permanent) as caught:
        capabilities.check(Target({}, "7", tray="Fach 9"), printer)
    assert caught.value.reason is Reason.TRAY_UNKNOWN


@pytest.mark.parametrize(
    ("printer", "computer", "online"),
    [
        ("online", "connected", True),
        ("online", "disconnected", False),
        ("offline", "connected", False),
        ("disappeared", "connected", False),
        ("online", None, True),
        ("sleeping", "connected", None),
        (None, None, None),
    ],
)
def test_a_printer_is_online_when_its_computer_is(printer: object, computer: object, online: bool | None) -> None:
    found = remote_printer(_printer(state=printer, computer={"state": computer}))
    assert found.online is online
    assert bool(found.detail) is (online is False or printer == "sleeping")


def test_a_deleted_printer_is_not_listed(printnode: PrintNodeFake, context: ProviderContext) -> None:
    printnode.order("change_printer", printer_id=PRINTER, state="deleted")
    assert str(PRINTER) not in {p.id for p in PrintNodeProvider(context).printers(printnode.credentials)}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"bins": "Fach 1", "papers": [], "duplex": "yes", "copies": True},
        {"bins": [1, None, "", " ", "a\x00b", "\ud800"], "papers": {"": [1, 2], "\x07": [1, 2]}, "copies": -1},
        {"bins": {}, "papers": 7, "color": 1, "copies": "many"},
        [],
        "none",
    ],
)
def test_abilities_that_cannot_be_read_count_as_not_reported(nonsense: object) -> None:
    printer = remote_printer(_printer(capabilities=nonsense))
    assert (printer.trays, printer.papers, printer.duplex, printer.color, printer.max_copies) == ((), (), *[None] * 3)


@pytest.mark.parametrize("size", [[1], [1, 2, 3], "A4", None, [True, None], [-1, 5], [1e300, 5], [float("nan"), 5]])
def test_a_size_that_is_none_leaves_the_paper_unmeasured(size: object) -> None:
    [paper] = remote_printer(_printer(capabilities={"papers": {"Rolle": size}})).papers
    assert paper == PaperSize("Rolle", "Rolle", 0, 0)


def test_a_printer_without_a_name_is_called_by_its_number() -> None:
    assert remote_printer(_printer(name=None, computer=None)).name == "7"
