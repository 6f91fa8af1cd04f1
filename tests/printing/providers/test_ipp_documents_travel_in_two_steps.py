"""Create-Job, then Send-Document, where the printer knows both; what is asked of it depends on what it can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from printing.providers.base import Accepted, Document, NotFound, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, Permanent, ProviderError, Reason, Transient
from printing.providers.ipp.attributes import attribute, boolean, integer, keyword
from printing.providers.ipp.client import Operation
from printing.providers.ipp.codec import decode
from printing.providers.ipp.provider import IppProvider
from printing.providers.ipp.submission import SHORTEST_JOB
from printing.providers.ipp.values import (
    Attribute,
    AttributeGroup,
    Collection,
    Group,
    Message,
    RangeOfInteger,
    Tag,
    Value,
)
from tests.fakes.ipp_printer import TWO_STEPS, Answers, enums, ipp_printer, job, jobs, printer, status
from tests.fakes.peer import Peer, response

KEY = "a1b2"
PDF = Document(b"%PDF-1.7", "Invoice")
PAGES = (boolean("page-ranges-supported", True), keyword("media-supported", "iso_a4_210x297mm"))
HELD: dict[str, str | int] = {"job_name": f"Invoice [{KEY}]", "job_state": 4, "job_state_reasons": "job-incoming"}


@contextmanager
def _target(answers: Answers, *abilities: Attribute) -> Iterator[tuple[Target, Peer]]:
    with ipp_printer(answers, *abilities) as found:
        url = found.url("/ipp/print", "ipp")
        yield Target({"url": url}, url), found


def _messages(found: Peer) -> list[Message]:
    return [decode(body) for _, body in found.requests]


def _operations(found: Peer) -> list[int]:
    return [message.code for message in _messages(found)]


def _answering(**by_operation: Message | bytes | int) -> Answers:
    """Answers by the name of the operation; a number is a status. Everything else is done, as job 7."""

    def answers(request: Message) -> Message | bytes:
        answer = by_operation.get(Operation(request.code).name, jobs(request, job(7)))
        if isinstance(answer, int):
            return status(request, answer)
        return replace(answer, request_id=request.request_id) if isinstance(answer, Message) else answer

    return answers


def test_a_printer_that_knows_both_gets_the_options_first_and_then_the_document(context: ProviderContext) -> None:
    with _target(_answering(), TWO_STEPS) as (target, found):
        accepted = IppProvider(context).submit(PDF, replace(target, copies=2), KEY)
        create, send = _messages(found)
    assert accepted.remote_id == f"7;;{KEY}"
    assert (create.code, create.data, send.code, send.data) == (5, b"", 6, PDF.content)
    assert create.groups[0].text("job-name") == f"Invoice [{KEY}]"
    assert create.group(Group.JOB).number("copies") == 2
    about = send.groups[0]
    assert (about.number("job-id"), about.first("last-document")) == (7, True)
    assert about.text("document-format") == "application/pdf"


@pytest.mark.parametrize("operations", [(), (Operation.CREATE_JOB,), (Operation.SEND_DOCUMENT,)])
def test_a_printer_that_does_not_know_both_gets_everything_at_once(
    context: ProviderContext, operations: tuple[int, ...]
) -> None:
    known = enums("operations-supported", *operations, Operation.PRINT_JOB)
    with _target(_answering(), known) as (target, found):
        IppProvider(context).submit(PDF, target, KEY)
        assert _operations(found) == [Operation.PRINT_JOB]


def test_a_printer_that_does_not_say_what_it_can_do_gets_everything_at_once(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        return jobs(request, job(7))

    with _target(answers) as (target, found):
        IppProvider(context).submit(PDF, target, KEY)
        assert _operations(found) == [Operation.PRINT_JOB]


def test_the_number_and_the_uuid_of_the_job_are_remembered(context: ProviderContext) -> None:
    sent = jobs(Message(0, 0), job(7, job_uuid="urn:uuid:x"))
    with _target(_answering(SEND_DOCUMENT=sent), TWO_STEPS) as (target, _):
        assert IppProvider(context).submit(PDF, target, KEY).remote_id == f"7;urn:uuid:x;{KEY}"


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (0x040B, Permanent, Reason.OPTIONS_REFUSED),
        (0x0506, Transient, Reason.NOT_ACCEPTING),
        (0x0507, Transient, Reason.BUSY),
        (0x0403, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (0x0406, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        # It may have made the job, but nothing comes out of a job without a document.
        (0x0500, Transient, Reason.SERVICE_ERROR),
    ],
)
def test_a_job_that_is_refused_gets_no_document(
    context: ProviderContext, code: int, kind: type[ProviderError], reason: Reason
) -> None:
    with _target(_answering(CREATE_JOB=code), TWO_STEPS) as (target, found):
        with pytest.raises(ProviderError) as caught:
            IppProvider(context).submit(PDF, target, KEY)
        assert Operation.SEND_DOCUMENT not in _operations(found)
    assert (type(caught.value), caught.value.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (0x040A, Permanent, Reason.DOCUMENT_REFUSED),
        (0x0404, Transient, Reason.NOT_ACCEPTING),
        (0x0406, Transient, Reason.SERVICE_ERROR),  # the job is gone, as after a restart; the printer is not
        (response(401, content_type="text/html"), ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (response(413, content_type="text/html"), Permanent, Reason.DOCUMENT_TOO_LARGE),
    ],
)
def test_a_job_whose_document_is_refused_does_not_wait_for_another(
    context: ProviderContext, answer: int | bytes, kind: type[ProviderError], reason: Reason
) -> None:
    with _target(_answering(SEND_DOCUMENT=answer), TWO_STEPS) as (target, found):
        with pytest.raises(ProviderError) as caught:
            IppProvider(context).submit(PDF, target, KEY)
        assert _operations(found)[-1] == Operation.CANCEL_JOB
        assert _messages(found)[-1].groups[0].number("job-id") == 7
    assert (type(caught.value), caught.value.reason) == (kind, reason)
    assert caught.value.field == ("password" if kind is ConfigurationProblem else "")


def test_a_busy_printer_is_freed_of_a_job_of_ours_that_waits_in_vain(context: ProviderContext) -> None:
    waiting = jobs(
        Message(0, 0),
        job(3, **HELD),
        job(4, job_name="Somebody else's", job_state=4, job_state_reasons="job-incoming"),
        job(5, job_name=f"Invoice [{KEY}]", job_state=5),
    )
    with _target(_answering(CREATE_JOB=0x0507, GET_JOBS=waiting), TWO_STEPS) as (target, found):
        with pytest.raises(Transient):
            IppProvider(context).submit(PDF, target, KEY)
        cancelled = [m.groups[0].number("job-id") for m in _messages(found) if m.code == Operation.CANCEL_JOB]
    assert cancelled == [3]


def test_a_job_that_waits_for_its_document_was_not_printed_and_is_taken_back(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        if request.code == Operation.GET_PRINTER_ATTRIBUTES:
            return printer(request, integer("printer-up-time", 10_000))
        if request.code == Operation.GET_JOBS and request.groups[0].text("which-jobs") == "not-completed":
            return jobs(request, job(7, **HELD))
        return jobs(request)

    with _target(answers, TWO_STEPS) as (target, found):
        assert IppProvider(context).find(target, KEY, datetime.now(UTC)) == NotFound()
        assert _messages(found)[-1].groups[0].number("job-id") == 7
        assert _operations(found)[-1] == Operation.CANCEL_JOB


def test_a_job_that_has_its_document_by_now_is_left_alone(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        if request.code == Operation.GET_PRINTER_ATTRIBUTES:
            return printer(request, integer("printer-up-time", 10_000))
        listed = job(8, job_name=f"Invoice [{KEY}]", job_state=5)
        return jobs(request, job(7, **HELD), listed)

    with _target(answers, TWO_STEPS) as (target, _):
        found = IppProvider(context).find(target, KEY, datetime.now(UTC))
    assert isinstance(found, Accepted)
    assert found.remote_id == f"8;;{KEY}"


def test_what_a_printer_can_do_is_asked_once_and_anew_when_it_turns_out_wrong(context: ProviderContext) -> None:
    asked: list[int] = []

    def answers(request: Message) -> Message:
        asked.append(request.code)
        return status(request, 0x0501) if request.code == Operation.CREATE_JOB else jobs(request, job(7))

    with _target(answers, TWO_STEPS) as (target, _), pytest.raises(ConfigurationProblem):
        IppProvider(context).submit(PDF, target, KEY)
    with _target(answers) as (target, _):
        for _number in range(3):
            IppProvider(context).submit(PDF, target, KEY)
    assert asked == [Operation.CREATE_JOB, *[Operation.PRINT_JOB] * 3]


def test_pages_are_chosen_by_a_printer_that_can(context: ProviderContext) -> None:
    with _target(_answering(), *PAGES) as (target, found):
        IppProvider(context).submit(PDF, replace(target, pages=(2, 3)), KEY)
        [message] = _messages(found)
    assert message.group(Group.JOB).first("page-ranges") == RangeOfInteger(2, 3)


@pytest.mark.parametrize("abilities", [(), PAGES[1:], PAGES[:1], (boolean("page-ranges-supported", False), PAGES[1])])
def test_a_printer_that_would_print_the_wrong_pages_gets_none(
    context: ProviderContext, abilities: tuple[Attribute, ...]
) -> None:
    with _target(_answering(), *abilities) as (target, found):
        with pytest.raises(Permanent) as caught:
            IppProvider(context).submit(PDF, replace(target, pages=(1, 1)), KEY)
        assert found.requests == []
    assert (caught.value.reason, caught.value.field) == (Reason.PAGES_UNSUPPORTED, "pages")


@pytest.mark.parametrize(
    ("after", "allowed", "sent"),
    [
        (timedelta(hours=2), RangeOfInteger(1, 86_400), 7_200),
        (timedelta(days=3), RangeOfInteger(1, 86_400), 86_400),
        # Even a document that is nearly too old gets the time that printing it takes.
        (timedelta(minutes=1), RangeOfInteger(0, 86_400), SHORTEST_JOB),
        (timedelta(hours=2), None, None),
        (None, RangeOfInteger(1, 86_400), None),
    ],
)
def test_a_job_ends_after_its_time_where_the_printer_can_be_told(
    context: ProviderContext, after: timedelta | None, allowed: RangeOfInteger | None, sent: int | None
) -> None:
    abilities = (Attribute("job-cancel-after-supported", (Value(Tag.RANGE_OF_INTEGER, allowed),)),) if allowed else ()
    with _target(_answering(), *abilities) as (target, found):
        IppProvider(context).submit(PDF, replace(target, expires_after=after), KEY)
        [message] = _messages(found)
    assert message.group(Group.JOB).number("job-cancel-after") == sent


@pytest.mark.parametrize(("fit", "word"), [(True, "fit"), (False, "none")])
def test_a_page_keeps_its_size_or_is_fitted_where_the_printer_can_be_told(
    context: ProviderContext, fit: bool, word: str
) -> None:
    abilities = keyword("print-scaling-supported", "auto", "fit", "none")
    with _target(_answering(), abilities) as (target, found):
        IppProvider(context).submit(PDF, replace(target, fit_to_page=fit), KEY)
        [message] = _messages(found)
    assert message.group(Group.JOB).text("print-scaling") == word


def test_what_was_ignored_is_noted_by_name(context: ProviderContext) -> None:
    ignored = AttributeGroup(Group.UNSUPPORTED, (keyword("sides", "two-sided-long-edge"),))
    created = Message(0x0001, 0, (AttributeGroup(Group.OPERATION), ignored, job(7)))
    with _target(_answering(CREATE_JOB=created), TWO_STEPS) as (target, _):
        accepted = IppProvider(context).submit(PDF, target, KEY)
    assert accepted.note == "IPP 0x0001: sides=two-sided-long-edge"


def test_the_paper_a_printer_refuses_is_named_in_millimetres(context: ProviderContext) -> None:
    size = Attribute("media-size", (Value(Tag.BEG_COLLECTION, _size(21000, 29700)),))
    refusal = status(Message(0, 0), 0x040B, "", size, attribute(Tag.NAME, "media-source", "Fach 2"))
    with _target(_answering(CREATE_JOB=refusal), TWO_STEPS) as (target, _), pytest.raises(Permanent) as caught:
        IppProvider(context).submit(PDF, target, KEY)
    assert caught.value.params["options"] == "media-size=210 × 297 mm; media-source=Fach 2"


def _size(width: int, height: int) -> Collection:
    return Collection((integer("x-dimension", width), integer("y-dimension", height)))
