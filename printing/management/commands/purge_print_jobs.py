"""``manage.py purge_print_jobs [--dry-run]``: delete the print jobs and documents whose time is over."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from printing.constants import PRINT_JOB_RETENTION
from printing.models import PrintJob
from printing.services.printers import purge_deleted_configurations
from printing.services.retention import purge_expired


class Command(BaseCommand):
    help = f"Delete print jobs {PRINT_JOB_RETENTION.days} days after their end, with their documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")

    def handle(self, *args: Any, **options: Any) -> None:
        expired = PrintJob.objects.expired().count()
        if options["dry_run"]:
            self.stdout.write(f"{expired} print jobs would be deleted.")
            return
        deleted = 0
        for batch in purge_expired():
            deleted += batch
            self.stdout.write(f"{deleted} of {expired} print jobs deleted")
        printers = purge_deleted_configurations()
        self.stdout.write(f"Done: {deleted} print jobs and {printers} deleted printers are gone for good.")
