"""Connect ezeep: to its page and back, with a state that counts once, in one session and one Space."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from printing.admin.authorizations import LIFETIME
from printing.models import Connection, Printer, PrinterConfiguration
from printing.providers.errors import Reason
from spaces.models import Role, Space
from tests.conftest import Stranger
from tests.factories import MemberFactory
from tests.fakes.ezeep.accounts import CLIENT_SECRET
from tests.fakes.ezeep.fake import OFFICE, QUEUE, TRAY, EzeepFake, ezeep_fake
from tests.printing.admin.test_connecting_a_printer import FORM

pytestmark = pytest.mark.django_db

PRINTERS = "/space/alpenblick/printing/printerconfiguration/"
AUTHORIZED = f"{PRINTERS}authorized/"


@pytest.fixture(scope="module")
def shared_fake() -> Iterator[EzeepFake]:
    with ezeep_fake() as fake:
        yield fake


@pytest.fixture
def ezeep(shared_fake: EzeepFake) -> EzeepFake:
    shared_fake.clear_faults()
    shared_fake.order("revoke")
    return shared_fake


def begin(client: Client, ezeep: EzeepFake, **changes: str) -> Any:
    """Press "Connect ezeep" with the form filled in."""
    fields = {f"connection-{name}": value for name, value in {**ezeep.client, **changes}.items()}
    return client.post(f"{PRINTERS}add/?provider=ezeep", fields)


def answer_at(url: str, answer: str = "allow") -> str:
    """What the person does in ezeep's page; returns the address to which ezeep sends the browser back."""
    assert requests.get(url, timeout=10).status_code == 200
    return requests.post(url, {"answer": answer}, timeout=10, allow_redirects=False).headers["Location"]


def go(client: Client, url: str) -> Any:
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}")


def come_back(client: Client, url: str) -> Any:
    """The installation's callback, and the Space's page it leads to."""
    answer = go(client, url)
    assert answer.status_code == 302
    return go(client, answer.headers["Location"])


def messages(answer: Any) -> str:
    return " ".join(str(message) for message in answer.wsgi_request._messages)


def connected(client: Client, ezeep: EzeepFake) -> PrinterConfiguration:
    """A printer of ezeep's, connected as a person does it."""
    draft = come_back(client, answer_at(begin(client, ezeep).headers["Location"])).headers["Location"]
    client.post(f"{draft}&device={OFFICE}", {**FORM, "name": "Büro", "tray": TRAY})
    return PrinterConfiguration.objects.get(name="Büro")


@pytest.mark.fake
def test_connect_leads_to_ezeep_and_back_to_its_printers(
    space: Space, operator_client: Client, ezeep: EzeepFake
) -> None:
    answer = begin(operator_client, ezeep)
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.headers["Location"].startswith(f"{ezeep.url}/oauth/authorize/?")
    assert asked["redirect_uri"] == ["http://testserver/connect/callback/"]
    assert (asked["code_challenge_method"], asked["scope"]) == (["S256"], ["printing"])
    back = come_back(operator_client, answer_at(answer.headers["Location"]))
    page = operator_client.get(back.headers["Location"]).content.decode()
    assert "Alpen Blick" in page
    assert "Büro (Wien)" in page
    assert "documents wait in it until somebody fetches them" in page  # of the queue
    form = f"{back.headers['Location']}&device={OFFICE}"
    assert "Fach 2" in operator_client.get(form).content.decode()
    operator_client.post(form, {**FORM, "name": "Büro", "tray": TRAY})
    printer = PrinterConfiguration.objects.get().printer
    assert (printer.space, printer.remote_id, printer.connection.name) == (space, OFFICE, "Alpen Blick")
    assert printer.connection.credentials["refresh_token"].startswith("refresh-")


@pytest.mark.fake
def test_nothing_is_written_before_the_printer_is_saved(operator_client: Client, ezeep: EzeepFake) -> None:
    come_back(operator_client, answer_at(begin(operator_client, ezeep).headers["Location"]))
    assert not Connection.objects.exists()
    assert not Printer.objects.exists()


def test_the_form_shows_the_callback_address_and_a_button_with_the_services_name(operator_client: Client) -> None:
    page = operator_client.get(f"{PRINTERS}add/?provider=ezeep").content.decode()
    assert "http://testserver/connect/callback/" in page
    assert "Connect ezeep Blue" in page


@pytest.mark.fake
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("access_denied", "the access was not allowed there"),
        ("temporarily_unavailable", "could not connect just now"),
        ("unauthorized_client", "does not let this client ID connect"),
        ("<script>", "did not understand the request"),
    ],
)
def test_a_no_is_told_in_plain_words_in_the_form_and_what_was_entered_is_kept(
    operator_client: Client, ezeep: EzeepFake, error: str, sentence: str
) -> None:
    state = parse_qs(urlsplit(begin(operator_client, ezeep).headers["Location"]).query)["state"][0]
    back = operator_client.get(AUTHORIZED, {"error": error, "state": state})
    page = operator_client.get(back.headers["Location"]).content.decode()
    assert sentence in page
    assert "<script>did" not in page
    assert ezeep.client["client_id"] in page
    assert CLIENT_SECRET not in page
    # And the button works at once, though the secret is not in the page.
    assert begin(operator_client, ezeep, client_secret="").status_code == 302


@pytest.mark.fake
def test_denying_in_ezeeps_page_comes_back_as_a_no(operator_client: Client, ezeep: EzeepFake) -> None:
    back = come_back(operator_client, answer_at(begin(operator_client, ezeep).headers["Location"], "deny"))
    assert back.headers["Location"] == f"{PRINTERS}add/?provider=ezeep"
    assert "not allowed there" in messages(back)


@pytest.mark.fake
def test_a_state_counts_once_and_a_second_click_or_the_back_button_does_no_harm(
    operator_client: Client, ezeep: EzeepFake
) -> None:
    url = answer_at(begin(operator_client, ezeep).headers["Location"])
    first = come_back(operator_client, url)
    second = come_back(operator_client, url)
    assert "used already" in messages(second)
    assert operator_client.get(first.headers["Location"]).status_code == 200  # what the first brought still counts
    assert len(ezeep.requests("POST", "/oauth/access_token/")) >= 1


@pytest.mark.fake
@pytest.mark.parametrize("change", [lambda _: "", lambda state: state[:-1], lambda state: state + "x", lambda _: "ß"])
def test_a_state_that_is_not_ours_does_nothing(
    operator_client: Client, ezeep: EzeepFake, change: Callable[[str], str]
) -> None:
    query = parse_qs(urlsplit(answer_at(begin(operator_client, ezeep).headers["Location"])).query)
    asked = len(ezeep.requests("POST", "/oauth/access_token/"))
    answer = operator_client.get(AUTHORIZED, {"code": query["code"][0], "state": change(query["state"][0])})
    assert "used already" in messages(answer)
    assert len(ezeep.requests("POST", "/oauth/access_token/")) == asked


@pytest.mark.fake
def test_a_state_is_of_one_session(
    space: Space, operator_client: Client, owner_client: Client, ezeep: EzeepFake
) -> None:
    url = answer_at(begin(operator_client, ezeep).headers["Location"])
    assert "used already" in messages(come_back(owner_client, url))
    assert come_back(operator_client, url).status_code == 302


@pytest.mark.fake
def test_a_state_is_of_one_space(operator_client: Client, operator: Any, stranger: Stranger, ezeep: EzeepFake) -> None:
    MemberFactory(space=stranger.space, user=operator, role=Role.OPERATOR)
    query = parse_qs(urlsplit(answer_at(begin(operator_client, ezeep).headers["Location"])).query)
    other = AUTHORIZED.replace("alpenblick", stranger.space.slug)
    answer = operator_client.get(other, {"code": query["code"][0], "state": query["state"][0]})
    assert "used already" in messages(answer)


@pytest.mark.fake
def test_a_state_that_took_too_long_counts_no_more(operator_client: Client, ezeep: EzeepFake) -> None:
    url = answer_at(begin(operator_client, ezeep).headers["Location"])
    with time_machine.travel(timezone.now() + timedelta(seconds=LIFETIME + 1)):
        assert "too long" in messages(come_back(operator_client, url))


@pytest.mark.parametrize(
    "state", ["", "x", "alpenblick", "//evil.example.com", "alpenblick/../.aaaaaaaaaaaaaaaaaaaaaaaaa"]
)
def test_the_callback_leads_nowhere_without_a_state(operator_client: Client, state: str) -> None:
    assert operator_client.get("/connect/callback/", {"code": "x", "state": state}).status_code == 404


@pytest.mark.fake
def test_a_stranger_a_viewer_and_nobody_cannot_complete_it(
    operator_client: Client, viewer_client: Client, stranger_client: Client, ezeep: EzeepFake
) -> None:
    url = answer_at(begin(operator_client, ezeep).headers["Location"])
    assert come_back(viewer_client, url).status_code == 403
    assert come_back(stranger_client, url).status_code == 404
    assert "/login/" in come_back(Client(), url).headers["Location"]
    assert begin(viewer_client, ezeep).status_code == 403


@pytest.mark.fake
def test_a_code_that_ezeep_does_not_take_is_told_in_the_form(operator_client: Client, ezeep: EzeepFake) -> None:
    state = parse_qs(urlsplit(begin(operator_client, ezeep).headers["Location"]).query)["state"][0]
    back = operator_client.get(AUTHORIZED, {"code": "guessed", "state": state})
    assert "Connect it again" in messages(back)


@pytest.mark.fake
def test_a_wrong_client_secret_is_told_in_the_form(operator_client: Client, ezeep: EzeepFake) -> None:
    url = answer_at(begin(operator_client, ezeep, client_secret="wrong").headers["Location"])
    assert "does not accept the key or password" in messages(come_back(operator_client, url))


@pytest.mark.fake
def test_an_address_that_is_none_is_told_at_its_input_and_leads_nowhere(
    operator_client: Client, ezeep: EzeepFake
) -> None:
    answer = begin(operator_client, ezeep, account_url="ftp://account.ezeep.com")
    assert answer.status_code == 200
    assert "is not an address" in answer.content.decode()


@pytest.mark.fake
def test_no_secret_stands_in_a_page_or_readable_in_the_session(operator_client: Client, ezeep: EzeepFake) -> None:
    configuration = connected(operator_client, ezeep)
    secrets = [CLIENT_SECRET, *(configuration.printer.credentials[name] for name in ("access_token", "refresh_token"))]
    paths = ["add/?provider=ezeep", f"{configuration.pk}/change/", f"{configuration.pk}/connection/", ""]
    seen = "".join(operator_client.get(f"{PRINTERS}{path}").content.decode() for path in paths)
    seen += str([session.get_decoded() for session in Session.objects.all()])
    assert not [secret for secret in secrets if secret in seen]


@pytest.mark.fake
def test_connect_again_is_one_button_and_lets_the_paused_printers_go_on(
    operator_client: Client, ezeep: EzeepFake
) -> None:
    configuration = connected(operator_client, ezeep)
    old = configuration.printer.credentials
    page = f"{PRINTERS}{configuration.pk}/change/"
    assert "Connect again" not in operator_client.get(page).content.decode()
    Connection.objects.update(reconnect_needed_at=timezone.now())
    Printer.objects.update(paused_at=timezone.now(), pause_reason=Reason.RECONNECT_NEEDED)
    notice = operator_client.get(page).content.decode()
    assert "no longer lets us in" in notice
    assert "Paused since" not in notice  # one notice, which says what to do
    assert "Connect again" in operator_client.get(PRINTERS).content.decode()
    away = operator_client.post(f"{PRINTERS}{configuration.pk}/connect-again/")
    back = come_back(operator_client, answer_at(away.headers["Location"]))
    assert back.headers["Location"] == page
    connection = Connection.objects.get()
    assert connection.reconnect_needed_at is None
    assert connection.credentials["refresh_token"] not in ("", old["refresh_token"])
    assert connection.credentials["client_secret"] == CLIENT_SECRET
    assert Printer.objects.get().paused_at is None


@pytest.mark.fake
def test_connect_again_refused_leads_back_to_the_printers_own_form(operator_client: Client, ezeep: EzeepFake) -> None:
    configuration = connected(operator_client, ezeep)
    Connection.objects.update(reconnect_needed_at=timezone.now())
    away = operator_client.post(f"{PRINTERS}{configuration.pk}/connect-again/")
    back = come_back(operator_client, answer_at(away.headers["Location"], "deny"))
    assert back.headers["Location"] == f"{PRINTERS}{configuration.pk}/connection/"
    assert Connection.objects.get().reconnect_needed_at is not None


@pytest.mark.fake
def test_connect_again_is_for_those_who_may_change_printers(
    operator_client: Client, viewer_client: Client, ezeep: EzeepFake
) -> None:
    path = f"{PRINTERS}{connected(operator_client, ezeep).pk}/connect-again/"
    assert viewer_client.post(path).status_code == 403
    assert operator_client.get(path).status_code == 405


@pytest.mark.fake
def test_another_printer_of_the_same_account_shares_its_connection(operator_client: Client, ezeep: EzeepFake) -> None:
    connected(operator_client, ezeep)
    away = begin(operator_client, ezeep, client_secret="")  # known from the first one
    draft = come_back(operator_client, answer_at(away.headers["Location"])).headers["Location"]
    operator_client.post(f"{draft}&device={QUEUE}", {**FORM, "name": "Abholung"})
    assert Connection.objects.count() == 1
    assert Printer.objects.count() == 2
