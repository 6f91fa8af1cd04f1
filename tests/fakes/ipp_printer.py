"""An IPP printer made of answers: for what real servers cannot be brought to do."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from printing.providers.ipp.attributes import attribute, integer
from printing.providers.ipp.client import Operation
from printing.providers.ipp.codec import decode, encode
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, Message, Tag, Value
from tests.fakes.peer import Peer, peer, response

Answers = Callable[[Message], Message | bytes]


@contextmanager
def ipp_printer(answers: Answers, *abilities: Attribute) -> Iterator[Peer]:
    """A printer that answers each request as told: with a message, or with octets as the whole HTTP answer.

    What it is asked about its ``abilities`` before a document is answered with these, and not kept among its requests.
    """

    def script(found: Peer, connection: socket.socket) -> None:
        while True:
            request = decode(found.read_request(connection)[1])
            if "operations-supported" in request.groups[0].all("requested-attributes"):
                found.requests.pop()
                connection.sendall(response(200, encode(printer(request, *abilities))))
                continue
            answer = answers(request)
            connection.sendall(answer if isinstance(answer, bytes) else response(200, encode(answer)))

    with peer(script) as found:
        yield found


def enums(name: str, *values: int) -> Attribute:
    """An attribute of enums, such as the operations a printer supports."""
    return Attribute(name, tuple(Value(Tag.ENUM, value) for value in values))


TWO_STEPS = enums("operations-supported", Operation.CREATE_JOB, Operation.SEND_DOCUMENT)


def status(request: Message, code: int, message: str = "", *unsupported: Attribute) -> Message:
    """An answer that is a status, with the attributes that were refused."""
    words = (attribute(Tag.TEXT, "status-message", message),) if message else ()
    groups = [AttributeGroup(Group.OPERATION, words)]
    if unsupported:
        groups.append(AttributeGroup(Group.UNSUPPORTED, unsupported))
    return Message(code, request.request_id, tuple(groups))


def jobs(request: Message, *found: AttributeGroup) -> Message:
    """An answer to Get-Jobs, Get-Job-Attributes or Print-Job."""
    return Message(0, request.request_id, (AttributeGroup(Group.OPERATION), *found))


def job(number: int = 1, **attributes: str | int) -> AttributeGroup:
    """A job; keywords are its attributes, with underscores for hyphens."""
    made = [integer("job-id", number)]
    for name, data in attributes.items():
        tag = Tag.NAME if isinstance(data, str) else Tag.INTEGER
        made.append(Attribute(name.replace("_", "-"), (Value(tag, data),)))
    return AttributeGroup(Group.JOB, tuple(made))


def printer(request: Message, *attributes: Attribute) -> Message:
    """An answer to Get-Printer-Attributes."""
    groups = (AttributeGroup(Group.OPERATION), AttributeGroup(Group.PRINTER, attributes))
    return Message(0, request.request_id, groups)
