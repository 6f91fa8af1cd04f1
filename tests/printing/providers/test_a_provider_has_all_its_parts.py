"""Adding a provider is a module, a registry line, a fake, a suite and a page in each language: none is missing."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from config.documentation import pages
from printing.providers import registry
from printing.providers.base import Provider
from printing.providers.folder import FolderProvider
from tests.fakes.table import FAKES

ROOT = Path(__file__).resolve().parents[3]
SUITES = Path(__file__).parent
# Where a fake would be a fake of a fake, or real servers run in its place.
OWN_FAR_END = {"folder": ROOT / "printing/providers/folder.py", "ipp": ROOT / "tests/lab/ipp.py"}


def missing_parts(provider: type[Provider]) -> list[str]:
    """The parts that a provider still lacks."""
    key = provider.key
    parts = {
        f"the module printing/providers/{key}.py or {key}/": _is_its_module(provider),
        "a line in printing/providers/registry.py": provider in registry.all_providers(),
        f"a fake in tests/fakes/{key}/, named in tests/fakes/table.py": _has_far_end(key),
        f"a subclass of ProviderContract in {SUITES.name}/": _has_suite(provider),
    }
    for language in pages.LANGUAGES:
        page = pages.source(f"{pages.PROVIDERS}{key}", language)
        parts[f"the page {page.relative_to(ROOT)}"] = page.is_file()
    return [part for part, there in parts.items() if not there]


def _is_its_module(provider: type[Provider]) -> bool:
    module = Path(inspect.getfile(provider)).relative_to(ROOT).with_suffix("")
    return module.parts[:3] == ("printing", "providers", provider.key)


def _has_far_end(key: str) -> bool:
    if key in OWN_FAR_END:
        return OWN_FAR_END[key].is_file()
    return key in FAKES and (ROOT / "tests" / "fakes" / key).is_dir()


def _has_suite(provider: type[Provider]) -> bool:
    """A test class that inherits the suite, in a file that makes this provider."""
    for file in SUITES.glob("test_*.py"):
        tree = ast.parse(file.read_text())
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        inherits = any(
            isinstance(base, ast.Name) and base.id == "ProviderContract" for one in classes for base in one.bases
        )
        makes = any(isinstance(node, ast.Call) and _name(node.func) == provider.__name__ for node in ast.walk(tree))
        if inherits and makes:
            return True
    return False


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("provider", registry.all_providers(), ids=lambda provider: provider.key)
def test_every_registered_provider_has_all_its_parts(provider: type[Provider]) -> None:
    assert missing_parts(provider) == []


class _Telex(FolderProvider):
    """Nothing of it is there but the class itself."""

    key = "telex"


def test_a_provider_without_them_is_told_every_part_it_lacks() -> None:
    missing = missing_parts(_Telex)
    assert len(missing) == 4 + len(pages.LANGUAGES)
    assert missing[-1] == "the page templates/documentation/de/printing/providers/telex.md"


def test_the_checklist_names_every_part() -> None:
    checklist = (ROOT / "CONTRIBUTING.md").read_text().partition("## Adding a provider")[2].partition("\n## ")[0]
    for part in ("registry.py", "tests/fakes/table.py", "contract.py", "templates/documentation/*/", "One module"):
        assert part in checklist, part
    assert Path(__file__).name in checklist
