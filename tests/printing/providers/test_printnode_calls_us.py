"""Webhooks: whose call is believed, what it says, and that it can be repeated without harm."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from printing.providers.base import Document, PaperState, Progress, ProviderContext, ProviderEvent, Target
from printing.providers.errors import WebhookNotUnderstood, WebhookRefused
from printing.providers.printnode.provider import PrintNodeProvider
from printing.providers.printnode.webhooks import MAX_BODY, parse
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake
from tests.lab.processes import wait_until

SECRET = "geheim-ß"
HEADERS = {"X-PrintNode-Webhook-Secret": SECRET}


def _event(**changes: object) -> dict[str, object]:
    data = {"uid": "u1", "printJobId": 473, "state": "error", "message": "Out of paper"}
    return {"type": "print job state", "accountId": 1, "data": data, **changes}


def _body(*events: object) -> bytes:
    return json.dumps(events).encode()


EXPECTED = ProviderEvent("u1", "473", Progress(PaperState.PROBLEM, "Out of paper", final=True))


def test_an_event_says_which_job_and_what_became_of_it() -> None:
    assert parse(HEADERS, _body(_event()), SECRET) == [EXPECTED]


def test_it_may_be_called_event_and_headers_may_be_written_anyhow() -> None:
    event = _event(event="print job state")
    del event["type"]
    assert parse({"x-printnode-WEBHOOK-secret": SECRET}, _body(event), SECRET) == [EXPECTED]


@pytest.mark.parametrize(
    ("sent", "secret"),
    [
        ({}, SECRET),
        ({"X-PrintNode-Webhook-Secret": ""}, SECRET),
        ({"X-PrintNode-Webhook-Secret": SECRET + "x"}, SECRET),
        ({"X-PrintNode-Webhook-Secret": SECRET.upper()}, SECRET),
        ({"X-PrintNode-Webhook-Secret": ""}, ""),
        ({}, ""),
        ({"X-PrintNode-Webhook-Secret": "\udcff"}, SECRET),
    ],
)
def test_a_call_without_the_secret_is_refused_and_an_empty_secret_opens_nothing(
    sent: dict[str, str], secret: str
) -> None:
    with pytest.raises(WebhookRefused):
        parse(sent, _body(_event()), secret)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"{}", b"null", b"7", b"[" * 100_000, b" " * MAX_BODY + b"[]"]
)
def test_a_call_that_is_no_list_is_not_understood(body: bytes) -> None:
    with pytest.raises(WebhookNotUnderstood):
        parse(HEADERS, body, SECRET)


@pytest.mark.parametrize(
    "other",
    [
        _event(type="computer state"),
        _event(type=None),
        _event(data=None),
        _event(data={"uid": "u2", "state": "done"}),
        _event(data={"uid": "u2", "state": "done", "printJobId": "473"}),
        _event(data={"uid": "u2", "state": "done", "printJobId": True}),
        _event(data={"uid": "u2", "state": None, "printJobId": 473}),
        "print job state",
        None,
    ],
)
def test_what_is_no_change_of_a_job_is_left_out_and_the_rest_counts(other: object) -> None:
    assert parse(HEADERS, _body(other, _event()), SECRET) == [EXPECTED]


def test_an_event_that_comes_twice_has_the_same_uid_also_where_none_is_sent() -> None:
    bare = _event(data={"printJobId": 473, "state": "done"})
    first, second = parse(HEADERS, _body(bare, bare), SECRET)
    assert first.uid == second.uid == "473:done"


def test_a_state_that_is_new_to_us_is_reported_as_unknown() -> None:
    [event] = parse(HEADERS, _body(_event(data={"uid": 9, "printJobId": 1, "state": "beamed\x00"})), SECRET)
    assert event == ProviderEvent("9", "1", Progress(PaperState.UNKNOWN, "beamed"))


@contextmanager
def _receiver(provider: PrintNodeProvider, events: list[ProviderEvent], answers: list[int]) -> Iterator[str]:
    """A receiver that answers with these statuses first, and well from then on."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            events.extend(provider.parse_webhook(dict(self.headers), body, SECRET.replace("ß", "ss")))
            self.send_response(answers.pop(0) if answers else 200)
            for name, value in provider.webhook_answer_headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_every_state_of_a_job_is_called_and_received(printnode: PrintNodeFake, context: ProviderContext) -> None:
    provider = PrintNodeProvider(context)
    events: list[ProviderEvent] = []
    with _receiver(provider, events, []) as url:
        printnode.order("webhook", url=url, secret=SECRET.replace("ß", "ss"), word="event")
        target = Target(printnode.credentials, str(PRINTER))
        accepted = provider.submit(Document(b"%PDF", "Invoice"), target, "5b1c")
        wait_until(lambda: any(event.progress.final for event in events), "the last state is called")
        wait_until(lambda: len(printnode.order("deliveries")) == 3, "all calls are answered")
    assert {event.remote_id for event in events} == {accepted.remote_id}
    assert provider.progress(target, accepted.remote_id) in [event.progress for event in events]
    assert all(delivery["received"] for delivery in printnode.order("deliveries"))


def test_a_call_that_fails_comes_once_more_under_the_same_uid(
    printnode: PrintNodeFake, context: ProviderContext
) -> None:
    provider = PrintNodeProvider(context)
    events: list[ProviderEvent] = []
    printnode.set(automatic=False)
    with _receiver(provider, events, [500]) as url:
        printnode.order("webhook", url=url, secret=SECRET.replace("ß", "ss"))
        provider.submit(Document(b"%PDF", "Invoice"), Target(printnode.credentials, str(PRINTER)), "5b1c")
        wait_until(lambda: len(events) == 2, "it is called again")
    assert events[0] == events[1]
