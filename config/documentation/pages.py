"""The navigation table: every page of the documentation, in the order people read. No file is reachable past it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from printing.providers import registry

ROOT = Path(settings.BASE_DIR) / "templates" / "documentation"
LANGUAGES = ("en", "de")
OVERVIEW = "overview"
PROVIDERS = "printing/providers/"


@dataclass(frozen=True)
class Section:
    """A heading of the submenu; an entry is the path of a page or another section."""

    title: str | Promise
    entries: tuple[str | Section, ...]


def navigation() -> tuple[str | Section, ...]:
    """The submenu. The pages of the print services follow the registry of providers."""
    services = tuple(f"{PROVIDERS}{provider.key}" for provider in registry.all_providers())
    return (
        OVERVIEW,
        "getting-started",
        Section(
            _("Printing"),
            (
                "printing",
                "printing/printers",
                Section(_("Print services"), services),
                "printing/jobs",
                "printing/troubleshooting",
                "printing/faults",
            ),
        ),
        Section(_("Connectors"), ("connectors", "connectors/orders", "connectors/payments")),
        Section(_("Dunning"), ("dunning", "dunning/flows", "dunning/runs")),
        Section(_("Operating"), ("operating", "operating/commands", "operating/environment")),
        Section(_("API reference"), ("api", Section(_("Types"), ("api/types/constants", "api/types/states")))),
    )


def paths(entries: tuple[str | Section, ...] | None = None) -> Iterator[str]:
    """The paths of all pages, in the order of the submenu."""
    for entry in navigation() if entries is None else entries:
        if isinstance(entry, Section):
            yield from paths(entry.entries)
        else:
            yield entry


def trail(path: str, entries: tuple[str | Section, ...] | None = None) -> list[str | Promise]:
    """The titles of the sections around a page, outermost first."""
    for entry in navigation() if entries is None else entries:
        if isinstance(entry, Section) and path in paths(entry.entries):
            return [entry.title, *trail(path, entry.entries)]
    return []


def neighbours(path: str) -> tuple[str | None, str | None]:
    """The pages before and after a page."""
    order = list(paths())
    at = order.index(path)
    return (order[at - 1] if at else None), (order[at + 1] if at + 1 < len(order) else None)


def source(path: str, language: str) -> Path:
    """The Markdown file of a page. ``path`` has to come from the table."""
    return ROOT / language / f"{path}.md"
