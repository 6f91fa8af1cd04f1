"""Webhooks of ezeep's: whose call is believed, and how its report leads to a job."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from printing.providers.base import Document, PaperState, ProviderContext, ProviderEvent, Target
from printing.providers.errors import WebhookNotUnderstood, WebhookRefused
from printing.providers.ezeep.jobs import progress_of
from printing.providers.ezeep.provider import EzeepProvider
from printing.providers.ezeep.webhooks import MAX_BODY, parse
from tests.fakes.ezeep.fake import OFFICE, EzeepFake
from tests.lab.processes import wait_until

PASSWORD = "geheim:ß"
KEY = "0b3f7f0e8f5c4d579d0a5b7f7c6f1d11-2"


def _headers(password: str = PASSWORD, user: str = "pressroom") -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def _report(**changes: object) -> dict[str, object]:
    return {"printjob_id": "77", "filename": f"Rechnung [1] [{KEY}]", "status": "succeeded", "type": "print", **changes}


def _events(report: object) -> list[ProviderEvent]:
    return parse(_headers(), json.dumps(report).encode(), PASSWORD)


def test_a_report_leads_to_its_job_by_the_key_in_the_documents_name() -> None:
    assert _events(_report()) == [ProviderEvent("77:printed", "77", progress_of(0), KEY)]


@pytest.mark.parametrize("name", ["topic", "event", "event_type"])
def test_what_happened_may_stand_in_any_field_and_the_data_inside(name: str) -> None:
    report = {name: "printjob_failed", "event_id": "e1", "data": _report(status="?")}
    [event] = _events(report)
    assert (event.uid, event.key, event.progress.paper, event.progress.final) == ("e1", KEY, PaperState.PROBLEM, True)


@pytest.mark.parametrize(
    ("status", "paper"),
    [
        ("Failed", PaperState.PROBLEM),
        (3011, PaperState.PROBLEM),
        (0, PaperState.PRINTED),
        ("SUCCESS", PaperState.PRINTED),
    ],
)
def test_a_state_may_be_a_word_or_a_number(status: object, paper: PaperState) -> None:
    [event] = _events(_report(status=status))
    assert event.progress.paper is paper


def test_several_reports_may_come_in_one_call_and_the_same_one_has_the_same_uid() -> None:
    one, other = _events([_report(), _report(printjob_id="78")])
    assert (one.uid, other.uid) == ("77:printed", "78:printed")
    assert _events(_report()) == [one]


@pytest.mark.parametrize("filename", ["invoice.pdf", "[]", None, 7, "[draft]", f"[{KEY}] more", f"[{KEY.upper()}]"])
def test_a_name_that_is_not_ours_leads_by_the_services_number_alone(filename: object) -> None:
    [event] = _events(_report(filename=filename))
    assert (event.remote_id, event.key) == ("77", "")


@pytest.mark.parametrize("report", [{}, {"status": "succeeded"}, _report(status="?"), _report(status=None)])
def test_a_report_that_lacks_what_one_needs_is_left_out(report: object) -> None:
    assert _events(report) == []


@pytest.mark.parametrize(
    ("headers", "password"),
    [
        ({}, PASSWORD),
        (_headers("other"), PASSWORD),
        (_headers(""), PASSWORD),
        (_headers(""), ""),
        ({"Authorization": "Basic"}, PASSWORD),
        ({"Authorization": "Basic %%%"}, PASSWORD),
        ({"Authorization": "Basic ß"}, PASSWORD),
        ({"Authorization": f"Basic {base64.b64encode(b'no colon').decode()}"}, PASSWORD),
        ({"Authorization": f"Bearer {PASSWORD}"}, PASSWORD),
    ],
)
def test_a_call_without_the_password_is_refused(headers: dict[str, str], password: str) -> None:
    with pytest.raises(WebhookRefused):
        parse(headers, json.dumps(_report()).encode(), password)


@pytest.mark.parametrize("body", [b"", b"{", b"7", b'["x"]', b"null", b"[" * 100_000, b" " * (MAX_BODY + 1)])
def test_a_call_that_cannot_be_read_is_told_apart(body: bytes) -> None:
    with pytest.raises(WebhookNotUnderstood):
        parse(_headers(), body, PASSWORD)


@contextmanager
def _receiver(provider: EzeepProvider, events: list[ProviderEvent]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            events.extend(provider.parse_webhook(dict(self.headers), body, PASSWORD))
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("topic", ["", "topic"])
def test_a_real_call_tells_of_the_job_that_was_sent(ezeep: EzeepFake, context: ProviderContext, topic: str) -> None:
    provider, events = EzeepProvider(context), list[ProviderEvent]()
    with _receiver(provider, events) as url:
        ezeep.order("webhook", url=url, basic_username="pressroom", basic_password=PASSWORD, topic=topic)
        provider.submit(Document(b"%PDF", "Rechnung für Müller"), Target(ezeep.credentials(), OFFICE), KEY)
        wait_until(lambda: bool(events), "ezeep calls")
    assert (events[0].key, events[0].progress.paper) == (KEY, PaperState.PRINTED)
