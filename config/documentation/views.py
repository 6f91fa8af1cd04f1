"""The pages of the documentation: open to everybody, the same inside a Space and outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from config.documentation import markdown, pages


@dataclass(frozen=True)
class Link:
    """A line of the submenu: a page, or the title of a section with what stands below it."""

    title: str | Promise
    url: str = ""
    current: bool = False
    entries: list[Link] = field(default_factory=list)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _show(request, pages.OVERVIEW)


@require_safe
def page(request: HttpRequest, page: str) -> HttpResponse:
    # The table decides, not the disk: whatever a path spells, only these names lead to a file.
    if page == pages.OVERVIEW or page not in pages.paths():
        raise Http404
    return _show(request, page)


@require_safe
def without_slash(_request: HttpRequest, page: str = pages.OVERVIEW) -> HttpResponse:
    if page == pages.OVERVIEW:
        return redirect("documentation:index", permanent=True)
    if page not in pages.paths():
        raise Http404
    return redirect("documentation:page", page, permanent=True)


def _show(request: HttpRequest, path: str) -> HttpResponse:
    language = _language()
    before, after = pages.neighbours(path)
    content = markdown.rendered(path, language)
    context = {
        "page": content,
        "contents": [heading for heading in content.headings if heading.level == 2],
        "trail": pages.trail(path),
        "menu": _menu(pages.navigation(), path, language),
        "before": _link(before, path, language),
        "after": _link(after, path, language),
        "language": language,
    }
    return render(request, "documentation/page.html", context)


def _language() -> str:
    """The reader's language as far as there are pages in it."""
    active = (get_language() or "en").partition("-")[0]
    return active if active in pages.LANGUAGES else "en"


def _menu(entries: tuple[str | pages.Section, ...], current: str, language: str) -> list[Link]:
    menu = []
    for entry in entries:
        if isinstance(entry, pages.Section):
            menu.append(Link(entry.title, entries=_menu(entry.entries, current, language)))
        elif (link := _link(entry, current, language)) is not None:
            menu.append(link)
    return menu


def _link(path: str | None, current: str, language: str) -> Link | None:
    if path is None:
        return None
    url = reverse("documentation:index") if path == pages.OVERVIEW else reverse("documentation:page", args=[path])
    return Link(markdown.title(path, language), url, path == current)
