"""When a list of jobs proves that a job is not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from printing.providers.base import ProviderContext
from printing.providers.printnode.client import MAX_PAGES, Page
from printing.providers.printnode.jobs import Search, search
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.peer import answering, response

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = Page((), NOW, last=True)


def _page(*jobs: tuple[int, float]) -> Page:
    """Jobs by id and age in hours."""
    listed = ({"id": i, "source": f"key-{i}", "createTimestamp": (NOW - HOUR * age).isoformat()} for i, age in jobs)
    return Page(tuple(listed), NOW)


def test_a_list_read_to_its_end_is_complete() -> None:
    assert search([_page((3, 0.1)), END], "key-9", HOUR) == Search(complete=True)


def test_an_older_job_ends_the_search_in_a_list_that_comes_newest_first() -> None:
    pages = [_page((9, 0.1), (8, 0.5)), _page((7, 0.9), (6, 2.0)), _page((5, 3.0))]
    assert search(iter(pages), "key-5", HOUR) == Search(reached=True)


def test_an_older_job_ends_nothing_in_a_list_that_comes_oldest_first() -> None:
    pages = [_page((5, 3.0), (6, 2.0)), _page((7, 0.5)), END]
    assert search(pages, "key-7", HOUR) == Search(7)
    assert search(pages, "key-9", HOUR) == Search(complete=True)


def test_an_older_job_ends_nothing_where_only_the_pages_are_in_the_wrong_order() -> None:
    pages = [_page((5, 0.5)), _page((9, 2.0)), _page((7, 0.5)), END]
    assert search(pages, "key-7", HOUR) == Search(7)


def test_a_job_barely_older_may_have_been_written_down_by_another_clock() -> None:
    assert search([_page((9, 1.05))], "key-1", HOUR) == Search()


@pytest.mark.parametrize("created", [None, "", "yesterday", 17, {}])
def test_a_job_without_a_time_is_old_for_nobody(created: object) -> None:
    page = Page(({"id": 1, "source": "other", "createTimestamp": created},), NOW)
    assert search([page, END], "key-9", HOUR) == Search(complete=True)


def test_a_list_that_never_ends_proves_nothing() -> None:
    assert search([_page((n, 0.1)) for n in range(MAX_PAGES, 0, -1)], "key-999", HOUR) == Search()


def test_a_server_that_gives_its_first_page_for_ever_is_asked_twice(context: ProviderContext) -> None:
    body = b'[{"id": 4, "source": "x", "name": "A"}, {"id": 3, "source": "y", "name": "B"}]'
    with answering(response(200, body, content_type="application/json")) as peer:
        found = PrintNodeProvider(context).printers({"api_key": "k", "base_url": peer.url()})
    assert [printer.name for printer in found] == ["A", "B"]
    assert len(peer.requests) == 2
