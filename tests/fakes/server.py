"""The base of every fake provider: a small HTTP server with a memory, told from outside what to do wrong.

A fake listens on two ports of loopback: on one it is the provider, on the other it takes orders (:class:`Control`), so
that it can be asked what it received even while the provider refuses all connections.
"""

from __future__ import annotations

import base64
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.faults import ACTING, Fault, FaultKind

TICK = 0.02  # seconds between two looks at what happens by itself
POLL = 0.05  # seconds until a listener notices that it is to close
BEGINNING = 8  # octets of a body that tell what a request is about
GARBAGE = b"<!doctype html><title>Welcome</title>\x00\xff<h1>It works!"


@dataclass(frozen=True)
class Request:
    """A request, read to its end."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Reply:
    """An answer: octets as they are, anything else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class FakeService:
    """What a provider does and remembers. Its methods are called with its lock held, one at a time."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.skew = 0.0  # seconds that its clock goes ahead of ours
        self.faults: list[Fault] = []
        self.log: list[dict[str, Any]] = []

    def answer(self, request: Request) -> Reply:
        """Act on a request."""
        raise NotImplementedError

    def now(self) -> datetime:
        """The time by its own clock."""
        return datetime.now(UTC) + timedelta(seconds=self.skew)

    def tick(self) -> None:
        """Let happen what happens by itself, such as jobs going on to their next state."""

    def introduction(self, url: str) -> str:
        """What a person needs to know to connect to it."""
        raise NotImplementedError

    def controls(self) -> dict[str, Callable[..., object]]:
        """The orders it takes; a fake of its own adds to these."""
        return {"fault": self._add_fault, "clear_faults": self.faults.clear, "requests": lambda: self.log}

    def place(self, path: str, beginning: bytes) -> str:
        """What the path of a fault is compared with; more than the path where one path does many things."""
        del beginning
        return path

    def next_fault(self, method: str, path: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.strikes(method, path)), None)

    def _add_fault(self, **arguments: Any) -> None:
        self.faults.append(Fault(**arguments))


class _Handler(BaseHTTPRequestHandler):
    """The provider's side. One instance per connection, which may carry many requests."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, *args: Any) -> None:
        """Nothing: what came in is asked for by the order ``requests``."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """What stands in the Date header."""
        return super().date_time_string(timestamp or self.server.service.now().timestamp())

    def _serve(self) -> None:
        service = self.server.service
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        beginning = self.rfile.peek(BEGINNING) if length else b""  # type: ignore[attr-defined]
        with service.lock:
            fault = service.next_fault(self.command, service.place(parts.path, beginning))
        if fault and fault.kind is FaultKind.CUT_REQUEST:
            self.rfile.read(length // 2)
            self._hang_up()
            return
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.command, parts.path, query, dict(self.headers), self.rfile.read(length))
        if fault and fault.kind is FaultKind.SLOW:
            time.sleep(fault.seconds)
        with service.lock:
            reply = service.answer(request) if fault is None or fault.kind in ACTING else None
            status = reply.status if reply else None
            entry = {"method": request.method, "path": request.path, "status": status, "fault": fault and fault.kind}
            service.log.append(entry)
        self._reply(reply, fault)

    # http.server finds them by these names.
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _reply(self, reply: Reply | None, fault: Fault | None) -> None:
        kind = fault.kind if fault else FaultKind.SLOW
        if kind in (FaultKind.LOSE_REQUEST, FaultKind.LOSE_REPLY):
            self._hang_up()
        elif kind in (FaultKind.HANG, FaultKind.HANG_AFTER_ACTING):
            with suppress(OSError):
                self.connection.recv(1)  # until the client has had enough of it
            self._hang_up()
        elif fault and kind in (FaultKind.STATUS, FaultKind.STATUS_AFTER_ACTING):
            message = HTTPStatus(fault.status).phrase
            self._write(Reply(fault.status, {"code": message.replace(" ", ""), "message": message}, fault.headers))
        elif fault and kind is FaultKind.QUOTE:
            scheme, _, given = self.headers.get("Authorization", "").partition(" ")
            decoded = base64.b64decode(given).decode(errors="replace") if scheme == "Basic" else ""
            words = f"not understood: {given} {decoded}"
            self._write(Reply(fault.status, {"code": "BadRequest", "message": words}, fault.headers))
        elif kind is FaultKind.GARBAGE:
            self._write(Reply(200, GARBAGE), content_type="text/html")
        elif reply is not None and kind is FaultKind.CUT_REPLY:
            self._write(reply, cut=True)
            self._hang_up()
        elif reply is not None and kind is FaultKind.TRUNCATED_JSON:
            # Half a document that no reader takes for a whole one: a number cut in half would be another number.
            self._write(Reply(reply.status, b'{"cut": ' + reply.content[: len(reply.content) // 2]))
        elif reply is not None:
            self._write(reply)

    def _write(self, reply: Reply, *, content_type: str = "application/json", cut: bool = False) -> None:
        content = reply.content
        with suppress(OSError):
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.headers.get("Content-Type", content_type))
            # A cut answer promises more than it has, in case what it has is a single digit.
            self.send_header("Content-Length", str(len(content) + (100 if cut else 0)))
            for name, value in reply.headers.items():
                if name != "Content-Type":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler], service: FakeService) -> None:
        self.service = service
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here; anything else is, and shall be seen."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class FakeServer:
    """A service on its port, and the orders it takes on another."""

    def __init__(self, service: FakeService, port: int = 0, control_port: int = 0) -> None:
        self.service = service
        self._server: _Server | None = _Server(port, _Handler, service)
        self.port: int = self._server.server_port
        orders = {**service.controls(), "refuse": self.refuse, "listen": self.listen}
        control = type("Control", (Control,), {"orders": orders})
        self.control = _Server(control_port, control, service)
        self.url = f"http://127.0.0.1:{self.port}"
        self.control_url = f"http://127.0.0.1:{self.control.server_port}"

    def run(self) -> None:
        """Serve until the process ends."""
        for server in (self._server, self.control):
            assert server is not None
            threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True).start()
        while True:
            with self.service.lock:
                self.service.tick()
            time.sleep(TICK)

    def refuse(self) -> None:
        """Refuse all connections, and hang up on those that are open."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.server_close()
        for connection in list(server.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def listen(self) -> None:
        """Take connections again, on the same port."""
        if self._server is None:
            self._server = _Server(self.port, _Handler, self.service)
            threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True).start()


class Control(BaseHTTPRequestHandler):
    """Takes an order as ``POST /name`` with its arguments as a JSON object; answers its result as JSON."""

    protocol_version = "HTTP/1.1"
    orders: ClassVar[Mapping[str, Callable[..., object]]] = {}
    server: _Server

    def log_message(self, *args: Any) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        """Carry out an order."""
        status, result = self._obey(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        content = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _obey(self, body: bytes) -> tuple[int, object]:
        name = self.path.strip("/")
        if name not in self.orders:
            return 404, {"error": f"no such order; there are: {', '.join(sorted(self.orders))}"}
        try:
            arguments = json.loads(body or b"{}")
            with self.server.service.lock:
                return 200, {"result": self.orders[name](**arguments)}
        except (LookupError, TypeError, ValueError) as error:
            return 400, {"error": f"{type(error).__name__}: {error}"}
