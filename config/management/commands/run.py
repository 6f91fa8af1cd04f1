"""``manage.py run``: web server and worker together, with the demo's data, for trying it out; ``make run`` calls it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import demo
from config.env import BASE_DIR
from config.logs import LogFile, logging_into
from config.processes import Asked, asked_to_end
from config.supervisor import Limits, Supervisor
from connectors.models import Order

START_LIMIT, STOP_LIMIT = 60.0, 10.0
HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Runs web server and worker together, for trying it out. In production they run on their own: README.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default: PORT, or 8000")

    def handle(self, *args: Any, **options: Any) -> None:
        port = _free_port(options["port"])
        self.stdout.write("Preparing the database and the demo Space ...")
        space = demo.prepare()
        name, password = demo.login(space)
        web_log, worker_log = LogFile("web.log"), LogFile("worker.log")
        supervisor = Supervisor(Limits(stop=STOP_LIMIT), worker_log.file)
        with asked_to_end() as asked, logging_into(worker_log):
            web = _start_web(port, web_log)
            try:
                self._wait_for_start(web, web_log, supervisor, port, asked)
                if not asked:
                    if not Order.objects.in_space(space).exists():
                        demo.receive_example(space)
                    self._show(port, name, password, web_log, worker_log)
                while not asked:
                    supervisor.tick(0.2)
                    _check(web, web_log)
            finally:
                self.stdout.write("Stopping ...")
                _stop_web(web, asked)
                supervisor.stop(hurry=lambda: asked.again)
        self.stdout.write("Web server and worker have ended.")

    def _wait_for_start(
        self, web: subprocess.Popen[bytes], log: LogFile, supervisor: Supervisor, port: int, asked: Asked
    ) -> None:
        self.stdout.write("Starting web server and worker ...")
        deadline = time.monotonic() + START_LIMIT
        while not asked and not (supervisor.ready and _answers(port)):
            _check(web, log)
            if time.monotonic() > deadline:
                raise CommandError(f"Web server or worker did not start within {START_LIMIT:.0f} s; see {log.path}.")
            supervisor.tick(0.1)

    def _show(self, port: int, name: str, password: str, *logs: LogFile) -> None:
        self.stdout.write(
            f"\n  http://localhost:{port}/      log in as: {name}   password: {password or '(the one you have set)'}\n"
            f"  http://localhost:{port}/doc/  the documentation\n\n"
            f"Documents come out in {demo.PRINTED_DIR}.\n"
            f"Logs: {', '.join(str(log.path) for log in logs)}\n"
            "Ctrl-C ends both."
        )
        self.stdout.flush()


def _free_port(text: str) -> int:
    """The port asked for. Raises CommandError where it is none or taken."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT has to be a number from 1 to 65535, not “{text}”.")
    port = int(text)
    with socket.socket() as probe:
        # As gunicorn does it: connections of a server that ended a moment ago do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). "
                "End the program that uses it, or choose another one: PORT=8001 make run"
            ) from error
    return port


def _start_web(port: int, log: LogFile) -> subprocess.Popen[bytes]:
    server = ["gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--threads", "8", "--access-logfile", "-"]
    # No socket in the home directory, and no long good-bye: this is for trying it out.
    server += ["--no-control-socket", "--graceful-timeout", "5"]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "config.processes", str(os.getpid()), *server],
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=log.file,
        stderr=log.file,
        start_new_session=True,  # Ctrl-C in the terminal reaches us alone
    )


def _stop_web(web: subprocess.Popen[bytes], asked: Asked) -> None:
    web.terminate()
    deadline = time.monotonic() + STOP_LIMIT
    while web.poll() is None and time.monotonic() < deadline and not asked.again:
        try:
            web.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    try:
        os.killpg(web.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        web.wait()


def _check(web: subprocess.Popen[bytes], log: LogFile) -> None:
    """Raise CommandError where the web server has ended."""
    if web.poll() is not None:
        raise CommandError(f"The web server ended. The last lines of {log.path}:\n{log.tail()}")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
