"""The German catalogue says everything the product says, and the compiled one says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from django.conf import settings

from tests.catalogue import MO, PO, read
from tests.extraction import SOURCES, extract
from tests.require import require_program

RENEW = "Run `make messages`, translate what is new in locale/de/LC_MESSAGES/django.po, and run it again."
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd%]|\{(\w+)\}")
_KNOWN = {
    "_",
    *("gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
}


def _texts(strings: object) -> tuple[str, ...]:
    return (strings,) if isinstance(strings, str) else tuple(strings) if isinstance(strings, Iterable) else ()


def _named(message: Message) -> str:
    return f"{message.context}: {message.id}" if message.context else str(message.id)


def _key(message: Message) -> tuple[str | None, str]:
    """A message is known by its context and its singular."""
    # babel leaves the contexts of compiled catalogues undecoded.
    context: str | bytes | None = message.context
    return context.decode() if isinstance(context, bytes) else context, _texts(message.id)[0]


def _messages(path: Path = PO) -> Iterator[Message]:
    return (message for message in read(path) if message.id)


@pytest.mark.process
def test_every_string_of_the_product_has_its_german(tmp_path: Path) -> None:
    require_program("xgettext", "msguniq", "msgmerge")
    german = {_key(message) for message in _messages()}
    missing = [_named(message) for message in extract(tmp_path) if message.id and _key(message) not in german]
    assert not missing, RENEW


def test_nothing_is_left_untranslated_or_fuzzy() -> None:
    unfinished = [_named(message) for message in _messages() if message.fuzzy or not all(_texts(message.string))]
    assert not unfinished, RENEW


def test_the_compiled_catalogue_says_what_the_written_one_says() -> None:
    with MO.open("rb") as file:
        compiled = {_key(message): _texts(message.string) for message in read_mo(file) if message.id}
    assert compiled == {_key(message): _texts(message.string) for message in _messages()}, RENEW


def _placeholders(text: str) -> list[str]:
    return sorted(match[0] for match in _PLACEHOLDER.finditer(text))


def _keeps_placeholders(message: Message) -> bool:
    singular, plural = _placeholders(_texts(message.id)[0]), _placeholders(_texts(message.id)[-1])
    first, *others = (_placeholders(text) for text in _texts(message.string))
    # One may be said in words: "The last try" has no number in it.
    return first in (plural, singular) and all(found == plural for found in others)


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _keeps_ends(message: Message) -> bool:
    return all(_ends(text) == _ends(_texts(message.id)[0]) for text in _texts(message.string))


def test_placeholders_are_the_same_in_both_languages() -> None:
    assert not [_named(message) for message in _messages() if not _keeps_placeholders(message)]


def test_spaces_and_line_breaks_at_the_ends_are_kept() -> None:
    assert not [_named(message) for message in _messages() if not _keeps_ends(message)]


@pytest.mark.parametrize(
    ("source", "german"),
    [("%(count)s jobs", "Aufträge"), (("%d job", "%d jobs"), ("%d Auftrag", "Aufträge")), ("{name}", "{nam}")],
)
def test_a_placeholder_that_is_left_out_is_found(source: str | tuple[str, str], german: str | tuple[str, str]) -> None:
    assert not _keeps_placeholders(Message(source, german))


@pytest.mark.parametrize(("source", "german"), [("at ", "um"), (" at", "um"), ("line\n", "Zeile")])
def test_a_space_that_is_left_out_is_found(source: str, german: str) -> None:
    assert not _keeps_ends(Message(source, german))


def test_german_has_german_quotation_marks() -> None:
    assert not [_named(message) for message in _messages() for text in _texts(message.string) if "”" in text]


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for source in SOURCES:
        for path in sorted((Path(settings.BASE_DIR) / source).rglob("*.py")):
            yield str(path.relative_to(settings.BASE_DIR)), ast.parse(path.read_text(encoding="utf-8"))


def test_translation_functions_have_names_that_makemessages_knows() -> None:
    """An alias of one's own is not found by xgettext: its strings would stay English, and no catalogue would say so."""
    wrong = [
        f"{name}: {alias.name} as {alias.asname}"
        for name, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and "gettext" in alias.name and alias.asname not in _KNOWN
    ]
    assert not wrong


def test_nothing_is_translated_inside_an_f_string() -> None:
    """xgettext does not look into f-strings."""
    wrong = [
        f"{name}:{call.lineno}"
        for name, tree in _modules()
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _KNOWN
    ]
    assert not wrong
