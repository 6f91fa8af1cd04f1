"""Menus, commands, options and variables that the pages name exist, and none is left out."""

from __future__ import annotations

import ast
import re

import pytest
from django.core.management import get_commands, load_command_class

from config import env
from config.documentation import pages
from config.documentation.values import PLACEHOLDER
from tests.catalogue import sources_of

OURS = ("config", "spaces", "printing", "connectors")
# `demo` and `run` stand behind make and are told in "Getting started".
NOT_FOR_OPERATORS = {"demo", "run"}
OF_DJANGO = {
    "-h",
    "--help",
    "--version",
    "-v",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}


def _commands() -> dict[str, str]:
    found = {name: app for name, app in get_commands().items() if app in OURS}
    return {name: app for name, app in found.items() if name not in NOT_FOR_OPERATORS}


def _told(language: str) -> dict[str, set[str]]:
    """The commands of the page, each with the options of its table."""
    text = pages.source("operating/commands", language).read_text()
    parts = re.split(r"^## (\w+) \{#[a-z-]+\}$", text, flags=re.MULTILINE)[1:]
    return {
        name: set(re.findall(r"^\| `(--[a-z-]+)`", body, re.MULTILINE))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_command_is_told_with_all_its_options(language: str) -> None:
    there = {}
    for name, app in _commands().items():
        parser = load_command_class(app, name).create_parser("manage.py", name)
        options = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
        there[name] = options - OF_DJANGO
    assert _told(language) == there


def _variables() -> dict[str, str | None]:
    """The variables config/env.py reads; the default as the page writes it where that is a plain value."""
    assert env.__file__
    with open(env.__file__, encoding="utf-8") as file:  # noqa: PTH123
        tree = ast.parse(file.read())
    found: dict[str, str | None] = {}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "env":
            assert isinstance(call.args[0], ast.Constant)
            default = next((word.value for word in call.keywords if word.arg == "default"), None)
            plain = isinstance(default, ast.Constant) and default.value not in ("", None)
            assert isinstance(default, ast.expr | None)
            found[str(call.args[0].value)] = str(default.value) if plain and isinstance(default, ast.Constant) else None
    return found


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_variable_is_told_with_its_default(language: str) -> None:
    text = pages.source("operating/environment", language).read_text()
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", text, re.MULTILINE))
    variables = _variables()
    assert set(told) == set(variables)
    for name, default in variables.items():
        if default is not None:
            assert told[name] == f"`{default}`", name


def test_menus_and_buttons_are_called_as_the_product_calls_them() -> None:
    """``{{ ui:… }}`` names words of the product: they have to be words that somebody else than the pages uses."""
    missing = {
        f"{path}: {match['name']}"
        for path in pages.paths()
        for match in PLACEHOLDER.finditer(pages.source(path, "en").read_text())
        if match["kind"] in {"ui", "label"} and not sources_of(match["name"])
    }
    assert not missing
