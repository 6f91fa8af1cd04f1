"""A real SMTP server as a process of its own: every message it takes is a file. ``python -m tests.lab.smtp PORT DIR``.

It refuses what ``DIR/refused`` names, an address a line. Stop, kill or freeze it as any server of the lab.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.lab.processes import ServerProcess, free_port

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Letter:
    """A message as the server took it; ``recipients`` are those of the envelope."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"]).strip()

    @property
    def text(self) -> str:
        """The plain text, with line ends as Python has them."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


class SmtpServer(ServerProcess):
    """Listens on a port of its own, without encryption and without a password."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        self.directory = directory
        port = free_port()
        command = [sys.executable, "-m", "tests.lab.smtp", str(port), str(directory)]
        super().__init__(command, port, directory / "log")

    @property
    def url(self) -> str:
        """What EMAIL_URL takes."""
        return f"smtp://127.0.0.1:{self.port}"

    def letters(self) -> list[Letter]:
        """Every message so far, in the order in which they came."""
        found = []
        for path in sorted(self.directory.glob("*.eml")):
            envelope = json.loads(path.with_suffix(".json").read_text())
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            found.append(Letter(envelope["from"], envelope["to"], message))
        return found

    def refuse(self, *addresses: str) -> None:
        """Take no message for these addresses any more: 550, for good."""
        (self.directory / "refused").write_text("\n".join(addresses))

    def hold(self) -> None:
        """Take and keep every message, and say so only after :meth:`release`."""
        (self.directory / "hold").touch()

    def release(self) -> None:
        (self.directory / "hold").unlink()

    def lose_answers(self, lose: bool = True) -> None:
        """Take and keep every message, and break the connection instead of saying so; or not any more."""
        marker = self.directory / "lose"
        marker.touch() if lose else marker.unlink()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as probe:
                return probe.recv(3) == b"220"
        except OSError:
            return False


@contextmanager
def smtp_server(directory: Path) -> Iterator[SmtpServer]:
    """A server in a new process, ready, with nothing in it."""
    server = SmtpServer(directory)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Keeper:
    """Writes each message to a file; it is there, whole, before the sender hears that it was taken."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.numbers = itertools.count(len(list(directory.glob("*.eml"))) + 1)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        refused = self.directory / "refused"
        if refused.exists() and address in refused.read_text().splitlines():
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        name = f"{next(self.numbers):06}"
        content = envelope.original_content or b""
        (self.directory / f"{name}.json").write_text(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos}))
        unfinished = self.directory / f"{name}.part"
        unfinished.write_bytes(content)
        unfinished.rename(self.directory / f"{name}.eml")
        while (self.directory / "hold").exists():
            await asyncio.sleep(0.02)
        if (self.directory / "lose").exists():
            server.transport.abort()
        return "250 OK"


def main(port: str, directory: str) -> None:
    """Serve until SIGTERM."""
    from aiosmtpd.controller import Controller

    controller = Controller(Keeper(Path(directory)), hostname="127.0.0.1", port=int(port))
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    # Waited for in main; blocked before any thread is there, so that none of them takes it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(*sys.argv[1:])
