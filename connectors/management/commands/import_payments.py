"""Record the payments in a bank's file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connectors.bank_files import MAX_BYTES, FileRefused
from connectors.management.arguments import space_by_slug
from connectors.models import ImportFormat
from connectors.services.payment_imports import Came, Report, import_file

SOME_BAD = 1
NOTHING_READ = 2
SHOW_EVERY = 500


class Command(BaseCommand):
    help = (
        "Record the payments in a file of a bank: CAMT.053 and CAMT.054 (XML), or a table (CSV). The same file again "
        "changes nothing. What cannot be recorded is reported with its place on standard error, the rest goes through. "
        "Exit code: 0 all recorded or known, 1 some with errors, 2 nothing could be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file; “-” for standard input")
        parser.add_argument("--space", required=True, help="the Space's short name, as in its address")
        parser.add_argument("--format", choices=ImportFormat.values, default="", help="told by the content without it")
        parser.add_argument("--dry-run", action="store_true", help="say what would be recorded, and record nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_by_slug(options["space"])
        name, content = _read(options["file"])
        try:
            report = import_file(
                space,
                name,
                content,
                file_format=options["format"],
                dry_run=options["dry_run"],
                progress=self._progress,
            )
        except FileRefused as error:
            raise CommandError(str(error), returncode=NOTHING_READ) from error
        for sentence in report.problems:
            self.stderr.write(sentence)
        for sentence in report.unmatched:
            self.stdout.write(_("to be assigned: %(entry)s") % {"entry": sentence})
        self.stdout.write(summary(report, dry_run=options["dry_run"]))
        if bad := report.counts[Came.BAD]:
            sentence = ngettext("%(count)s payment has errors.", "%(count)s payments have errors.", bad)
            taken = any(report.counts[came] for came in (Came.MATCHED, Came.UNMATCHED, Came.KNOWN))
            raise CommandError(sentence % {"count": bad}, returncode=SOME_BAD if taken else NOTHING_READ)

    def _progress(self, done: int, count: int) -> None:
        if done % SHOW_EVERY == 0:
            self.stderr.write(_("%(done)s of %(count)s payments") % {"done": done, "count": count})


def summary(report: Report, *, dry_run: bool = False) -> str:
    """One line: what became of the file."""
    if report.before is not None:
        sentence = _("This file was imported on %(moment)s already; nothing has changed.")
        return sentence % {"moment": report.before.strftime("%Y-%m-%d %H:%M")}
    values = {str(came): count for came, count in report.counts.items()} | {"skipped": report.skipped}
    if dry_run:
        return (
            _(
                "Would be recorded: %(matched)s assigned, %(unmatched)s to be assigned; known already: %(known)s; "
                "left out: %(skipped)s; with errors: %(bad)s."
            )
            % values
        )
    return (
        _(
            "Recorded: %(matched)s assigned, %(unmatched)s to be assigned; known already: %(known)s; "
            "left out: %(skipped)s; with errors: %(bad)s."
        )
        % values
    )


def _read(name: str) -> tuple[str, bytes]:
    # One byte more than is possible: larger files are refused without being read to their end.
    if name == "-":
        return "-", sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return Path(name).name, file.read(MAX_BYTES + 1)
    except OSError as error:
        sentence = _("%(file)s cannot be read: %(problem)s.") % {"file": name, "problem": error.strerror}
        raise CommandError(sentence, returncode=NOTHING_READ) from error
