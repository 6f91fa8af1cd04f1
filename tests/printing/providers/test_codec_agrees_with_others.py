"""A second opinion on the codec: pyipp reads what we write and writes what we read, as far as it can."""

from __future__ import annotations

from typing import Any

import pytest

from printing.providers.base import PaperSize, Sides, Target
from printing.providers.ipp.attributes import attribute, integer, job_template, keyword
from printing.providers.ipp.codec import decode, encode
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, Message, RangeOfInteger, Tag, Value

parser = pytest.importorskip("pyipp.parser")
serializer = pytest.importorskip("pyipp.serializer")
enums = pytest.importorskip("pyipp.enums")

HEAD = (
    attribute(Tag.CHARSET, "attributes-charset", "utf-8"),
    attribute(Tag.NATURAL_LANGUAGE, "attributes-natural-language", "en"),
    attribute(Tag.URI, "printer-uri", "ipp://localhost/ipp/print"),
)


def _parsed(*groups: AttributeGroup) -> dict[str, Any]:
    message = Message(0x0000, 42, (AttributeGroup(Group.OPERATION, HEAD), *groups))
    parsed: dict[str, Any] = parser.parse(encode(message), contains_data=True)
    return parsed


def test_it_reads_the_head_of_our_messages() -> None:
    parsed = _parsed()
    assert parsed["request-id"] == 42
    assert parsed["status-code"] == 0
    assert parsed["operation-attributes"]["printer-uri"] == "ipp://localhost/ipp/print"


def test_it_reads_our_integers_words_and_sets() -> None:
    printer = AttributeGroup(
        Group.PRINTER,
        (
            integer("printer-up-time", 77),
            keyword("sides-supported", "one-sided", "two-sided-long-edge"),
            Attribute("copies-supported", (Value(Tag.RANGE_OF_INTEGER, RangeOfInteger(1, 99)),)),
            Attribute("color-supported", (Value(Tag.BOOLEAN, True),)),
        ),
    )
    [parsed] = _parsed(printer)["printers"]
    assert parsed["printer-up-time"] == 77
    assert parsed["sides-supported"] == ["one-sided", "two-sided-long-edge"]
    assert list(parsed["copies-supported"]) == [1, 99]
    assert parsed["color-supported"]


def test_it_reads_the_tray_and_paper_we_ask_for() -> None:
    paper = PaperSize("iso_a4_210x297mm", "A4", 21000, 29700)
    target = Target({}, "p", tray="tray-2", paper=paper, sides=Sides.LONG_EDGE, copies=3)
    [job] = _parsed(AttributeGroup(Group.JOB, job_template(target)))["jobs"]
    assert job["copies"] == 3
    assert job["sides"] == "two-sided-long-edge"
    assert job["media-col"]["media-source"] == "tray-2"
    assert job["media-col"]["media-size"] == {"x-dimension": 21000, "y-dimension": 29700}


def test_we_read_what_it_writes() -> None:
    octets = serializer.encode_dict(
        {
            "version": (2, 0),
            "operation": enums.IppOperation.PRINT_JOB,
            "request-id": 7,
            "operation-attributes-tag": {
                "attributes-charset": "utf-8",
                "attributes-natural-language": "en",
                "printer-uri": "ipp://localhost/ipp/print",
                "requesting-user-name": "someone",
                "job-name": "Rechnung für Müller",
            },
            "job-attributes-tag": {"copies": 2, "sides": "one-sided"},
            "data": b"%PDF",
        }
    )
    message = decode(octets)
    assert (message.code, message.request_id, message.version, message.data) == (2, 7, (2, 0), b"%PDF")
    assert message.group(Group.OPERATION).text("job-name") == "Rechnung für Müller"
    assert message.group(Group.JOB).number("copies") == 2
    assert message.group(Group.JOB).text("sides") == "one-sided"
