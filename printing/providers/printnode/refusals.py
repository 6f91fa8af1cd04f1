"""What PrintNode's refusals of a document mean."""

from __future__ import annotations

import re

from printing.providers.base import Target
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, ProviderError, Reason
from printing.providers.http import Answer, megabytes, raise_for_status, retry_after

# The words of a 400 are not documented, so what is at fault is guessed from the names of what was sent.
_OPTION = re.compile(r"\b(options?|bin|paper|copies|duplex|colou?r|fit_to_page)\b", re.IGNORECASE)
_PRINTER = re.compile(r"\bprinter_?id\b", re.IGNORECASE)


def error_of(answer: Answer, words: str, size: int, target: Target) -> ProviderError:
    """The error for a status that is no success. ``words`` are PrintNode's; without any it was not PrintNode who spoke.

    ``size`` are the octets of the document.
    """
    status = answer.status
    detail = f"HTTP {status}: {words}" if words else f"HTTP {status}"
    if status >= 500:
        wait = retry_after(answer.headers)
        return OutcomeUnknown(Reason.SERVICE_ERROR, {"status": status}, detail=detail, retry_after=wait)
    if status in (402, 403):
        return ConfigurationProblem(Reason.FORBIDDEN, detail=detail, field="api_key")
    if status == 413:
        return Permanent(Reason.DOCUMENT_TOO_LARGE, {"size": megabytes(size), "limit": "?"}, detail=detail)
    # A printer that does not exist could be called either.
    if words and (status == 404 or (status == 400 and _PRINTER.search(words))):
        return ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": target.printer_id}, detail=detail)
    if words and status in (400, 422):
        if _OPTION.search(words):
            return Permanent(Reason.OPTIONS_REFUSED, {"options": words}, detail=detail)
        return Permanent(Reason.DOCUMENT_REFUSED, {"message": words}, detail=detail)
    try:
        raise_for_status(answer, field="base_url", secret_field="api_key")  # noqa: S106
    except ProviderError as error:
        return error
    raise AssertionError(f"HTTP {status} is no refusal")
