"""What a printer reports, as trays and papers that a merchant recognises."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from printing.providers.base import PaperSize, Tray
from printing.providers.ipp.attributes import attribute, collection, integer, keyword
from printing.providers.ipp.papers import dimensions, paper_name, tray_name
from printing.providers.ipp.printers import queue_path, remote_printer, troubles
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, RangeOfInteger, Tag, Value

A4 = PaperSize("iso_a4_210x297mm", "A4", 21000, 29700)


def _group(*attributes: Attribute) -> AttributeGroup:
    return AttributeGroup(Group.PRINTER, attributes)


def _values(name: str, made: Iterable[Attribute]) -> Attribute:
    return Attribute(name, tuple(value for item in made for value in item.values))


def _size(width: int, height: int) -> Attribute:
    return collection("media-size", integer("x-dimension", width), integer("y-dimension", height))


@pytest.mark.parametrize(
    ("keyword_", "name", "size"),
    [
        ("iso_a4_210x297mm", "A4", (21000, 29700)),
        ("na_letter_8.5x11in", "Letter", (21590, 27940)),
        ("na_number-10_4.125x9.5in", "Number 10", (10478, 24130)),
        ("jis_b5_182x257mm", "JIS B5", (18200, 25700)),
        ("om_small-photo_100x150mm", "Small photo", (10000, 15000)),
        ("labels", "labels", (0, 0)),
    ],
)
def test_papers_have_the_names_people_use(keyword_: str, name: str, size: tuple[int, int]) -> None:
    assert paper_name(keyword_) == name
    assert dimensions(keyword_) == size


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("auto", "Automatic"),
        ("tray-2", "Tray 2"),
        ("main", "Main tray"),
        ("by-pass-tray", "By-pass tray"),
        ("Fach 2", "Fach 2"),
    ],
)
def test_trays_have_the_names_people_use(source: str, name: str) -> None:
    assert tray_name(source) == name


def test_trays_say_what_lies_in_them() -> None:
    ready = _values(
        "media-col-ready",
        [
            collection("x", _size(21000, 29700), keyword("media-source", "tray-1")),
            collection(
                "x",
                _size(21000, 29700),
                keyword("media-source", "tray-2"),
                keyword("media-type", "stationery-letterhead"),
            ),
            collection("x", _size(10000, 15000), keyword("media-source", "photo")),
        ],
    )
    group = _group(
        keyword("media-source-supported", "tray-1", "tray-2", "photo", "manual"),
        keyword("media-supported", "iso_a4_210x297mm"),
        ready,
    )
    assert remote_printer(group, "id").trays == (
        Tray("tray-1", "Tray 1 (A4)"),
        Tray("tray-2", "Tray 2 (A4, letterhead)"),
        Tray("photo", "Photo tray (100 × 150 mm)"),
        Tray("manual", "Manual feed"),
    )


def test_papers_come_from_names_and_from_sizes_once_each() -> None:
    ranges = Attribute("x-dimension", (Value(Tag.RANGE_OF_INTEGER, RangeOfInteger(7600, 21600)),))
    sizes = [_size(21000, 29700), _size(11000, 22000), collection("x", ranges, integer("y-dimension", 100))]
    group = _group(
        keyword("media-supported", "iso_a4_210x297mm", "custom_min_76x127mm", "custom_max_216x356mm", "labels"),
        _values("media-size-supported", sizes),
    )
    assert remote_printer(group, "id").papers == (
        A4,
        PaperSize("custom_110x220mm_110x220mm", "110 × 220 mm", 11000, 22000),
        PaperSize("labels", "labels"),
    )


def test_of_a_list_reported_twice_the_first_counts() -> None:
    group = _group(
        keyword("sides-supported", "one-sided", "two-sided-long-edge"), keyword("sides-supported", "one-sided")
    )
    assert remote_printer(group, "id").duplex is True


def test_what_is_not_reported_stays_open() -> None:
    printer = remote_printer(_group(), "ipp://printer/ipp/print")
    assert (printer.name, printer.online, printer.duplex, printer.color, printer.max_copies) == (
        "ipp://printer/ipp/print", None, None, None, None,
    )  # fmt: skip
    assert (printer.trays, printer.papers) == ((), ())


@pytest.mark.parametrize(
    ("state", "accepting", "reasons", "online", "detail"),
    [
        (3, True, ["none"], True, ""),
        (4, True, ["toner-low-warning"], True, "toner-low-warning"),
        (5, True, ["paused"], False, "paused"),
        (3, False, ["none"], False, "not accepting jobs"),
        (3, True, ["offline-report"], False, "offline-report"),
    ],
)
def test_a_printer_is_online_when_it_would_print_now(
    state: int, accepting: bool, reasons: list[str], online: bool, detail: str
) -> None:
    group = _group(
        attribute(Tag.ENUM, "printer-state", state),
        Attribute("printer-is-accepting-jobs", (Value(Tag.BOOLEAN, accepting),)),
        keyword("printer-state-reasons", *reasons),
    )
    printer = remote_printer(group, "id")
    assert (printer.online, printer.detail) == (online, detail)


@pytest.mark.parametrize(
    ("modes", "supported", "color"),
    [(["auto", "color"], None, True), (["auto", "monochrome"], True, False), ([], True, True), ([], None, None)],
)
def test_colour_is_known_by_the_modes_or_by_the_flag(
    modes: list[str], supported: bool | None, color: bool | None
) -> None:
    found = [keyword("print-color-mode-supported", *modes)] if modes else []
    flag = [Attribute("color-supported", (Value(Tag.BOOLEAN, supported),))] if supported is not None else []
    assert remote_printer(_group(*found, *flag), "id").color is color


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("ipp://server:631/printers/office", "/printers/office"),
        ("ipp:@evil.example/printers/office", ""),
        ("ipp://[broken/printers", ""),
        ("", ""),
    ],
)
def test_of_a_queue_only_its_path_is_believed(uri: str, path: str) -> None:
    assert queue_path(_group(attribute(Tag.URI, "printer-uri-supported", uri))) == path


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (["none"], ("", False)),
        (["media-empty-report", "spool-area-full-report"], ("", False)),
        (["media-empty-warning"], ("out of paper", False)),
        (["media-empty-warning", "media-jam-error"], ("paper jam", True)),
        (["media-needed", "media-empty", "cover-open"], ("out of paper; a cover is open", True)),
        (["toner-low-warning"], ("", False)),
    ],
)
def test_what_stops_a_printer_is_told_from_what_only_may(reasons: list[str], said: tuple[str, bool]) -> None:
    assert troubles(_group(keyword("printer-state-reasons", *reasons))) == said
