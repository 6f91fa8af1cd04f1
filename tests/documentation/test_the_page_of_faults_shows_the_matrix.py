"""The page of faults has every cell that the matrix found, in the reader's language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from config.documentation import faults, pages
from config.documentation.advice import EXAMPLES
from printing.providers import registry
from printing.sentences import sentence
from tests.documentation.reader import read


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_it_has_a_row_for_every_fault_and_every_sentence(client: Client, language: str) -> None:
    text = read(client, "/doc/printing/faults/", language).text
    with override(language):
        for label in faults.LABELS.values():
            assert text.count(str(label)) == len(registry.all_providers())
        for reason in {cell["reason"] for cell in faults.cells() if cell.get("reason")}:
            assert sentence(reason, EXAMPLES) in text


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_it_has_the_table_of_every_print_service(language: str) -> None:
    text = pages.source("printing/faults", language).read_text()
    for provider in registry.all_providers():
        assert f"{{{{ table:faults of {provider.key} }}}}" in text


def test_every_registered_print_service_is_in_the_file() -> None:
    assert {cell["provider"] for cell in faults.cells()} == {provider.key for provider in registry.all_providers()}
