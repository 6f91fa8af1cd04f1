"""The job template holds what the configuration says and nothing else; paper and tray travel together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printing.providers.base import ColorMode, PaperSize, Sides, Target
from printing.providers.ipp.attributes import collection, integer, job_template, keyword
from printing.providers.ipp.values import Attribute, Tag, Value

A4 = PaperSize("iso_a4_210x297mm", "A4", 21000, 29700)
TARGET = Target({}, "ipp://printer/ipp/print")
SIZE = collection("media-size", integer("x-dimension", 21000), integer("y-dimension", 29700))


def test_nothing_configured_sends_nothing() -> None:
    assert job_template(TARGET) == ()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (replace(TARGET, copies=2), integer("copies", 2)),
        (replace(TARGET, sides=Sides.LONG_EDGE), keyword("sides", "two-sided-long-edge")),
        (replace(TARGET, color=ColorMode.MONOCHROME), keyword("print-color-mode", "monochrome")),
        (replace(TARGET, tray="tray-2"), collection("media-col", keyword("media-source", "tray-2"))),
        (replace(TARGET, paper=A4), collection("media-col", SIZE)),
        (replace(TARGET, paper=A4, tray="tray-2"), collection("media-col", SIZE, keyword("media-source", "tray-2"))),
        # Without measures they are read from the name; where it has none either, the name itself is sent.
        (replace(TARGET, paper=PaperSize("iso_a4_210x297mm", "A4")), collection("media-col", SIZE)),
        (replace(TARGET, paper=PaperSize("labels", "Labels")), keyword("media", "labels")),
        (
            replace(TARGET, paper=PaperSize("labels", "Labels"), tray="main"),
            collection("media-col", keyword("media-size-name", "labels"), keyword("media-source", "main")),
        ),
        (
            replace(TARGET, tray="Fach 2 (Briefbogen)"),
            collection("media-col", Attribute("media-source", (Value(Tag.NAME, "Fach 2 (Briefbogen)"),))),
        ),
    ],
)
def test_what_is_configured_is_sent_alone(target: Target, expected: Attribute) -> None:
    assert job_template(target) == (expected,)


def test_media_and_media_col_never_travel_together() -> None:
    for paper in (None, A4, PaperSize("labels", "Labels")):
        for tray in ("", "tray-2"):
            names = [found.name for found in job_template(replace(TARGET, paper=paper, tray=tray))]
            assert not {"media", "media-col"} <= set(names)
