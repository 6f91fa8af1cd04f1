"""What ezeep's refusals to print mean."""

from __future__ import annotations

import re

from printing.providers.base import Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.providers.ezeep.client import read_json
from printing.providers.http import Answer, megabytes, raise_for_status, retry_after
from printing.providers.words import one_line

# ``code`` is a system error code of Windows (ezeep's documentation says so without a list).
_ACCESS_DENIED = 5
_NO_PRINTER = frozenset({1801, 3012})  # ERROR_INVALID_PRINTER_NAME, ERROR_PRINTER_NOT_FOUND
_PRINTER = re.compile(r"\bprinter\s*_?id\b|\bprinter\b.*\bnot\b", re.IGNORECASE)
_OPTION = re.compile(
    r"\b(propert(y|ies)|paper|tray|duplex(mode)?|colou?r|copies|resolution|pageranges)\b", re.IGNORECASE
)


def error_of(answer: Answer, size: int, target: Target) -> ProviderError:
    """The error for an answer to ``Print`` that names no job. ``size`` are the octets of the document."""
    status = answer.status
    code, words = _words(answer)
    detail = f"HTTP {status}: {words}" if words else f"HTTP {status}"
    host = {"host": answer.host}
    if status >= 500:
        # 503 too: it may come from something in front of a service that did take the document.
        wait = retry_after(answer.headers)
        return OutcomeUnknown(Reason.SERVICE_ERROR, {"status": status}, detail=detail, retry_after=wait)
    if status == 412:
        return Transient(Reason.SERVICE_ERROR, {"status": status}, detail="the document is not ready for printing")
    if status == 413:
        return Permanent(Reason.DOCUMENT_TOO_LARGE, {"size": megabytes(size), "limit": "?"}, detail=detail)
    if status in (402, 403) or code == _ACCESS_DENIED:
        return ConfigurationProblem(Reason.FORBIDDEN, detail=detail)
    if code in _NO_PRINTER or (words and (status == 404 or _PRINTER.search(words))):
        return ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": target.printer_id}, detail=detail)
    if words and (status in (400, 422) or 200 <= status < 300):
        # A yes that names no job and gives a code is a no: so says ezeep's own client.
        if _OPTION.search(words):
            return Permanent(Reason.OPTIONS_REFUSED, {"options": words}, detail=detail)
        return Permanent(Reason.DOCUMENT_REFUSED, {"message": words}, detail=detail)
    if 200 <= status < 300:
        return OutcomeUnknown(Reason.ANSWER_NOT_UNDERSTOOD, host, detail=f"{detail} without a job")
    try:
        raise_for_status(answer, field="api_url")
    except ProviderError as error:
        return error
    raise AssertionError(f"HTTP {status} is no refusal")


def _words(answer: Answer) -> tuple[int | None, str]:
    """The code of a refusal, and it with its words; empty where the answer is not from ezeep."""
    found = read_json(answer)
    if not isinstance(found, dict):
        return None, ""
    code = found.get("code")
    number = code if isinstance(code, int) and not isinstance(code, bool) else None
    said = next((text for name in ("message", "error", "detail") if (text := one_line(found.get(name)))), "")
    shown = f"ezeep {number}" if number is not None else ""
    return number, f"{shown}: {said}" if shown and said else shown or said
