"""The button that deletes names what it deletes, in the order of words of its language."""

from __future__ import annotations

import pytest
from django.test import Client

from spaces.models import FeatureName, Space
from tests.factories import FeatureFactory, PrinterConfigurationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("en", "Delete printer"), ("de", "Drucker löschen")])
def test_the_noun_stands_where_it_belongs(space: Space, owner_client: Client, language: str, words: str) -> None:
    Space.objects.filter(pk=space.pk).update(language=language)
    FeatureFactory(space=space, name=FeatureName.PRINTING)
    printer = PrinterConfigurationFactory(space=space)
    path = f"/space/{space.slug}/printing/printerconfiguration/{printer.pk}/change/"
    page = owner_client.get(path).content.decode()
    assert [" ".join(line.split()) for line in page.splitlines()].count(words) == 1
