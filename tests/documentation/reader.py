"""A reader of the documentation: opens pages in a language, and sees links, anchors and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client

from config.documentation import pages

ROOT = "/doc/"


def address(path: str) -> str:
    """Where the page of the navigation table stands."""
    return ROOT if path == pages.OVERVIEW else f"{ROOT}{path}/"


@dataclass
class Page(HTMLParser):
    """A page as it reaches a browser."""

    url: str
    language: str = ""
    links: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    text: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.language = values.get("lang") or ""
        if identifier := values.get("id"):
            self.anchors.append(identifier)
        if tag == "a" and (href := values.get("href")):
            self.links.append(href)
            if values.get("aria-current") == "page":
                self.current.append(href)

    def handle_data(self, data: str) -> None:
        self.text += data

    def __post_init__(self) -> None:
        super().__init__()


def read(client: Client, url: str, language: str = "en") -> Page:
    """Open a page; it has to be there."""
    response = client.get(url, headers={"accept-language": language})
    assert response.status_code == 200, f"{url}: {response.status_code}"
    page = Page(url)
    page.feed(response.content.decode())
    page.text = " ".join(page.text.split())
    return page
