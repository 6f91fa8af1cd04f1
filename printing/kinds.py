"""The kinds of documents that are printed, registered by the apps that make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SourceGone(Exception):
    """Raised by a renderer whose source row no longer exists."""


class RenderingFailed(Exception):
    """Raised by a renderer that cannot make this document; the text goes to the log."""


class NotYet(RenderingFailed):
    """Raised by a renderer that is older than what it is to render: the program that is updated can make it."""


@dataclass(frozen=True)
class DocumentKind:
    """``render`` makes the PDF from the primary key of a frozen source; None where the document comes ready-made.

    ``render_copy`` makes it with the mark of a copy; None where it carries none. Both raise SourceGone,
    RenderingFailed or NotYet. ``source_admin`` names the admin page of the source ("app_model").
    """

    key: str
    label: str | Promise
    render: Callable[[int], bytes] | None
    source_admin: str = ""
    render_copy: Callable[[int], bytes] | None = None


FILE = DocumentKind("file", _("File"), None)

_kinds: dict[str, DocumentKind] = {FILE.key: FILE}


def register(kind: DocumentKind) -> None:
    _kinds[kind.key] = kind


def get(key: str) -> DocumentKind | None:
    return _kinds.get(key)


def marks_copies(key: str) -> bool:
    """Whether a second print of such a document says that it is a copy."""
    kind = _kinds.get(key)
    return kind is not None and kind.render_copy is not None


def label(key: str) -> str:
    """The kind's name in the reader's language; its key where this installation no longer makes it."""
    kind = _kinds.get(key)
    return str(kind.label) if kind else key


def choices() -> list[tuple[str, str]]:
    return [(kind.key, str(kind.label)) for kind in _kinds.values()]
