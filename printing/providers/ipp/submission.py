"""Sending a document: in two steps where the printer knows them, otherwise in one.

Create-Job and Send-Document (RFC 8011 sections 4.2.4 and 4.3.1) tell a document that got lost from an answer that got
lost: a job that still waits for its document was not printed, and will not be. A Print-Job cut half way leaves no such
trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from printing.providers.base import Accepted, Document, Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.providers.ipp import abilities, jobs, status
from printing.providers.ipp.abilities import Abilities
from printing.providers.ipp.attributes import attribute, boolean, integer, job_name, job_template, keyword, page_range
from printing.providers.ipp.client import IppClient, Operation
from printing.providers.ipp.codec import CodecError
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, Message, RangeOfInteger, Tag

PDF = "application/pdf"
SHORTEST_JOB = 900  # seconds that a job may take at least: a long document must not be ended in the middle
FORMAT = attribute(Tag.MIME_MEDIA_TYPE, "document-format", PDF)


def submit(client: IppClient, document: Document, target: Target, key: str) -> Accepted:
    """Send the document once, with the key in the job's name.

    Raises every class of error; OutcomeUnknown from the first octet of the document until a proper answer is read.
    """
    able = abilities.of(client)
    try:
        template = (*job_template(target), *_pages(target, able), *_limits(target, able))
        name = attribute(Tag.NAME, "job-name", job_name(document.title, key))
        if able.two_steps:
            return _in_two_steps(client, name, template, document.content, key)
        answer = client.send(Operation.PRINT_JOB, (name, FORMAT), template, document.content)
    except CodecError as error:
        raise Permanent(Reason.OPTIONS_REFUSED, {"options": str(error)}, detail="not sent") from error
    return Accepted(_remote_id(key, answer.group(Group.JOB)), note=_note(answer))


def list_jobs(client: IppClient, which: str) -> tuple[AttributeGroup, ...] | None:
    """Get-Jobs, RFC 8011 section 4.2.6; None where the printer does not list them.

    One list each of waiting and finished jobs: "all" comes oldest first, so that its limit would cut off the newest.
    """
    wanted = keyword("requested-attributes", *jobs.WANTED)
    answer = client.ask(Operation.GET_JOBS, keyword("which-jobs", which), wanted, tolerated=status.UNANSWERED)
    return None if answer.code in status.UNANSWERED else tuple(answer.all_groups(Group.JOB))


def withdraw(client: IppClient, *numbers: int) -> None:
    """Cancel jobs whose documents never came. Where that fails they end by themselves after some minutes, unprinted."""
    for number in numbers:
        with suppress(ProviderError):
            client.ask(Operation.CANCEL_JOB, integer("job-id", number), tolerated=range(0x0400, 0x0600))


def _in_two_steps(
    client: IppClient, name: Attribute, template: tuple[Attribute, ...], content: bytes, key: str
) -> Accepted:
    created = _create(client, name, template, key)
    number = created.group(Group.JOB).number("job-id")
    if number is None:
        raise Transient(Reason.NOT_A_PRINT_SERVICE, {"host": client.address.host}, detail="a job without a number")
    about = integer("job-id", number), FORMAT, boolean("last-document", True)
    try:
        answer = client.send(Operation.SEND_DOCUMENT, about, (), content)
    except OutcomeUnknown:
        raise  # the job shows what became of it, so it is left to be asked about
    except ProviderError as error:
        withdraw(client, number)
        if error.reason is Reason.PRINTER_NOT_FOUND:
            # It is the job that is gone, as after a restart between the two steps.
            raise Transient(Reason.SERVICE_ERROR, {"status": "0x0406"}, detail=error.detail) from error
        raise
    note = _note(created) or _note(answer)
    return Accepted(_remote_id(key, created.group(Group.JOB), answer.group(Group.JOB)), note=note)


def _create(client: IppClient, name: Attribute, template: tuple[Attribute, ...], key: str) -> Message:
    """Create-Job. Nothing can come out of it alone, so a lost answer is Transient."""
    try:
        return client.begin(Operation.CREATE_JOB, (name,), template)
    except ConfigurationProblem:
        abilities.forget(client.uri)
        raise
    except Transient as error:
        if error.reason is Reason.BUSY:
            # Perhaps with a job of ours whose number got lost: a small printer would wait a minute for its document.
            waiting = list_jobs(client, "not-completed") or ()
            withdraw(client, *jobs.unfinished(waiting, key))
        raise


def _pages(target: Target, able: Abilities) -> tuple[Attribute, ...]:
    """The pages to print; a printer that cannot choose would print the wrong ones, so it gets nothing."""
    if target.pages is None:
        return ()
    if not able.pages:
        raise Permanent(Reason.PAGES_UNSUPPORTED, field="pages")
    return (page_range("page-ranges", *target.pages),)


def _limits(target: Target, able: Abilities) -> Iterator[Attribute]:
    """How large a page may come out, and for how long, where the printer can be told."""
    scaling = "fit" if target.fit_to_page else "none"
    if scaling in able.scalings:
        yield keyword("print-scaling", scaling)
    if target.expires_after is not None and able.cancel_after is not None:
        yield _cancel_after(target.expires_after, able.cancel_after)


def _cancel_after(after: timedelta, allowed: RangeOfInteger) -> Attribute:
    """``job-cancel-after``, PWG 5100.11: seconds that a job may take from when the printer begins with it.

    It ends a job that hangs in a queue whose printer does not answer. For one that waits without having begun IPP has
    no limit: ``job-hold-until`` says how long a job is to wait, not how long it may.
    """
    seconds = max(int(after.total_seconds()), SHORTEST_JOB)
    return integer("job-cancel-after", min(max(seconds, allowed.lower), allowed.upper))


def _remote_id(key: str, *groups: AttributeGroup) -> str:
    number = next(filter(None, (group.number("job-id") for group in groups)), 0)
    uuid = next(filter(None, (group.text("job-uuid") for group in groups)), "")
    return str(jobs.RemoteId(number, uuid, key))


def _note(answer: Message) -> str:
    """For the log: what the printer ignored or replaced although it took the job (0x0001, 0x0002)."""
    ignored = status.unsupported(answer)
    return f"IPP {answer.code:#06x}: {ignored or 'options ignored'}" if answer.code or ignored else ""
