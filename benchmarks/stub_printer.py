"""Many IPP printers in one small process: they say yes after a given time, and remember what they got.

``http://127.0.0.1:PORT/50/7`` is printer 7, which takes 50 ms. ``GET /taken`` tells what came since it was last asked.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import struct
import sys
import time
import zlib
from dataclasses import dataclass
from typing import Self

from benchmarks.processes import Child, tell
from printing.providers.ipp.attributes import attribute, integer
from printing.providers.ipp.client import Operation
from printing.providers.ipp.codec import decode, encode
from printing.providers.ipp.values import AttributeGroup, Group, Message, Tag

HEAD = 2048  # octets of a request that are kept; the attributes are shorter
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_KEY = re.compile(r"\[([0-9a-f]{32}(?:-\d+)?)\]$")
_HEADER = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """One document that arrived: at which path, under which key, when, and the CRC-32 of its bytes."""

    path: str
    key: str
    at: float
    checksum: int


class _Printers:
    """What all connections share."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, bytes, float, int]] = []
        groups = (
            AttributeGroup(
                Group.OPERATION,
                (
                    attribute(Tag.CHARSET, "attributes-charset", "utf-8"),
                    attribute(Tag.NATURAL_LANGUAGE, "attributes-natural-language", "en"),
                ),
            ),
            AttributeGroup(Group.JOB, (integer("job-id", 1), attribute(Tag.ENUM, "job-state", 3))),
        )
        # The request's id is put in for each answer: octets 4 to 7, RFC 8010 section 3.1.1.
        self._answer = encode(Message(0, 0, groups))

    def take(self, path: bytes, body: bytes) -> bytes:
        """Remember a document; cheap, because every program that is measured waits for it."""
        request_id = struct.unpack_from(">i", body, 4)[0]
        if struct.unpack_from(">H", body, 2)[0] == Operation.PRINT_JOB:
            document = body.find(b"%PDF-")
            self.taken.append((path, body[:HEAD], time.time(), zlib.crc32(memoryview(body)[document:])))
        answer = self._answer[:4] + struct.pack(">i", request_id) + self._answer[8:]
        return _HEADER % (b"application/ipp", len(answer)) + answer

    def tell(self) -> bytes:
        """What was taken since, as JSON."""
        taken, self.taken = self.taken, []
        body = json.dumps([[path.decode(), _key_of(head), at, crc] for path, head, at, crc in taken]).encode()
        return _HEADER % (b"application/json", len(body)) + body


def _key_of(head: bytes) -> str:
    name = decode(head).group(Group.OPERATION).text("job-name")
    found = _KEY.search(name)
    return found[1] if found else name


class _Connection(asyncio.Protocol):
    """Just enough HTTP for clients that send a Content-Length and wait for the answer."""

    def __init__(self, printers: _Printers) -> None:
        self._printers = printers
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end])
        length = _LENGTH.search(head)
        size = end + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) < size:
            return
        body = bytes(self._buffer[end + 4 : size])
        del self._buffer[:size]
        path = head.split(b" ", 2)[1]
        if path == b"/taken":
            self._answer(self._printers.tell())
            return
        latency = int(path.split(b"/")[1]) / 1000
        answer = self._printers.take(path, body)
        if latency:
            asyncio.get_running_loop().call_later(latency, self._answer, answer)
        else:
            self._answer(answer)

    def _answer(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


class StubPrinters:
    """The printers as the benchmark sees them."""

    def __init__(self) -> None:
        self.port = 0

    def __enter__(self) -> Self:
        self._child = Child("stub_printer")
        self.port = self._child.result()
        return self

    def __exit__(self, *error: object) -> None:
        self._child.__exit__(None, None, None)

    def url(self, latency: int, number: int, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/{latency}/{number}"

    def taken(self) -> list[Taken]:
        """What arrived since the last call, in order."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/taken")
            return [Taken(*row) for row in json.loads(connection.getresponse().read())]
        finally:
            connection.close()


async def _serve() -> None:
    printers = _Printers()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(printers), "127.0.0.1", 0, backlog=512)
    tell(server.sockets[0].getsockname()[1])
    # Ends with its parent: then this pipe is closed.
    await loop.run_in_executor(None, input_ends)


def input_ends() -> None:
    """Wait until nobody holds the other end of standard input any more."""
    sys.stdin.read()


if __name__ == "__main__":
    asyncio.run(_serve())
