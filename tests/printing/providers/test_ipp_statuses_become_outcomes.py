"""What a printer's refusal means: for the document, for its options, for the connection, or only for now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from printing.providers.base import Accepted, Document, ProviderContext, Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.providers.ipp.attributes import attribute, collection, integer, keyword
from printing.providers.ipp.provider import IppProvider
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, Message, Tag, Value
from tests.fakes.ipp_printer import Answers, ipp_printer, job, jobs, status
from tests.fakes.peer import response

PDF = Document(b"%PDF-1.7", "Invoice")


@contextmanager
def _target(answers: Answers) -> Iterator[Target]:
    with ipp_printer(answers) as found:
        url = found.url("/ipp/print", "ipp")
        yield Target({"url": url}, url)


def _refused(context: ProviderContext, answers: Answers) -> ProviderError:
    with _target(answers) as target, pytest.raises(ProviderError) as caught:
        IppProvider(context).submit(PDF, target, "a1b2")
    return caught.value


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (0x0400, Permanent, Reason.DOCUMENT_REFUSED),
        (0x0401, ConfigurationProblem, Reason.FORBIDDEN),
        (0x0402, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (0x0403, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (0x0404, Transient, Reason.NOT_ACCEPTING),
        (0x0405, OutcomeUnknown, Reason.SERVICE_ERROR),
        (0x0406, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (0x0407, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (0x0408, Permanent, Reason.DOCUMENT_TOO_LARGE),
        (0x040A, Permanent, Reason.DOCUMENT_REFUSED),
        (0x040B, Permanent, Reason.OPTIONS_REFUSED),
        (0x0411, Permanent, Reason.DOCUMENT_REFUSED),
        (0x041E, ConfigurationProblem, Reason.FORBIDDEN),
        (0x0500, OutcomeUnknown, Reason.SERVICE_ERROR),
        (0x0501, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (0x0502, Transient, Reason.SERVICE_ERROR),
        (0x0503, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (0x0504, Transient, Reason.SERVICE_ERROR),
        (0x0505, Transient, Reason.SERVICE_ERROR),
        (0x0506, Transient, Reason.NOT_ACCEPTING),
        (0x0507, Transient, Reason.BUSY),
        (0x0508, OutcomeUnknown, Reason.SERVICE_ERROR),
        (0x0200, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (0x7777, OutcomeUnknown, Reason.SERVICE_ERROR),
    ],
)
def test_each_status_has_its_outcome(
    context: ProviderContext, code: int, kind: type[ProviderError], reason: Reason
) -> None:
    error = _refused(context, lambda request: status(request, code))
    assert (type(error), error.reason) == (kind, reason)
    assert f"{code:#06x}" in error.detail


def test_refused_options_are_named_with_their_values(context: ProviderContext) -> None:
    refused = (
        keyword("sides", "two-sided-long-edge"),
        integer("copies", 100),
        collection("media-col", keyword("media-source", "tray-9")),
        Attribute("output-bin", (Value(Tag.UNSUPPORTED),)),
    )
    error = _refused(context, lambda request: status(request, 0x040B, "", *refused))
    assert error.params["options"] == "sides=two-sided-long-edge; copies=100; media-source=tray-9; output-bin"


def test_a_format_refused_as_an_option_is_a_refused_document(context: ProviderContext) -> None:
    refused = attribute(Tag.MIME_MEDIA_TYPE, "document-format", "application/pdf")
    error = _refused(context, lambda request: status(request, 0x040B, "", refused))
    assert (error.reason, error.params["message"]) == (Reason.DOCUMENT_REFUSED, "document-format application/pdf")


def test_the_words_of_the_printer_are_passed_on_in_one_line_and_not_too_many(context: ProviderContext) -> None:
    error = _refused(context, lambda request: status(request, 0x040A, "No\r\n  PDF " + "x" * 900))
    message = str(error.params["message"])
    assert message.startswith("No PDF xxx")
    assert len(message) == 200


@pytest.mark.parametrize("code", [0x0000, 0x0001, 0x0002, 0x00FF])
def test_a_yes_with_reservations_is_a_yes(context: ProviderContext, code: int) -> None:
    def answers(request: Message) -> Message:
        ignored = AttributeGroup(Group.UNSUPPORTED, (keyword("sides", "two-sided-long-edge"),) if code else ())
        return Message(code, request.request_id, (AttributeGroup(Group.OPERATION), ignored, job(12)))

    with _target(answers) as target:
        accepted = IppProvider(context).submit(PDF, target, "a1b2")
    assert accepted.remote_id == "12;;a1b2"
    assert accepted.note == (f"IPP {code:#06x}: sides=two-sided-long-edge" if code else "")


def test_a_jam_with_a_job_is_a_job(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        return Message(0x0504, request.request_id, (AttributeGroup(Group.OPERATION), job(12)))

    with _target(answers) as target:
        assert IppProvider(context).submit(PDF, target, "a1b2").remote_id == "12;;a1b2"


def test_a_yes_without_a_job_id_is_a_yes(context: ProviderContext) -> None:
    with _target(jobs) as target:
        assert IppProvider(context).submit(PDF, target, "a1b2") == Accepted("0;;a1b2")


@pytest.mark.parametrize(
    "answer",
    [
        response(200, b"<html>Log in</html>", content_type="text/html"),
        response(200, b"\x01\x01\x00\x00"),
        response(200, b""),
        response(200, bytes.fromhex("0101 0000 7fffffff 01 03")),
    ],
)
def test_an_answer_that_is_none_may_have_been_a_yes(context: ProviderContext, answer: bytes) -> None:
    error = _refused(context, lambda _: answer)
    assert (type(error), error.reason) == (OutcomeUnknown, Reason.ANSWER_NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (response(200, b"<html>Log in</html>", content_type="text/html"), ConfigurationProblem),
        (response(200, b"\x01\x01\x00\x00"), Transient),
    ],
)
def test_a_question_answered_with_nonsense_found_no_printer(
    context: ProviderContext, answer: bytes, kind: type[ProviderError]
) -> None:
    with _target(lambda _: answer) as target, pytest.raises(kind) as caught:
        IppProvider(context).describe(target.credentials)
    assert caught.value.reason is Reason.NOT_A_PRINT_SERVICE


@pytest.mark.parametrize(
    ("code", "reason"), [(401, Reason.AUTHENTICATION_FAILED), (403, Reason.FORBIDDEN), (426, Reason.TLS_REQUIRED)]
)
def test_http_is_heard_before_ipp(context: ProviderContext, code: int, reason: Reason) -> None:
    error = _refused(context, lambda _: response(code, b"<html/>", content_type="text/html"))
    assert (type(error), error.reason) == (ConfigurationProblem, reason)


def test_options_that_cannot_be_written_are_refused_without_sending(context: ProviderContext) -> None:
    with _target(jobs) as target:
        too_long = Target(target.credentials, target.printer_id, tray="x" * 300)
        with pytest.raises(Permanent) as caught:
            IppProvider(context).submit(PDF, too_long, "a1b2")
    assert caught.value.reason is Reason.OPTIONS_REFUSED
