"""Each Space counts its documents by itself, each year anew, and no number is lost or given twice."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from connectors.models import NumberCounter, NumberSeries, SeriesKind
from connectors.models.numbers import validate_pattern
from connectors.numbering import next_number
from spaces.models import Space
from tests.factories import SpaceFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)


def give(space: Space, day: date = DAY, kind: SeriesKind = SeriesKind.INVOICE) -> str:
    with transaction.atomic():
        return next_number(space, kind, day)


def test_each_year_begins_at_one_and_a_late_document_counts_in_its_own(space: Space) -> None:
    assert [give(space), give(space)] == ["2026-0001", "2026-0002"]
    assert give(space, date(2027, 1, 1)) == "2027-0001"
    assert give(space, date(2026, 12, 31)) == "2026-0003"


def test_spaces_and_kinds_count_by_themselves(space: Space) -> None:
    give(space)
    assert give(SpaceFactory()) == "2026-0001"
    assert give(space, kind=SeriesKind.PACKING_SLIP) == "L2026-0001"


def test_a_number_that_is_rolled_back_is_given_again(space: Space) -> None:
    give(space)
    with transaction.atomic():
        next_number(space, SeriesKind.INVOICE, DAY)
        transaction.set_rollback(True)
    assert give(space) == "2026-0002"


def test_the_pattern_decides_how_numbers_look(space: Space) -> None:
    series = NumberSeries.objects.create(space=space, kind=SeriesKind.INVOICE, pattern="RE-{number}", digits=6)
    assert [give(space), give(space, date(2027, 1, 1))] == ["RE-000001", "RE-000002"]
    series.pattern = "RE/{year}/{number}"
    series.save()
    assert give(space) == "RE/2026/000001"


def test_a_series_may_begin_where_another_program_stopped(space: Space) -> None:
    give(space)
    NumberCounter.objects.update(last=12_344)
    assert give(space) == "2026-12345"


@pytest.mark.parametrize("pattern", ["{year}", "{number}{number}", "{number}-{month}", "", "{year}{year}{number}"])
def test_a_pattern_without_number_or_with_strange_words_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match=r"Write \{number\} once"):
        validate_pattern(pattern)
