"""Show what is to be dunned, and issue it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connectors.management.arguments import space_by_slug
from connectors.models import DunningRun, RunSource
from connectors.money import rounded
from connectors.sentences import stored_why_not
from connectors.services import dunning
from connectors.services.dunning import DunningRefused, Proposal

NOT_ISSUED = 1


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a date like 2026-01-31") from None


class Command(BaseCommand):
    help = (
        "Show which overdue invoices are due for a dunning notice, and for all others why not; then issue the notices. "
        "Asks before that unless --yes is given. Exit code: 0 issued, or nothing to issue; 1 not issued."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--space", required=True, help="the Space's short name, as in its address")
        parser.add_argument("--date", type=day_of, help="the day of the notices; today, if not given")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="show the proposal and issue nothing")
        how.add_argument("--yes", action="store_true", help="issue the proposal without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_by_slug(options["space"])
        day = options["date"] or dunning.local_day(space)
        if not options["dry_run"]:
            dunning.upkeep(space)
        proposal = dunning.propose(space, day)
        self._show(proposal)
        if options["dry_run"] or not proposal.items:
            return
        if not options["yes"] and not self._confirmed(len(proposal.items)):
            raise CommandError(_("Nothing was issued."), returncode=NOT_ISSUED)
        chosen = [item.invoice.pk for item in proposal.items]
        try:
            run = dunning.issue(space, day, chosen, source=RunSource.COMMAND)
        except DunningRefused as error:
            raise CommandError(str(error), returncode=NOT_ISSUED) from error
        self._report(run)

    def _show(self, proposal: Proposal) -> None:
        self.stdout.write(_("Dunning on %(day)s") % {"day": date_format(proposal.day, "SHORT_DATE_FORMAT")})
        for item in proposal.items:
            self.stdout.write(
                _("%(invoice)s  %(customer)s: %(level)s, %(total)s %(currency)s, due %(due)s (%(channel)s)")
                % {
                    "invoice": item.invoice.number,
                    "customer": item.invoice.recipient,
                    "level": item.level.name,
                    "total": number_format(item.charges.total, force_grouping=True),
                    "currency": item.invoice.currency,
                    "due": date_format(item.due_on, "SHORT_DATE_FORMAT"),
                    "channel": item.level.get_channel_display(),
                }
            )
        if not proposal.items:
            self.stdout.write(_("There is nothing to dun."))
        for currency, total in sorted(proposal.totals.items()):
            self.stdout.write(
                _("Total: %(total)s %(currency)s")
                % {"total": number_format(rounded(total, currency), force_grouping=True), "currency": currency}
            )
        if proposal.exclusions:
            self.stdout.write(_("Not dunned:"))
        for exclusion in proposal.exclusions:
            self.stdout.write(f"{exclusion.invoice.number}  {' '.join(exclusion.sentences)}")

    def _confirmed(self, count: int) -> bool:
        """Ask the person. A command without anybody to answer has to say --yes."""
        if not sys.stdin.isatty():
            raise CommandError(_("Nobody is there to confirm this: add --yes or --dry-run."), returncode=NOT_ISSUED)
        question = ngettext("Issue %(count)s notice?", "Issue %(count)s notices?", count) % {"count": count}
        yes, no = _("yes"), _("no")
        answer = input(f"{question} [{yes}/{no}] ").strip().casefold()
        return answer in {"y", "yes", yes.casefold()}

    def _report(self, run: DunningRun) -> None:
        issued = ngettext("%(count)s notice was issued.", "%(count)s notices were issued.", run.notice_count)
        self.stdout.write(issued % {"count": run.notice_count})
        for dropped in run.dropped:
            reasons = " ".join(stored_why_not(reason, params) for reason, params in dropped["reasons"])
            self.stdout.write(
                _("%(invoice)s was left out: %(reasons)s") % {"invoice": dropped["invoice"], "reasons": reasons}
            )
