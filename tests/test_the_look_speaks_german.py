"""The admin's look comes from django-unfold, which brings no German: what it says stands in our own catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import unfold
from django.utils import translation
from django.utils.translation import gettext

UNFOLD = Path(unfold.__file__).parent
# Parts that are not installed, and pages of unfold's own search, which the admin does without.
UNUSED = {
    "dataset_actions.html",
    "dataset_model_admin.py",
    "nested_inlines_model_admin.py",
    "command.html",
    "command_results.html",
    "command_history.html",
    "search.html",
}
_TAG = re.compile(r"""(?:{%-?\s*(?:trans|translate)\s+|\b_\()(?:"([^"]+)"|'([^']+)')""")
_BLOCK = re.compile(r"{%-?\s*blocktrans(?:late)?([^%]*)%}(.*?){%\s*(?:plural|endblocktrans)", re.DOTALL)


def _in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((UNFOLD / "templates").rglob("*.html")):
        if path.name in UNUSED or "unfold_crispy" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for match in _TAG.finditer(text):
            yield path.name, match[1] or match[2]
        for options, block in _BLOCK.findall(text):
            source = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block)
            if "trimmed" in options:
                source = " ".join(line.strip() for line in source.strip().splitlines())
            yield path.name, source


def _in_code() -> Iterator[tuple[str, str]]:
    for path in sorted([*UNFOLD.glob("*.py"), *UNFOLD.glob("mixins/*.py"), *UNFOLD.glob("templatetags/*.py")]):
        if path.name in UNUSED:
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args):
                continue
            text = call.args[0]
            if call.func.id in {"_", "gettext", "gettext_lazy"} and isinstance(text, ast.Constant):
                yield path.name, str(text.value)


SAME = {"System"}  # in both languages


def test_the_words_are_found() -> None:
    words = {word for _name, word in (*_in_templates(), *_in_code())}
    assert {"Filters", "Select record", "Welcome back to", "Run"} <= words


@pytest.mark.parametrize("place", ["templates", "code"])
def test_whatever_unfold_says_is_said_in_german(place: str) -> None:
    words = _in_templates() if place == "templates" else _in_code()
    with translation.override("de"):
        english = sorted({(name, word) for name, word in words if word not in SAME and gettext(word) == word})
    assert english == []
