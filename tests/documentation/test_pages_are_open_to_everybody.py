"""Pages are reached without an account, in both languages, inside a Space and outside."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.documentation import markdown, pages
from printing.providers import registry
from spaces.models import Space
from tests.documentation.reader import address, read

GERMAN = {"accept-language": "de"}


@pytest.mark.parametrize("language", pages.LANGUAGES)
@pytest.mark.parametrize("path", list(pages.paths()))
def test_every_page_is_shown_in_both_languages(client: Client, path: str, language: str) -> None:
    page = read(client, address(path), language)
    assert page.language == language
    assert markdown.title(path, language) in page.text
    assert "{{" not in page.text
    assert "%(" not in page.text
    assert page.tags.count("h1") == 1


@pytest.mark.parametrize("path", list(pages.paths()))
def test_the_submenu_marks_the_page_one_is_on_and_no_other(client: Client, path: str) -> None:
    assert read(client, address(path)).current == [address(path)]


def test_the_submenu_lists_every_page(client: Client) -> None:
    links = read(client, "/doc/").links
    assert {address(path) for path in pages.paths()} <= set(links)


def test_the_submenu_lists_every_print_service(client: Client) -> None:
    links = read(client, "/doc/printing/").links
    for provider in registry.all_providers():
        assert f"/doc/printing/providers/{provider.key}/" in links


def test_previous_and_next_lead_through_all_pages(client: Client) -> None:
    url, seen = "/doc/", ["/doc/"]
    while (after := client.get(url).context["after"]) is not None:
        assert client.get(after.url).context["before"].url == url
        url = after.url
        seen.append(url)
    assert seen == [address(path) for path in pages.paths()]


def test_a_page_without_its_slash_is_found(client: Client) -> None:
    response = client.get("/doc/printing/jobs")
    assert response.status_code == 301
    assert response["Location"] == "/doc/printing/jobs/"


@pytest.mark.parametrize("prefix", ["", "/space/alpenblick"])
def test_the_documentation_without_its_slash_is_found_and_asks_nobody_to_log_in(client: Client, prefix: str) -> None:
    response = client.get(f"{prefix}/doc")
    assert response.status_code == 301
    assert response["Location"] == f"{prefix}/doc/"


@pytest.mark.parametrize(
    "url",
    [
        "/doc/nothing/",
        "/doc/overview/",
        "/doc/printing/providers/",
        "/doc/printing/providers/nothing/",
        "/doc/printing/jobs.md/",
        "/doc/en/printing/jobs/",
        "/doc//printing/jobs/",
        "/doc/../settings/",
        "/doc/../../../etc/passwd/",
        "/doc/%2e%2e/%2e%2e/config/settings.py/",
        "/doc/..%2f..%2fconfig%2fsettings.py/",
        "/doc/printing/../../../../manage/",
        "/doc/printing%00/",
        "/doc//etc/passwd/",
    ],
)
def test_what_is_not_in_the_table_is_not_found(client: Client, url: str, db: None) -> None:
    assert client.get(url).status_code == 404


def test_pages_are_only_read(client: Client) -> None:
    assert client.head("/doc/").status_code == 200
    assert client.post("/doc/").status_code == 405


@pytest.mark.django_db
def test_reading_needs_no_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        for path in pages.paths():
            client.get(address(path))


@pytest.mark.django_db
def test_a_member_reads_it_inside_the_space(owner_client: Client, space: Space) -> None:
    page = read(owner_client, f"/space/{space.slug}/doc/printing/jobs/")
    assert page.current == [f"/space/{space.slug}/doc/printing/jobs/"]
    assert f"/space/{space.slug}/" in page.links, "the way back into the Space"
    assert "/doc/" not in page.links


@pytest.mark.django_db
def test_the_space_decides_the_language_until_the_person_does(owner_client: Client, space: Space) -> None:
    Space.objects.filter(pk=space.pk).update(language="de")
    assert read(owner_client, f"/space/{space.slug}/doc/").language == "de"


@pytest.mark.django_db
def test_the_language_is_switched_and_the_page_stays(client: Client) -> None:
    response = client.post(
        "/i18n/setlang/", {"language": "de", "next": "/doc/printing/jobs/"}, headers={"accept-language": "en"}
    )
    assert response["Location"] == "/doc/printing/jobs/"
    page = read(client, response["Location"], "en")
    assert page.language == "de"
    assert "Druckaufträge" in page.text


def test_a_language_without_pages_is_answered_in_english(client: Client) -> None:
    assert read(client, "/doc/", "fr").language == "en"
    assert read(client, "/doc/", "de-AT").language == "de"


def test_the_look_is_a_file_of_its_own_and_no_script_is_needed(client: Client) -> None:
    page = read(client, "/doc/")
    assert "script" not in page.tags
    assert "style" not in page.tags
