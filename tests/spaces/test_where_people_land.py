"""The address names the Space: who lands where, and that a page's links stay inside of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from spaces.models import Role, Space
from tests.conftest import Stranger
from tests.factories import PASSWORD, MemberFactory, SpaceFactory, UserFactory

LogIn = Callable[[Any], Client]


def test_a_person_with_one_space_lands_in_it(owner_client: Client, space: Space) -> None:
    assert owner_client.get("/").headers["Location"] == "/space/alpenblick/"
    page = owner_client.get("/space/alpenblick/")
    assert page.status_code == 200
    assert "Alpenblick" in page.content.decode()


def test_a_person_with_several_spaces_chooses(space: Space, owner: Any, owner_client: Client) -> None:
    MemberFactory(space=SpaceFactory(name="Zweitladen", slug="zweitladen"), user=owner, role=Role.VIEWER)
    SpaceFactory(name="Fremd", slug="fremd")
    page = owner_client.get("/").content.decode()
    assert 'href="/space/alpenblick/"' in page
    assert 'href="/space/zweitladen/"' in page
    assert "fremd" not in page


def test_a_person_without_a_space_is_told_what_to_do(db: None, log_in: LogIn) -> None:
    page = log_in(UserFactory(username="nora")).get("/").content.decode()
    assert "You are not a member of a Space yet" in page
    assert "nora" in page


def test_a_superuser_sees_every_space_and_the_installation(space: Space, superuser_client: Client) -> None:
    page = superuser_client.get("/").content.decode()
    assert 'href="/space/alpenblick/"' in page
    assert 'href="/spaces/space/"' in page
    assert 'href="/auth/user/"' in page


def test_the_installations_pages_are_nowhere_inside_a_space(space: Space, superuser_client: Client) -> None:
    assert superuser_client.get("/auth/user/").status_code == 200
    assert superuser_client.get("/space/alpenblick/auth/user/").status_code == 403


def test_two_tabs_work_in_two_spaces(space: Space, owner: Any, owner_client: Client) -> None:
    MemberFactory(space=SpaceFactory(name="Zweitladen", slug="zweitladen"), user=owner, role=Role.OWNER)
    first = owner_client.get("/space/alpenblick/").content.decode()
    second = owner_client.get("/space/zweitladen/").content.decode()
    assert 'href="/space/alpenblick/printing/printjob/"' in first or "/space/alpenblick/spaces/" in first
    assert "/space/alpenblick/spaces/" not in second
    # And the root has forgotten both: the prefix is thread-local.
    assert 'action="/logout/"' in owner_client.get("/").content.decode()


@pytest.mark.parametrize(
    "path", ["/space/alpenblick/", "/space/nobody-has-this/", "/space/alpenblick/printing/printjob/"]
)
def test_somebody_unknown_sees_the_log_in_page_whether_or_not_the_space_exists(space: Space, path: str) -> None:
    client = Client()
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert "id_password" in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"/login/?next={path}")


def test_logging_in_inside_a_space_leads_back_to_the_page(space: Space, owner: Any) -> None:
    client = Client()
    path = "/space/alpenblick/printing/printjob/"
    answer = client.post(f"/space/alpenblick/login/?next={path}", {"username": owner.username, "password": PASSWORD})
    assert answer.headers["Location"] == path


def test_logging_in_without_an_aim_leads_to_the_space(space: Space, owner: Any) -> None:
    for address, aim in (("/login/", "/"), ("/space/alpenblick/login/", "/space/alpenblick/")):
        answer = Client().post(address, {"username": owner.username, "password": PASSWORD})
        assert answer.headers["Location"] == aim


def test_next_never_leads_to_another_host(space: Space, owner: Any) -> None:
    address = "/login/?next=https://evil.example/"
    answer = Client().post(address, {"username": owner.username, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_log_in_asks_for_no_staff_flag(space: Space, owner: Any) -> None:
    owner.is_staff = False
    owner.save()
    assert Client().post("/login/", {"username": owner.username, "password": PASSWORD}).status_code == 302


def test_an_unknown_space_and_a_strangers_are_the_same_404(owner_client: Client, stranger: Stranger) -> None:
    assert owner_client.get("/space/nobody-has-this/").status_code == 404
    assert owner_client.get("/space/fremdland/").status_code == 404


def test_an_address_without_its_slash_leads_to_the_one_with_it(owner_client: Client) -> None:
    assert owner_client.get("/space/alpenblick").headers["Location"] == "/space/alpenblick/"
    answer = owner_client.get("/space/alpenblick/printing/printjob")
    assert answer.headers["Location"] == "/space/alpenblick/printing/printjob/"


def test_logging_out_and_changing_the_password_work_inside_a_space(owner_client: Client) -> None:
    assert owner_client.get("/space/alpenblick/password_change/").status_code == 200
    assert owner_client.get("/space/alpenblick/jsi18n/").status_code == 200
    assert owner_client.post("/space/alpenblick/logout/").status_code == 200
    assert owner_client.get("/space/alpenblick/").status_code == 302


def test_the_space_decides_the_language_until_the_person_does(space: Space, owner_client: Client) -> None:
    Space.objects.filter(pk=space.pk).update(language="de")
    assert '<html lang="de"' in owner_client.get("/space/alpenblick/").content.decode()
    answer = owner_client.post("/space/alpenblick/i18n/setlang/", {"language": "en", "next": "/space/alpenblick/"})
    assert answer.headers["Location"] == "/space/alpenblick/"
    assert '<html lang="en"' in owner_client.get("/space/alpenblick/").content.decode()


def test_no_search_that_would_remember_results_across_spaces(owner_client: Client) -> None:
    assert owner_client.get("/space/alpenblick/search/?s=print").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "printing/printerconfiguration/",
        "printing/printerconfiguration/add/",
        "printing/printjob/",
        "password_change/",
    ],
)
def test_no_link_on_a_page_of_a_space_leaves_it(owner_client: Client, path: str) -> None:
    page = owner_client.get(f"/space/alpenblick/{path}").content.decode()
    links = re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', page)
    assert links
    assert [link for link in links if not link.startswith(("/space/alpenblick/", "/static/"))] == []
