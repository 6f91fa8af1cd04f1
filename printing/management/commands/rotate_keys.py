"""``manage.py rotate_keys [--dry-run]``: put what is stored encrypted under the first of CREDENTIALS_KEYS."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from printing.services.keys import Rotation, encrypted_fields, rotate


class Command(BaseCommand):
    help = "Encrypt the stored credentials with the first of CREDENTIALS_KEYS, so that the others can be taken out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many rows are under which key")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        results = [rotate(model, field.name, dry_run=dry_run) for model, field in encrypted_fields()]
        for result in results:
            self._report(result, dry_run)
        unreadable = sum(len(result.unreadable) for result in results)
        if unreadable:
            raise CommandError(
                f"{_rows(unreadable)} cannot be decrypted with any of CREDENTIALS_KEYS. Add the key they were saved "
                "with and run this again, or enter anew what is named above."
            )
        if not dry_run and len(settings.CREDENTIALS_KEYS) > 1:
            self.stdout.write("Everything is under the first key: the others can be taken out of CREDENTIALS_KEYS.")

    def _report(self, result: Rotation, dry_run: bool) -> None:
        if dry_run:
            for number in range(1, len(settings.CREDENTIALS_KEYS) + 1):
                self.stdout.write(f"{result}: {_rows(result.by_key[number])} under key {number}")
        else:
            already = f"{result.by_key[1]} under the first key already"
            self.stdout.write(f"{result}: {_rows(result.rotated)} encrypted anew, {already}")
        for pk in result.unreadable:
            self.stderr.write(f"{result.model._meta.label} {pk}: {result.name} cannot be decrypted.")


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"
