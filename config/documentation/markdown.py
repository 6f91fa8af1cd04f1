"""Markdown pages as HTML: anchors, tables that fit a telephone, links between pages. Raw HTML is not let through."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override
from markdown_it import MarkdownIt
from markdown_it.token import Token

from config.documentation import pages
from config.documentation.values import fill_in

_EXPLICIT_ANCHOR = re.compile(r" *\{#(?P<anchor>[a-z0-9-]+)\}$")
_PAGE_LINK = "page:"


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A page in one language, ready to be put into the layout."""

    title: str
    html: SafeString
    headings: tuple[Heading, ...]


def title(path: str, language: str) -> str:
    """The title of a page: the first line of its file."""
    return _title(path, language, _stamp(path, language))


def rendered(path: str, language: str) -> Rendered:
    """A page of the navigation table as HTML; made once per process."""
    return _rendered(path, language, _stamp(path, language))


def _stamp(path: str, language: str) -> int:
    """What a cached page is remembered under: while developing, a changed file is another page."""
    return pages.source(path, language).stat().st_mtime_ns if settings.DEBUG else 0


@cache
def _title(path: str, language: str, stamp: int) -> str:
    del stamp
    with pages.source(path, language).open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip()


@cache
def _rendered(path: str, language: str, stamp: int) -> Rendered:
    text = pages.source(path, language).read_text(encoding="utf-8")
    _first, _newline, body = text.partition("\n")
    with override(language):
        parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
        tokens = parser.parse(fill_in(body))
        headings = tuple(_anchor_headings(tokens))
        _label_cells(tokens)
        _resolve_links(tokens, path)
        html = parser.renderer.render(_wrap_tables(tokens), parser.options, {})
    # Made from files of the repository, with raw HTML switched off.
    return Rendered(_title(path, language, stamp), mark_safe(html), headings)  # noqa: S308


def _anchor_headings(tokens: Sequence[Token]) -> Iterable[Heading]:
    """Give each heading the anchor it names itself (``## Text {#anchor}``), so that both languages share it."""
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or not inline.children:
            continue
        last = inline.children[-1]
        match = _EXPLICIT_ANCHOR.search(last.content)
        anchor = match["anchor"] if match else ""
        if match:
            last.content = last.content[: match.start()]
            opening.attrSet("id", anchor)
        text = "".join(child.content for child in inline.children)
        if anchor:
            inline.children.extend(_heading_link(anchor, text))
        yield Heading(int(opening.tag[1:]), anchor, text)


def _heading_link(anchor: str, text: str) -> list[Token]:
    label = gettext("Link to “%(heading)s”") % {"heading": text}
    attrs: dict[str, str | int | float] = {"class": "anchor", "href": f"#{anchor}", "aria-label": label}
    return [Token("link_open", "a", 1, attrs=attrs), Token("text", "", 0, content="#"), Token("link_close", "a", -1)]


def _label_cells(tokens: Sequence[Token]) -> None:
    """Name each cell's column in the cell: on a telephone rows are shown as blocks, without the head."""
    labels: list[str] = []
    column = 0
    for opening, inline in pairwise(tokens):
        if opening.type == "table_open":
            labels = []
        elif opening.type == "tr_open":
            column = 0
        elif opening.type == "th_open":
            labels.append("".join(child.content for child in inline.children or ()))
        elif opening.type == "td_open":
            opening.attrSet("data-label", labels[column])
            column += 1


def _wrap_tables(tokens: Sequence[Token]) -> list[Token]:
    """Tables in a box of their own that scrolls where a table is wider than the screen."""
    wrapped: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            wrapped.append(Token("box_open", "div", 1, attrs={"class": "table"}, block=True))
        wrapped.append(token)
        if token.type == "table_close":
            wrapped.append(Token("box_close", "div", -1, block=True))
    return wrapped


def _resolve_links(tokens: Sequence[Token], path: str) -> None:
    """``page:printing/jobs#retries`` becomes a relative address: the same in every Space and without one."""
    for token in tokens:
        for child in token.children or ():
            href = child.attrGet("href") if child.type == "link_open" else None
            if isinstance(href, str) and href.startswith(_PAGE_LINK):
                child.attrSet("href", relative(href.removeprefix(_PAGE_LINK), path))


def relative(link: str, path: str) -> str:
    """The address of a page, with its anchor, as seen from another page."""
    target, hash_sign, anchor = link.partition("#")
    if target not in pages.paths():
        raise LookupError(f"{path} links to {target}, which is no page")
    here, there = (_place(page) for page in (path, target))
    step = posixpath.relpath(there, here)
    return f"{step}/{hash_sign}{anchor}" if step != "." else f"./{hash_sign}{anchor}"


def _place(path: str) -> str:
    return "/doc" if path == pages.OVERVIEW else f"/doc/{path}"
