"""``manage.py fake_provider``: a print service on this machine, to try everything without an account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

PORT = 9100


class Command(BaseCommand):
    help = "Runs a stand-in for a print service on this machine, to try everything without an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the key of the print service, such as printnode")
        told = f"where it listens; it takes orders on the next port (default: {PORT})"
        parser.add_argument("--port", type=int, default=PORT, help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        # Part of the tests, which an installation may go without.
        try:
            from tests.fakes.server import FakeServer
            from tests.fakes.table import FAKES
        except ImportError as error:
            raise CommandError("The stand-ins lie in tests/fakes, which is missing in this installation.") from error
        name, port = options["name"], options["port"]
        if name not in FAKES:
            raise CommandError(f"There is no stand-in for “{name}”. There are: {', '.join(sorted(FAKES))}.")
        try:
            server = FakeServer(FAKES[name](), port, port and port + 1)
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} or {port + 1} cannot be used ({error}); choose another.") from error
        self.stdout.write(server.service.introduction(server.url))
        self.stdout.write(f"Takes orders at {server.control_url}. Ctrl-C ends it, and it forgets everything.")
        self.stdout.flush()
        try:
            server.run()
        except KeyboardInterrupt:
            self.stdout.write("")
