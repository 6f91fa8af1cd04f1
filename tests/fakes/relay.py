"""A line between a client and a real server that can be cut where a test wants it cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """Passes octets on, both ways, to ``target``; the faults hold for connections made from then on.

    ``lose_answers``: the server gets everything, the client is hung up on instead of its answer.
    ``cut_after``: the server gets that many octets, then both ends are closed. ``hold``: the server gets nothing before
    the client is gone, and then what it sent; ``held`` are the octets kept back. ``spared``: that many connections more
    are carried whole; questions share the first one, and a document has one of its own.
    """

    port: int
    target: int
    lose_answers: bool = False
    cut_after: int | None = None
    hold: bool = False
    held: int = 0
    spared: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    def serve(self, client: socket.socket) -> None:
        """Carry one connection until an end closes it or a fault strikes."""
        spared = self.spared > 0
        self.spared -= spared
        lose, cut = self.lose_answers and not spared, None if spared else self.cut_after
        forth = self._once_gone if self.hold and not spared else self._forth
        try:
            server = socket.create_connection(("localhost", self.target))
        except OSError:
            client.close()  # nobody listens there just now
            return
        self.sockets += [client, server]
        with client, server:
            back = threading.Thread(target=self._back, args=(server, client, lose), daemon=True)
            back.start()
            with suppress(OSError):
                forth(client, server, cut)
            back.join()

    def _forth(self, client: socket.socket, server: socket.socket, left: int | None) -> None:
        while data := client.recv(65_536):
            if left is not None:
                data = data[:left]
                left -= len(data)
            server.sendall(data)
            if left == 0:
                _close(client, server)
                return
        _close(server)

    def _once_gone(self, client: socket.socket, server: socket.socket, left: int | None) -> None:
        kept = b""
        while data := client.recv(65_536):
            kept += data
            self.held = len(kept)
        server.sendall(kept[:left])
        _close(server)

    def _back(self, server: socket.socket, client: socket.socket, lose: bool) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                if lose:
                    break
                client.sendall(data)
        _close(client, server)


@contextmanager
def relay(target: int) -> Iterator[Relay]:
    """A relay to the port ``target`` on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = Relay(listener.getsockname()[1], target)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=found.serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        _close(listener, *found.sockets)
        listener.close()
        thread.join(5)


def _close(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
