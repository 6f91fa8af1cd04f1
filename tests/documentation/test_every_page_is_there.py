"""The navigation table, the files and the two languages say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.documentation import markdown, pages
from printing.providers import registry


def _on_disk(language: str) -> set[str]:
    root = pages.ROOT / language
    return {str(Path(file).relative_to(root).with_suffix("")) for file in root.rglob("*.md")}


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_page_of_the_table_is_a_file_and_every_file_is_a_page(language: str) -> None:
    assert _on_disk(language) == set(pages.paths())


def test_no_page_stands_twice_in_the_table() -> None:
    assert len(list(pages.paths())) == len(set(pages.paths()))


@pytest.mark.parametrize("language", pages.LANGUAGES)
@pytest.mark.parametrize("provider", [provider.key for provider in registry.all_providers()])
def test_every_print_service_has_its_page(provider: str, language: str) -> None:
    assert f"{pages.PROVIDERS}{provider}" in pages.paths()
    assert pages.source(f"{pages.PROVIDERS}{provider}", language).is_file()


@pytest.mark.parametrize("path", list(pages.paths()))
def test_both_languages_have_the_same_headings_in_the_same_order(path: str) -> None:
    english, german = (markdown.rendered(path, language).headings for language in pages.LANGUAGES)
    assert [(heading.level, heading.anchor) for heading in english] == [
        (heading.level, heading.anchor) for heading in german
    ]


@pytest.mark.parametrize("language", pages.LANGUAGES)
@pytest.mark.parametrize("path", list(pages.paths()))
def test_every_heading_has_an_anchor_of_its_own(path: str, language: str) -> None:
    anchors = [heading.anchor for heading in markdown.rendered(path, language).headings]
    assert all(anchors)
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("path", list(pages.paths()))
def test_every_page_has_a_title_and_is_really_translated(path: str) -> None:
    english, german = (markdown.rendered(path, language) for language in pages.LANGUAGES)
    assert english.title
    assert german.title
    assert english.html != german.html


def test_both_languages_use_the_same_placeholders() -> None:
    from config.documentation.values import PLACEHOLDER

    for path in pages.paths():
        english, german = (
            sorted(match[0] for match in PLACEHOLDER.finditer(pages.source(path, language).read_text()))
            for language in pages.LANGUAGES
        )
        assert english == german, path
