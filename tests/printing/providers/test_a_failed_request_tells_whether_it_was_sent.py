"""Not sent, or perhaps arrived: the door never confuses the two. On real sockets, where fakes would prove nothing."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from printing.providers.base import ProviderContext
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, ProviderError, Reason, Transient
from printing.providers.http import Answer, HttpDoor, parse_address
from tests.fakes.certificates import self_signed
from tests.fakes.peer import Peer, answering, peer, response
from tests.lab.processes import free_port

BODY = b"x" * 3_000
LARGE = b"x" * 3_000_000  # more than the buffers of a connection take
SECRET = "Bearer very-secret"


@pytest.fixture
def context(tmp_path: Path) -> ProviderContext:
    return ProviderContext(simulated_root=tmp_path, connect_timeout=1, read_timeout=0.5, max_response_bytes=10_000)


def _post(context: ProviderContext, url: str, *, harmless: bool = False, body: bytes = BODY) -> Answer:
    headers = {"Authorization": SECRET}
    return HttpDoor(context).exchange(
        "POST", parse_address(url, field="url"), body=body, headers=headers, harmless=harmless
    )


def _failure(context: ProviderContext, url: str, *, harmless: bool = False, body: bytes = BODY) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        _post(context, url, harmless=harmless, body=body)
    shown = f"{caught.value} {caught.value.params} {caught.value.detail}"
    assert "secret" not in shown
    return caught.value


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_refused_connection_sent_nothing(context: ProviderContext) -> None:
    error = _failure(context, f"http://localhost:{free_port()}/")
    assert isinstance(error, Transient)
    assert (error.reason, error.params) == (Reason.UNREACHABLE, {"host": "localhost"})


def test_a_name_nobody_knows_sent_nothing(context: ProviderContext) -> None:
    error = _failure(context, "http://no-such-printer.invalid/")
    assert isinstance(error, Transient)
    assert error.reason is Reason.NAME_NOT_RESOLVED


def test_a_connection_that_is_never_taken_sent_nothing(context: ProviderContext) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = []
        for _ in range(4):  # fills the queue, so that the next connection is not answered
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(address)
            waiting.append(filler)
        try:
            error = _failure(context, f"http://127.0.0.1:{address[1]}/")
        finally:
            for filler in waiting:
                filler.close()
    assert isinstance(error, Transient)
    assert error.reason is Reason.UNREACHABLE


def test_a_certificate_nobody_vouches_for_is_a_matter_of_configuration(
    context: ProviderContext, tmp_path: Path
) -> None:
    tls = self_signed(tmp_path)
    with peer(lambda _, connection: tls.wrap_socket(connection, server_side=True).close()) as found:
        error = _failure(context, found.url(scheme="https"))
        assert not found.requests
    assert isinstance(error, ConfigurationProblem)
    assert (error.reason, error.field) == (Reason.TLS_FAILED, "url")


def test_a_peer_without_tls_is_a_matter_of_configuration(context: ProviderContext) -> None:
    with peer(lambda _, connection: connection.sendall(response(400))) as found:
        error = _failure(context, found.url(scheme="https"))
    assert isinstance(error, ConfigurationProblem)
    assert error.reason is Reason.TLS_FAILED


def test_a_peer_that_hangs_up_in_the_handshake_was_sent_nothing(context: ProviderContext) -> None:
    with peer(lambda _, connection: connection.close()) as found:
        error = _failure(context, found.url(scheme="https"))
    assert isinstance(error, Transient)
    assert error.reason is Reason.UNREACHABLE


def test_a_peer_that_says_nothing_in_the_handshake_was_sent_nothing(context: ProviderContext) -> None:
    with peer(lambda _, connection: _read_all(connection)) as found:
        error = _failure(context, found.url(scheme="https"))
    assert isinstance(error, Transient)


def _hear_and_hang_up(found: Peer, connection: socket.socket) -> None:
    found.read_request(connection)


def _read_all(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@pytest.mark.parametrize("harmless", [False, True])
def test_a_connection_reset_while_sending_may_have_arrived(context: ProviderContext, harmless: bool) -> None:
    def script(_: Peer, connection: socket.socket) -> None:
        connection.recv(1000)
        _reset(connection)

    with peer(script) as found:
        error = _failure(context, found.url(), harmless=harmless, body=LARGE)
    assert (type(error), error.reason) == _expected(harmless, Reason.CONNECTION_LOST)


@pytest.mark.parametrize("harmless", [False, True])
def test_a_connection_closed_after_the_request_may_have_arrived(context: ProviderContext, harmless: bool) -> None:
    with peer(_hear_and_hang_up) as found:
        error = _failure(context, found.url(), harmless=harmless)
        assert [body for _, body in found.requests] == [BODY]
    assert (type(error), error.reason) == _expected(harmless, Reason.CONNECTION_LOST)


@pytest.mark.parametrize("harmless", [False, True])
def test_a_request_that_is_not_answered_may_have_arrived(context: ProviderContext, harmless: bool) -> None:
    def script(found: Peer, connection: socket.socket) -> None:
        found.read_request(connection)
        _read_all(connection)

    with peer(script) as found:
        error = _failure(context, found.url(), harmless=harmless)
    assert (type(error), error.reason) == _expected(harmless, Reason.NO_ANSWER)


@pytest.mark.parametrize("harmless", [False, True])
def test_an_answer_that_is_cut_may_have_been_a_yes(context: ProviderContext, harmless: bool) -> None:
    def script(found: Peer, connection: socket.socket) -> None:
        found.read_request(connection)
        connection.sendall(response(200, b"y" * 100)[:-50])

    with peer(script) as found:
        error = _failure(context, found.url(), harmless=harmless)
    assert (type(error), error.reason) == _expected(harmless, Reason.CONNECTION_LOST)


@pytest.mark.parametrize("harmless", [False, True])
def test_an_answer_that_is_too_long_is_not_read_to_its_end(context: ProviderContext, harmless: bool) -> None:
    with answering(response(200, b"y" * 50_000_000)) as found:
        error = _failure(context, found.url(), harmless=harmless)
    assert (type(error), error.reason) == _expected(harmless, Reason.ANSWER_NOT_UNDERSTOOD)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_an_answer_that_comes_octet_by_octet_does_not_hold_the_worker(context: ProviderContext, head: bytes) -> None:
    quick = replace(context, connect_timeout=0.3)

    def script(found: Peer, connection: socket.socket) -> None:
        found.read_request(connection)
        connection.sendall(head)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)  # faster than the read time-out, which therefore never strikes

    with peer(script) as found:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown) as caught:
            _post(quick, found.url(), body=b"x")
        assert time.monotonic() - began < 5
    assert caught.value.reason is Reason.NO_ANSWER


def test_garbage_instead_of_http_may_be_anything(context: ProviderContext) -> None:
    with answering(b"\x00\x01\x02 not HTTP at all\r\n\r\n") as found:
        error = _failure(context, found.url())
    assert (type(error), error.reason) == (OutcomeUnknown, Reason.CONNECTION_LOST)


def test_an_early_no_is_heard_although_the_rest_could_not_be_sent(context: ProviderContext) -> None:
    def script(_: Peer, connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(response(401))
        connection.shutdown(socket.SHUT_WR)
        _read_all(connection)

    with peer(script) as found:
        assert _post(context, found.url(), body=LARGE).status == 401


def test_an_error_status_counts_although_its_page_is_cut(context: ProviderContext) -> None:
    def script(found: Peer, connection: socket.socket) -> None:
        found.read_request(connection)
        connection.sendall(response(403, b"y" * 100)[:-50])

    with peer(script) as found:
        assert _post(context, found.url()).status == 403


def test_a_redirect_is_not_followed(context: ProviderContext) -> None:
    with (
        answering(response(200)) as elsewhere,
        answering(response(302, headers=f"Location: {elsewhere.url()}\r\n")) as found,
    ):
        assert _post(context, found.url()).status == 302
        assert elsewhere.connections == 0


def test_proxies_and_passwords_of_the_surroundings_are_not_used(
    context: ProviderContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login someone password secret\n")
    with answering(response(200)) as proxy, answering(response(200)) as found:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.setenv("NETRC", str(netrc))
        HttpDoor(context).exchange("GET", parse_address(found.url()))
        assert proxy.connections == 0
        [(head, _)] = found.requests
        assert b"authorization" not in head.lower()


def test_a_name_that_leads_into_a_private_network_is_refused_when_connecting(context: ProviderContext) -> None:
    guarded = replace(context, printer_networks=(ip_network("192.168.1.0/24"),))
    with answering(response(200)) as found:
        error = _failure(guarded, found.url())
        assert found.connections == 0
    assert isinstance(error, ConfigurationProblem)
    assert (error.reason, error.field) == (Reason.ADDRESS_NOT_ALLOWED, "url")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_loopback_are_refused_too(context: ProviderContext, host: str) -> None:
    guarded = replace(context, printer_networks=())
    with answering(response(200)) as found:
        error = _failure(guarded, f"http://{host}:{found.port}/")
        assert found.connections == 0
    assert error.reason in (Reason.ADDRESS_NOT_ALLOWED, Reason.NAME_NOT_RESOLVED)


@pytest.mark.parametrize(
    "answers", [["169.254.169.254"], ["::ffff:169.254.169.254"], ["fe80::1"], ["64:ff9b::a9fe:a9fe"]]
)
def test_a_name_that_leads_to_a_metadata_service_is_refused_although_every_network_is_allowed(
    context: ProviderContext, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [_resolved(ip, 80) for ip in answers])
    error = _failure(context, "http://printer.example/")
    assert (type(error), error.reason) == (ConfigurationProblem, Reason.ADDRESS_NOT_ALLOWED)


def test_a_name_is_resolved_once_and_its_checked_address_is_the_one_connected_to(
    context: ProviderContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a name server of the merchant's own could answer with an allowed address first, then with another."""
    guarded = replace(context, printer_networks=(ip_network("127.0.0.1/32"),))
    with answering(response(200, b"yes")) as found:
        real, asked = socket.getaddrinfo, []

        def rebinding(host: str, *args: Any, **kwargs: Any) -> Any:
            if host != "printer.example":
                return real(host, *args, **kwargs)
            asked.append(host)
            return [_resolved("127.0.0.1" if len(asked) == 1 else "127.0.0.2", found.port)]

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        assert _post(guarded, f"http://printer.example:{found.port}/").body == b"yes"
        assert len(asked) == 1
        assert isinstance(_failure(guarded, f"http://printer.example:{found.port}/"), ConfigurationProblem)


def test_of_several_addresses_only_those_that_are_allowed_are_tried(
    context: ProviderContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = replace(context, printer_networks=(ip_network("127.0.0.1/32"),))
    with answering(response(200, b"yes")) as found:
        real = socket.getaddrinfo

        def several(host: str, *args: Any, **kwargs: Any) -> Any:
            if host != "printer.example":
                return real(host, *args, **kwargs)
            return [_resolved(ip, found.port) for ip in ("127.0.0.2", "169.254.169.254", "127.0.0.1")]

        monkeypatch.setattr(socket, "getaddrinfo", several)
        assert _post(guarded, f"http://printer.example:{found.port}/").body == b"yes"


def _resolved(ip: str, port: int) -> tuple[Any, ...]:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    return family, socket.SOCK_STREAM, 0, "", (ip, port)


def test_a_network_that_is_named_may_be_printed_to(context: ProviderContext) -> None:
    guarded = replace(context, printer_networks=(ip_network("127.0.0.0/8"),))
    with answering(response(200, b"yes")) as found:
        assert _post(guarded, found.url()).body == b"yes"


def test_every_document_gets_a_connection_of_its_own(context: ProviderContext) -> None:
    door = HttpDoor(context)
    with answering(response(200)) as found:
        for _ in range(3):
            door.exchange("POST", parse_address(found.url()), body=b"x")
        assert found.connections == 3


def test_questions_share_a_connection(context: ProviderContext) -> None:
    door = HttpDoor(context)
    with answering(response(200)) as found:
        for _ in range(3):
            door.exchange("POST", parse_address(found.url()), body=b"x", harmless=True)
        assert found.connections == 1


def test_a_slow_line_is_given_the_time_that_a_large_document_takes(context: ProviderContext) -> None:
    body = b"x" * 2_000_000

    def script(found: Peer, connection: socket.socket) -> None:
        # A small window, emptied slowly: the whole takes longer than any single time-out.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        received = 0
        while received < len(body):
            received += len(connection.recv(65_536))
            time.sleep(0.03)
        connection.sendall(response(200, b"yes"))

    with peer(script) as found:
        began = time.monotonic()
        assert _post(context, found.url(), body=body).body == b"yes"
        assert time.monotonic() - began > context.read_timeout


def _expected(harmless: bool, reason: Reason) -> tuple[type[ProviderError], Reason]:
    """A question may be asked again; of a document it is not known. The words for the two differ."""
    if not harmless:
        return OutcomeUnknown, reason
    return Transient, Reason.NOT_A_PRINT_SERVICE if reason is Reason.ANSWER_NOT_UNDERSTOOD else Reason.UNREACHABLE
