"""Paper sizes and trays in words: PWG 5101.1 self-describing media names, PWG 5100.7 media sources."""

from __future__ import annotations

import re

from printing.providers.base import PaperSize, Tray
from printing.providers.ipp.values import AttributeGroup, Collection

_PWG_NAME = re.compile(
    r"(?P<family>[a-z]+)_(?P<name>[^_]+)_(?P<width>\d+(?:\.\d+)?)x(?P<height>\d+(?:\.\d+)?)(?P<unit>mm|in)"
)
_HUNDREDTHS = {"mm": 100, "in": 2540}  # of a millimetre
_LIMITS = re.compile(r"custom_(min|max)[_-].*")  # the bounds of free sizes, which are no paper
_SOURCES = {
    "auto": "Automatic",
    "by-pass-tray": "By-pass tray",
    "manual": "Manual feed",
    "envelope": "Envelope feeder",
    "large-capacity": "Large capacity tray",
    "alternate": "Alternate tray",
    "disc": "Disc",
}
_TRAY_WORDS = {"main", "top", "middle", "bottom", "side", "left", "right", "center", "rear", "photo", "hagaki"}


def dimensions(pwg_name: str) -> tuple[int, int]:
    """Width and height in hundredths of a millimetre, read from the name; zeros where it does not tell."""
    match = _PWG_NAME.fullmatch(pwg_name)
    if match is None:
        return 0, 0
    factor = _HUNDREDTHS[match["unit"]]
    return round(float(match["width"]) * factor), round(float(match["height"]) * factor)


def paper_name(pwg_name: str) -> str:
    """``iso_a4_210x297mm`` → ``A4``, ``na_letter_8.5x11in`` → ``Letter``; other names as they are."""
    match = _PWG_NAME.fullmatch(pwg_name)
    if match is None:
        return pwg_name
    name = match["name"].replace("-", " ")
    if match["family"] == "iso":
        return name.upper()
    if match["family"] == "jis":
        return f"JIS {name.upper()}"
    return name.capitalize()


def papers(printer: AttributeGroup) -> tuple[PaperSize, ...]:
    """The papers a printer reports by name (``media-supported``) and by size (``media-size-supported``)."""
    found: dict[tuple[int, int], PaperSize] = {}
    unmeasured: list[PaperSize] = []
    for name in printer.all("media-supported"):
        if not isinstance(name, str) or _LIMITS.fullmatch(name):
            continue
        size = dimensions(name)
        paper = PaperSize(name, paper_name(name), *size)
        if all(size):
            found.setdefault(size, paper)
        else:
            unmeasured.append(paper)
    for entry in printer.all("media-size-supported"):
        size = _size(entry) if isinstance(entry, Collection) else (0, 0)
        if all(size):
            found.setdefault(size, _unnamed(size))
    return (*found.values(), *unmeasured)


def trays(printer: AttributeGroup) -> tuple[Tray, ...]:
    """The paper sources a printer reports, named, with what lies in each where it says so (``media-col-ready``)."""
    loaded: dict[str, str] = {}
    for entry in printer.all("media-col-ready"):
        if isinstance(entry, Collection) and isinstance(source := entry.first("media-source"), str):
            loaded.setdefault(source, _contents(entry, papers(printer)))
    found = {
        source: Tray(source, f"{tray_name(source)} ({loaded[source]})" if loaded.get(source) else tray_name(source))
        for source in printer.all("media-source-supported")
        if isinstance(source, str) and source
    }
    return tuple(found.values())


def tray_name(source: str) -> str:
    """``tray-2`` → ``Tray 2``, ``main`` → ``Main tray``; a vendor's own name as it is."""
    if source in _SOURCES:
        return _SOURCES[source]
    if source in _TRAY_WORDS:
        return f"{source.capitalize()} tray"
    words = source.replace("-", " ")
    return words.capitalize() if source == source.lower() else source


def _contents(entry: Collection, known: tuple[PaperSize, ...]) -> str:
    size = _size_of_media(entry)
    names = [paper.name for paper in known if (paper.width, paper.height) == size] or (
        [_unnamed(size).name] if all(size) else []
    )
    kind = entry.first("media-type")
    if isinstance(kind, str) and kind not in ("stationery", "auto", "any"):
        names.append(kind.removeprefix("stationery-").replace("-", " "))
    return ", ".join(names)


def _size_of_media(entry: Collection) -> tuple[int, int]:
    size = entry.first("media-size")
    return _size(size) if isinstance(size, Collection) else (0, 0)


def _size(size: Collection) -> tuple[int, int]:
    """Zeros for a free size, whose dimensions are ranges."""
    width, height = size.first("x-dimension"), size.first("y-dimension")
    return (width, height) if isinstance(width, int) and isinstance(height, int) else (0, 0)


def _unnamed(size: tuple[int, int]) -> PaperSize:
    width, height = (f"{dimension / 100:g}" for dimension in size)
    return PaperSize(f"custom_{width}x{height}mm_{width}x{height}mm", f"{width} × {height} mm", *size)
