"""A peer on loopback that does exactly what a test tells it: answers, drips, hangs up, says nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass
class Peer:
    """Where it listens and what it was sent; ``requests`` holds head and body of every whole request it read."""

    port: int
    connections: int = 0
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)

    def url(self, path: str = "/", scheme: str = "http") -> str:
        """An address of the peer."""
        return f"{scheme}://localhost:{self.port}{path}"

    def read_request(self, connection: socket.socket) -> tuple[bytes, bytes]:
        """Read one request to its end and keep it. Raises ConnectionError when the client hangs up before that."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += _some(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += _some(connection)
        self.requests.append((head, body))
        return head, body


@contextmanager
def peer(script: Callable[[Peer, socket.socket], None]) -> Iterator[Peer]:
    """Run ``script`` in a thread for every connection; the connection is closed when it returns."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = Peer(listener.getsockname()[1])
    open_connections: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            script(found, connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            found.connections += 1
            open_connections.append(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        # shutdown, because closing alone does not wake a thread that waits in accept or recv
        for waiting in (listener, *open_connections):
            with suppress(OSError):
                waiting.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def response(status: int = 200, body: bytes = b"", headers: str = "", content_type: str = "application/ipp") -> bytes:
    """A whole HTTP answer; ``headers`` are further lines, each ended by CRLF."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


@contextmanager
def answering(answer: bytes) -> Iterator[Peer]:
    """A peer that reads each request and gives this answer."""

    def script(found: Peer, connection: socket.socket) -> None:
        while True:
            found.read_request(connection)
            connection.sendall(answer)

    with peer(script) as found:
        yield found


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the client hung up")
    return data
