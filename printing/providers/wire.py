"""Connections that check where they lead, know whether anything was sent, and never outlive their deadline."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import struct
import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import create_connection

from printing.providers import addresses
from printing.providers.trust import Trust

BLOCK = 64 * 1024  # octets sent under one time-out
MAX_ADDRESSES = 4  # of one host; each gets the whole connect time-out
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing drops what is unsent and resets the connection
_ORDERLY = struct.pack("ii", 0, 0)


@dataclass(slots=True)
class Wire:
    """What one exchange is allowed and what became of it; shared by the door and the connections of one session.

    ``patience`` are the seconds that one read or write may take, ``deadline`` is on the monotonic clock: time-outs per
    read alone would let a peer that sends one byte every now and then hold a worker for days. ``failed_to_connect``
    proves that no byte of the request was sent. ``trust`` is what the other end of an encrypted connection has to show.
    """

    networks: Collection[IPv4Network | IPv6Network] | None
    trust: Trust
    field: str = ""
    patience: float = 0.0
    deadline: float = 0.0
    failed_to_connect: bool = False

    def arm(self, sock: socket.socket) -> None:
        """Give the next operation on the socket its time-out. Raises TimeoutError past the deadline."""
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the whole exchange took too long")
        sock.settimeout(min(self.patience, remaining))


class _ClockedReader(io.RawIOBase):
    """The receiving side of a socket, each read under the deadline of the exchange."""

    def __init__(self, sock: socket.socket, wire: Wire) -> None:
        self._sock = sock
        self._wire = wire
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._wire.arm(self._sock)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _ClockedResponse(http.client.HTTPResponse):
    """http.client's response, reading its head and body through :class:`_ClockedReader`."""

    def __init__(self, sock: socket.socket, *args: Any, wire: Wire, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_ClockedReader(sock, wire))


class GuardedConnection(HTTPConnection):
    """Connects only to addresses that were checked after the name was resolved.

    The checked address itself is connected to: resolving again would let a name answer differently the second time.
    """

    wire: Wire

    def connect(self) -> None:
        """Connect, and for https shake hands; remember when that failed, because then nothing was sent."""
        self.wire.failed_to_connect = True
        super().connect()
        self.wire.failed_to_connect = False

    def _new_conn(self) -> socket.socket:
        last: OSError | None = None
        for ip in self._allowed_addresses():
            try:
                return create_connection(
                    (ip, self.port or self.default_port), self.timeout, socket_options=self.socket_options
                )
            except OSError as error:
                last = error
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, "no address answered in time") from last
        raise NewConnectionError(self, "no address took the connection") from last

    def _allowed_addresses(self) -> list[str]:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            cause = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, cause) from error
        resolved = dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)
        allowed = [ip for ip in resolved if addresses.check_ip(ip, self.wire.networks)]
        if not allowed:
            raise addresses.refused(self.host, self.wire.field)
        return allowed[:MAX_ADDRESSES]

    def send(self, data: Any) -> None:
        """Send in blocks: one time-out over a whole document would cut every large upload on a slow line.

        A connection that ends half way is reset, also when this process is killed: many printers take an orderly end
        for the end of the document, and print what they have.
        """
        if self.sock is None:
            self.connect()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        blocks = [data]
        if isinstance(data, bytes) and len(data) > BLOCK:
            view = memoryview(data)
            blocks = [view[start : start + BLOCK] for start in range(0, len(view), BLOCK)]
        for block in blocks:
            self.wire.arm(self.sock)
            super().send(block)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ORDERLY)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself overrides it
        """Read the answer under the deadline."""
        # http.client only ever calls this attribute, so a callable that makes the response will do.
        self.response_class = partial(_ClockedResponse, wire=self.wire)  # type: ignore[assignment]
        return super().getresponse()


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    """The same over TLS. The other end is verified in the handshake, before anything is sent."""

    def connect(self) -> None:
        """Connect to whom the exchange trusts: see :class:`Trust`."""
        trust = self.wire.trust
        if trust.fingerprint:
            # urllib3 compares the fingerprint in place of names, dates and signatures.
            self.cert_reqs, self.ca_certs, self.assert_fingerprint = ssl.CERT_NONE, None, trust.fingerprint
        elif trust.authorities:
            self.ca_certs, self.ca_cert_data = None, trust.authorities
        super().connect()


class _Look(GuardedConnection, HTTPSConnection):
    """Shakes hands with whoever is there. Nothing is ever sent through it."""


def presented_certificate(wire: Wire, host: str, port: int, timeout: float) -> bytes | None:
    """The certificate that a server shows, verified by nobody; None where it shows none.

    For a person to look at: the connection is closed without a request. Raises OSError and urllib3's errors.
    """
    look = _Look(host, port, timeout=timeout, cert_reqs=ssl.CERT_NONE, assert_hostname=False)
    look.wire = Wire(wire.networks, wire.trust, wire.field)
    try:
        look.connect()
        return look.sock.getpeercert(binary_form=True) if isinstance(look.sock, ssl.SSLSocket) else None
    finally:
        look.close()


class _GuardedPools(PoolManager):
    def __init__(self, wire: Wire, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.wire = wire

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, host, port, request_context)
        kind = GuardedTLSConnection if scheme == "https" else GuardedConnection
        # A class of its own, because the pool makes its connections by class and nothing else reaches them.
        pool.ConnectionCls = type(kind.__name__, (kind,), {"wire": self.wire})
        return pool


class GuardedAdapter(HTTPAdapter):
    """The transport of one session, whose connections all report to one :class:`Wire`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(max_retries=0, pool_connections=4, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        """Make the pools that make guarded connections."""
        self.poolmanager = _GuardedPools(self._wire, num_pools=connections, maxsize=maxsize, block=block, **kwargs)
