"""``manage.py run_worker``: a django-q2 cluster that is kept running."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

import django.db
from django.core.management.base import BaseCommand

from config.processes import asked_to_end
from config.supervisor import Limits, Supervisor
from printing.services.workers import forget_this_host

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs the worker that prints: a django-q2 cluster, restarted when it ends or no longer takes tasks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = Limits()
        parser.add_argument("--beat", type=float, default=default.beat, help="seconds between two heartbeats")
        parser.add_argument(
            "--stale", type=float, default=default.stale, help="seconds without a heartbeat until it is restarted"
        )
        parser.add_argument(
            "--stop", type=float, default=default.stop, help="seconds that running tasks have to end when it is stopped"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor(Limits(beat=options["beat"], stale=options["stale"], stop=options["stop"]))
        with asked_to_end() as asked:
            try:
                while not asked:
                    supervisor.tick(0.5)
            finally:
                supervisor.stop(hurry=lambda: asked.again)
                _forget()


def _forget() -> None:
    try:
        forget_this_host()
    except django.db.Error as error:
        logger.warning("the database does not hear that this worker ends: %s", error)
