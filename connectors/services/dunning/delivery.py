"""The ways of a notice to the customer, letter and e-mail: sent, withdrawn, and how far they have come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from connectors import printing_bridge
from connectors.issued_kinds import DUNNING_NOTICE
from connectors.models import DunningChannel, DunningLevel, DunningNotice, MailState, OutgoingMail
from connectors.printing_bridge import NOT_SENT, Progress, job_key
from connectors.services import mails


def send(notice: DunningNotice, level: DunningLevel) -> None:
    """Queue the letter, the e-mail or both, inside the transaction of the run; a task has neither."""
    channel = DunningChannel(notice.channel)
    if channel.prints:
        printing_bridge.print_notice(notice, level)
    # Where a letter goes out as well, a customer without an address is no trouble to tell anybody of.
    if channel.mails and (notice.order.billing_party.email or not channel.prints):
        mails.enqueue(notice, event_key=f"{DUNNING_NOTICE}:{notice.pk}")


def withdraw(notice: DunningNotice) -> bool:
    """Take back what has not left of a notice; says whether anything has."""
    return bool(printing_bridge.withdraw(notice).left + mails.withdraw(notice).left)


def left_at(notices: Collection[DunningNotice]) -> dict[int, datetime]:
    """When each notice first left, by primary key; without those of which nothing has."""
    printed, mailed = printing_bridge.accepted_at(notices), mails.sent_at(notices)
    found: dict[int, datetime] = {}
    for notice in notices:
        moments = [way[key] for way in (printed, mailed) if (key := job_key(notice)) in way]
        if moments:
            found[notice.pk] = min(moments)
    return found


def progress_of(notices: Collection[DunningNotice]) -> dict[int, Progress]:
    """What notices wait for that have not left yet: the better of letter and e-mail. Two queries for all of them."""
    printed, mailed = printing_bridge.progress_of(notices), mails.mails_of(notices)
    return {notice.pk: _better(printed[key], _of_mails(mailed[key])) for notice in notices if (key := job_key(notice))}


def _of_mails(sent: list[OutgoingMail]) -> Progress:
    if not sent:
        return NOT_SENT
    if any(mail.state == MailState.PENDING for mail in sent):
        return Progress("waits")
    latest = sent[-1]
    return Progress("canceled") if latest.state == MailState.CANCELED else Progress("failed", latest.reason_sentence)


def _better(*ways: Progress) -> Progress:
    order = ("waits", "failed", "canceled", "not_sent")
    return min(ways, key=lambda way: order.index(way.state))
