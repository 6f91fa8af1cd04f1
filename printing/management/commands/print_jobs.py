"""``manage.py print_jobs --space S [--state STATE] [--json]``: the print jobs of a Space, newest first."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from printing import display, kinds
from printing.management.arguments import space_or_error
from printing.models import PrintJob
from printing.states import JobState

LIMIT = 100


class Command(BaseCommand):
    help = "List the print jobs of a Space, newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--space", required=True, metavar="SLUG")
        parser.add_argument("--state", choices=JobState.values, help="only jobs in this state")
        parser.add_argument("--order", metavar="NUMBER", help="only the jobs of this order")
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"at most so many jobs (default {LIMIT})")
        parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_or_error(options["space"], prints=False)
        jobs = PrintJob.objects.in_space(space).with_former_printer().order_by("-pk")
        jobs = jobs.select_related("configuration", "printer").defer("printer__capabilities")
        if options["state"]:
            jobs = jobs.filter(state=options["state"])
        if options["order"]:
            jobs = jobs.filter(order_number=options["order"])
        rows = [_row(job, job.former_printer) for job in jobs[: max(options["limit"], 0)]]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        if not rows:
            self.stdout.write("No print jobs.")
            return
        self.stdout.write(_line("ID", "STATE", "PAPER", "TRIES", "ORDER", "PRINTER", "TITLE, AND WHY"))
        for row in rows:
            title = "  ".join(filter(None, [row["title"], row["reason"], row["paper_detail"], *_marks(row)]))
            state, printer = row["state"].upper(), row["printer"] or "-"
            self.stdout.write(
                _line(row["id"], state, row["paper"], row["attempts"], row["order"] or "-", printer, title)
            )


def _line(*cells: object) -> str:
    job, state, paper, attempts, order, printer, title = map(str, cells)
    return f"{job:>8}  {state:<10}  {paper:<8}  {attempts:>5}  {order:<16}  {printer:<20}  {title}"


def _marks(row: dict[str, Any]) -> list[str]:
    marks = {
        "(may have come out twice)": row["possible_duplicate"],
        f"(reprint of {row['reprint_of']})": row["reprint_of"],
        f"(instead of {row['instead_of']})": row["instead_of"],
    }
    return [mark for mark, holds in marks.items() if holds]


def _row(job: PrintJob, former: str | None) -> dict[str, Any]:
    return {
        "id": job.pk,
        "key": str(job.key),
        "state": job.state,
        "paper": job.paper,
        "document_kind": job.document_kind,
        "document": kinds.label(job.document_kind),
        "title": job.title,
        "order": job.order_number,
        "printer": job.configuration.name if job.configuration else None,
        "attempts": job.attempts,
        "next_try": display.next_try(job) if job.state == JobState.PENDING else None,
        "paper_detail": display.paper_words(job),
        "accepted_at": job.accepted_at.isoformat() if job.accepted_at else None,
        "reprint_of": job.reprint_of,
        "instead_of": former,
        "possible_duplicate": job.possible_duplicate,
        "reason": job.reason_sentence,
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        "planned_purge_at": job.planned_purge_at.isoformat() if job.planned_purge_at else None,
    }
