"""Every link within the documentation leads to a page that exists, and to an anchor that is on it."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

import pytest
from django.test import Client

from config.documentation import markdown, pages
from tests.documentation.reader import ROOT, Page, address, read


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_link_and_anchor_is_there(client: Client, language: str) -> None:
    site: dict[str, Page] = {address(path): read(client, address(path), language) for path in pages.paths()}
    broken = []
    for url, page in site.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(url, link))
            if not target.startswith(ROOT):
                continue
            if target not in site or (anchor and anchor not in site[target].anchors):
                broken.append(f"{url} -> {link}")
    assert not broken


def test_pages_link_to_nothing_outside(client: Client) -> None:
    for path in pages.paths():
        outside = {link for link in read(client, address(path)).links if link.startswith(("http:", "https:", "//"))}
        assert not outside, path


def test_a_link_to_a_page_that_is_none_is_refused() -> None:
    with pytest.raises(LookupError, match="printing links to printing/nothing"):
        markdown.relative("printing/nothing", "printing")


@pytest.mark.parametrize(
    ("link", "path", "expected"),
    [
        ("printing/jobs", "overview", "printing/jobs/"),
        ("printing/jobs#cancel", "printing/printers", "../jobs/#cancel"),
        ("overview", "printing/jobs", "../../"),
        ("printing/jobs#cancel", "printing/jobs", "./#cancel"),
    ],
)
def test_links_are_relative_so_that_they_stay_inside_the_space(link: str, path: str, expected: str) -> None:
    assert markdown.relative(link, path) == expected
