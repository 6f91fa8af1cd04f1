"""How Markdown is turned into HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.documentation import markdown, pages, tables


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The overview, with whatever the test writes into it."""
    for cached in (markdown._rendered, markdown._title):
        monkeypatch.setattr(markdown, cached.__name__, cached.__wrapped__)
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    file = tmp_path / "en" / "overview.md"
    file.parent.mkdir()
    return file


def test_raw_html_is_shown_and_not_obeyed(page: Path) -> None:
    page.write_text("# T\n\n<script>alert(1)</script> and <b onclick=x>b</b>\n\n[x](javascript:alert(1))\n")
    html = markdown.rendered("overview", "en").html
    assert "<script" not in html
    assert "<b " not in html
    assert "href" not in html


def test_headings_carry_the_anchor_they_name(page: Path) -> None:
    page.write_text("# T\n\n## Some `code` here {#some-code}\n")
    content = markdown.rendered("overview", "en")
    assert content.title == "T"
    assert '<h2 id="some-code">Some <code>code</code> here<a' in content.html
    assert content.headings == (markdown.Heading(2, "some-code", "Some code here"),)


def test_cells_name_their_column(page: Path) -> None:
    page.write_text("# T\n\n| One | Two |\n|---|---|\n| a | b |\n\n| Three |\n|---|\n| c |\n")
    html = markdown.rendered("overview", "en").html
    assert '<td data-label="One">a</td>' in html
    assert '<td data-label="Two">b</td>' in html
    assert '<td data-label="Three">c</td>' in html
    assert html.count('<div class="table">') == html.count("</div>") == 2


def test_text_of_the_code_is_not_taken_for_markdown(page: Path) -> None:
    text = "a|b *c* _d_ <e> `f` [g](h) %(i)s \\"
    page.write_text("# T\n\n" + tables.markdown_table(("X",), ((tables.plain(text),),)) + "\n")
    html = markdown.rendered("overview", "en").html
    assert "a|b *c* _d_ &lt;e&gt; `f` [g](h) %(i)s \\</td>" in html


def test_a_changed_file_is_another_page_while_developing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object
) -> None:
    import os

    monkeypatch.setattr(pages, "ROOT", tmp_path)
    settings.DEBUG = True  # type: ignore[attr-defined]
    file = tmp_path / "en" / "overview.md"
    file.parent.mkdir()
    file.write_text("# One\n")
    os.utime(file, ns=(1, 1))
    assert markdown.rendered("overview", "en").title == "One"
    file.write_text("# Two\n")
    os.utime(file, ns=(1, 2))
    assert markdown.rendered("overview", "en").title == "Two"
