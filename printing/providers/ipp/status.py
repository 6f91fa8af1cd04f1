"""What IPP status codes mean to us, RFC 8011 appendix B and PWG 5100.13."""

from __future__ import annotations

from printing.providers.errors import ConfigurationProblem, Permanent, ProviderError, Reason, Transient
from printing.providers.http import megabytes, uncertain
from printing.providers.ipp.values import Attribute, Collection, Group, Localized, Message, RangeOfInteger

NOT_POSSIBLE = 0x0404
NOT_FOUND = frozenset({0x0406, 0x0407})  # not found, gone
REFUSED = frozenset({0x0401, 0x0402, 0x0403})  # forbidden, not authenticated, not authorized
UNANSWERED = frozenset(range(0x0400, 0x0502)) - REFUSED  # the question is not understood or not supported
DEVICE_ERROR = 0x0504
TOO_LARGE = 0x0408
MAX_TEXT = 200  # characters of the printer's own words that are passed on
MAX_NAMED = 600
SEPARATOR = "; "

_REFUSED_CREDENTIALS = {
    0x0401: Reason.FORBIDDEN,
    0x0402: Reason.AUTHENTICATION_FAILED,
    0x0403: Reason.AUTHENTICATION_FAILED,
    # Accounts with the printer: information needed, closed, limit reached, not accepted (PWG 5100.16).
    0x041C: Reason.FORBIDDEN,
    0x041D: Reason.FORBIDDEN,
    0x041E: Reason.FORBIDDEN,
    0x041F: Reason.AUTHENTICATION_FAILED,
}
_NOT_FOR_US = frozenset({0x040C, 0x040D, 0x0501, 0x0503})  # scheme, charset, operation, version
_OPTIONS = frozenset({0x0409, 0x040B, 0x040E})  # value too long, not supported, conflicting
_LATER = {
    NOT_POSSIBLE: Reason.NOT_ACCEPTING,  # CUPS: a quota or the number of waiting jobs is reached
    0x0502: Reason.SERVICE_ERROR,
    DEVICE_ERROR: Reason.SERVICE_ERROR,
    0x0505: Reason.SERVICE_ERROR,
    0x0506: Reason.NOT_ACCEPTING,
    0x0507: Reason.BUSY,
}
_MAYBE = frozenset({0x0405, 0x0500})  # timed out on its side; internal error: it may have begun


def raise_for_ipp_status(answer: Message, *, harmless: bool, printer: str, host: str, sent: int) -> None:
    """Raise what the status of an answer means; return when the operation was done (0x0000 to 0x00ff).

    An error status means that no job was made, with exceptions: 0x0504 carries the job's id when there is one (RFC 8011
    appendix B.1.5.5), and 0x0405 and 0x0500 may hide one. ``sent`` is the size of the document in octets.
    """
    status = answer.code
    if 0 <= status <= 0x00FF or (status == DEVICE_ERROR and answer.group(Group.JOB).number("job-id")):
        return
    words = _message(answer)
    detail = f"IPP {status:#06x} {words}".strip()
    if status in _REFUSED_CREDENTIALS:
        raise ConfigurationProblem(_REFUSED_CREDENTIALS[status], detail=detail, field="password")
    if status in NOT_FOUND:
        raise ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": printer}, detail=detail, field="url")
    if status in _LATER:
        raise Transient(_LATER[status], {"status": f"{status:#06x}"}, detail=detail)
    if status in _MAYBE:
        raise uncertain(harmless, Reason.SERVICE_ERROR, {"status": f"{status:#06x}"}, detail=detail)
    if harmless or status in _NOT_FOR_US or not 0x0400 <= status < 0x0500:
        raise _not_printing(status, harmless, host, detail)
    raise _refusal(answer, words, sent, detail)


def unsupported(answer: Message) -> str:
    """The attributes the printer ignored or refused, as ``name=value; name``; empty when it names none.

    Collections are taken apart: ``media-source=tray-9`` says more than the ``media-col`` it stood in.
    """
    named = (_named(found) for found in answer.group(Group.UNSUPPORTED).attributes)
    return SEPARATOR.join(dict.fromkeys(item for items in named for item in items))[:MAX_NAMED]


def _not_printing(status: int, harmless: bool, host: str, detail: str) -> ProviderError:
    if status >= 0x0500 and status not in _NOT_FOR_US:
        return uncertain(harmless, Reason.SERVICE_ERROR, {"status": f"{status:#06x}"}, detail=detail)
    return ConfigurationProblem(Reason.NOT_A_PRINT_SERVICE, {"host": host}, detail=detail, field="url")


def _refusal(answer: Message, words: str, sent: int, detail: str) -> Permanent:
    """Why this document or its options are refused for good."""
    if answer.code == TOO_LARGE:
        return Permanent(Reason.DOCUMENT_TOO_LARGE, {"size": megabytes(sent), "limit": "?"}, detail=detail)
    named = unsupported(answer)
    # A wrong document format comes as 0x040A, from ippeveprinter as 0x040B with the attribute's name.
    format_refused = any(item.name == "document-format" for item in answer.group(Group.UNSUPPORTED).attributes)
    if answer.code in _OPTIONS and not format_refused:
        options = named or words or f"{answer.code:#06x}"
        return Permanent(Reason.OPTIONS_REFUSED, {"options": options}, detail=detail)
    message = words or named.replace("=", " ") or f"{answer.code:#06x}"
    return Permanent(Reason.DOCUMENT_REFUSED, {"message": message}, detail=detail)


def _message(answer: Message) -> str:
    """The printer's own words, on one line and not too many."""
    return " ".join(answer.group(Group.OPERATION).text("status-message").split())[:MAX_TEXT]


def _named(found: Attribute) -> list[str]:
    data = found.values[0].data
    if isinstance(data, Collection):
        if size := _millimetres(data):
            return [f"{found.name}={size}"]
        return [item for member in data.members for item in _named(member)] or [found.name]
    if isinstance(data, Localized):
        data = data.text
    if isinstance(data, RangeOfInteger):
        data = f"{data.lower}-{data.upper}"
    text = " ".join(str(data).split())[:MAX_TEXT] if isinstance(data, str | int) else ""
    return [f"{found.name}={text}" if text else found.name]


def _millimetres(size: Collection) -> str:
    """The size of a paper, from hundredths of a millimetre."""
    width, height = size.first("x-dimension"), size.first("y-dimension")
    if isinstance(width, int) and isinstance(height, int):
        return f"{width / 100:g} × {height / 100:g} mm"
    return ""
