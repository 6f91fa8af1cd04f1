"""Why a submission did not succeed: an outcome (the class) and a reason (what the merchant is told).

The class decides what the lane does. The reason is a code; its sentence stands in :mod:`printing.sentences`, once,
in the reader's language. ``detail`` goes to the log. Neither ever carries a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Codes of what went wrong; the parameters each sentence takes stand behind it."""

    # transient: nothing was sent, it is tried again
    UNREACHABLE = "unreachable"  # host
    NAME_NOT_RESOLVED = "name_not_resolved"  # host
    BUSY = "busy"
    NOT_ACCEPTING = "not_accepting"
    SERVICE_ERROR = "service_error"  # status
    RATE_LIMITED = "rate_limited"
    PRINTER_OFFLINE = "printer_offline"  # printer
    STORAGE_UNAVAILABLE = "storage_unavailable"
    WORKER_STOPPED = "worker_stopped"
    ACCESS_EXPIRED = "access_expired"
    NEWER_COPY = "newer_copy"
    # permanent: this document will never be taken
    NOT_A_PDF = "not_a_pdf"
    DOCUMENT_TOO_LARGE = "document_too_large"  # size, limit (megabytes, as text)
    DOCUMENT_REFUSED = "document_refused"  # message
    OPTIONS_REFUSED = "options_refused"  # options
    TRAY_UNKNOWN = "tray_unknown"  # tray, trays
    PAPER_UNKNOWN = "paper_unknown"  # paper, papers
    DUPLEX_UNSUPPORTED = "duplex_unsupported"
    COLOR_UNSUPPORTED = "color_unsupported"
    TOO_MANY_COPIES = "too_many_copies"  # copies, limit
    PAGES_UNSUPPORTED = "pages_unsupported"
    RENDERING_FAILED = "rendering_failed"
    SOURCE_GONE = "source_gone"
    DOCUMENT_GONE = "document_gone"
    # configuration: someone has to change something first
    AUTHENTICATION_FAILED = "authentication_failed"
    RECONNECT_NEEDED = "reconnect_needed"
    CREDENTIALS_UNREADABLE = "credentials_unreadable"
    FORBIDDEN = "forbidden"
    PRINTER_NOT_FOUND = "printer_not_found"  # printer
    ADDRESS_INVALID = "address_invalid"  # address, schemes
    ADDRESS_HAS_CREDENTIALS = "address_has_credentials"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"  # host
    TLS_FAILED = "tls_failed"  # host
    CERTIFICATE_UNVERIFIED = "certificate_unverified"  # host, fingerprint, subject, valid_from, valid_until (ISO 8601)
    CERTIFICATE_CHANGED = "certificate_changed"  # the same
    FINGERPRINT_INVALID = "fingerprint_invalid"
    CA_BUNDLE_INVALID = "ca_bundle_invalid"
    TRUST_NEEDS_TLS = "trust_needs_tls"
    TLS_REQUIRED = "tls_required"  # host
    NOT_A_PRINT_SERVICE = "not_a_print_service"  # host
    FIELD_REQUIRED = "field_required"  # label
    DIRECTORY_INVALID = "directory_invalid"
    PROVIDER_MISSING = "provider_missing"  # provider
    # unknown: it may have arrived
    NO_ANSWER = "no_answer"  # host
    CONNECTION_LOST = "connection_lost"  # host
    ANSWER_NOT_UNDERSTOOD = "answer_not_understood"  # host
    WORKER_DIED = "worker_died"
    HELD_FOR_PERSON = "held_for_person"
    # jobs that never reach a provider
    NO_DEFAULT_PRINTER = "no_default_printer"
    CONFIGURATION_INACTIVE = "configuration_inactive"  # configuration
    TOO_OLD = "too_old"  # printer, since, until (ISO 8601)
    WAITED_TOO_LONG = "waited_too_long"  # printer, since, until (ISO 8601)
    LETTER_NOT_PRINTED = "letter_not_printed"  # title
    INTERNAL_ERROR = "internal_error"


class ProviderError(Exception):
    """Base of the four ways a submission can fail to be accepted."""

    def __init__(
        self,
        reason: Reason,
        params: Mapping[str, str | int] | None = None,
        *,
        detail: str = "",
        field: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.params: dict[str, str | int] = dict(params or {})
        self.detail = detail
        self.field = field
        self.retry_after = retry_after


class Transient(ProviderError):
    """Nothing was sent, or it was refused for now: try again. ``retry_after`` is seconds, where the provider says."""


class TokenExpired(Transient):
    """The service did not take the access token, and did nothing: renew it once and ask again.

    Only where the new one is refused too, or there is none, has the person to connect again.
    """


class Permanent(ProviderError):
    """This document with these options will never be taken."""


class ConfigurationProblem(ProviderError):
    """The connection is at fault, not the document: the lane pauses. ``field`` names the input to correct."""


class OutcomeUnknown(ProviderError):
    """The request may have arrived: ask before anything is sent again."""


class WebhookError(Exception):
    """A call to us that is not acted on. No outcome of a submission, so it stands outside the tree above."""


class WebhookRefused(WebhookError):
    """It does not prove that the provider sent it: answer 401, say nothing else."""


class WebhookNotUnderstood(WebhookError):
    """It comes from the provider, or so it proves, and cannot be read: answer 400. The text is for the log."""
