"""docs/decisions: numbered without gaps, a number once, and the heading says the same one."""

from __future__ import annotations

from config.env import BASE_DIR


def test_every_page_has_the_next_number() -> None:
    pages = sorted((BASE_DIR / "docs" / "decisions").glob("*.md"))
    assert [page.name[:5] for page in pages] == [f"{number:04}-" for number in range(1, len(pages) + 1)]
    headings = [page.read_text().splitlines()[0] for page in pages]
    assert [heading.partition(".")[0] for heading in headings] == [f"# {n}" for n in range(1, len(pages) + 1)]
