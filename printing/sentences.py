"""What the merchant reads: one sentence per reason, in the reader's language, saying what happened and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printing.option_words import options_in_words
from printing.providers.errors import ProviderError, Reason

SENTENCES: dict[Reason, str | Promise] = {
    Reason.UNREACHABLE: _("%(host)s cannot be reached. Check that it is switched on and connected."),
    Reason.NAME_NOT_RESOLVED: _("The name %(host)s is not known on the internet. Check the address of the printer."),
    Reason.BUSY: _("The printer is busy with another job."),
    Reason.NOT_ACCEPTING: _("The printer takes no jobs at the moment. Somebody has stopped it."),
    Reason.SERVICE_ERROR: _("The print service answered with an error (%(status)s)."),
    Reason.RATE_LIMITED: _("The print service asks us to send more slowly."),
    Reason.PRINTER_OFFLINE: _("The printer “%(printer)s” is offline. Switch it on."),
    Reason.STORAGE_UNAVAILABLE: _("The document storage of this installation cannot be reached."),
    Reason.WORKER_STOPPED: _("Our worker stopped before anything was sent."),
    Reason.ACCESS_EXPIRED: _("Our access to the print service has run out. It is renewed by itself."),
    Reason.NOT_A_PDF: _("The document is not a readable PDF."),
    Reason.DOCUMENT_TOO_LARGE: _("The document has %(size)s MB; at most %(limit)s MB can be printed here."),
    Reason.DOCUMENT_REFUSED: _("The printer refused the document: %(message)s"),
    Reason.OPTIONS_REFUSED: _("The printer cannot print it this way: %(options)s. Change the printer's settings."),
    Reason.TRAY_UNKNOWN: _("The printer has no tray “%(tray)s”. It has: %(trays)s."),
    Reason.PAPER_UNKNOWN: _("The printer does not take the paper “%(paper)s”. It takes: %(papers)s."),
    Reason.DUPLEX_UNSUPPORTED: _("The printer cannot print on both sides."),
    Reason.COLOR_UNSUPPORTED: _("The printer cannot print in color."),
    Reason.TOO_MANY_COPIES: _("%(copies)s copies are more than the printer makes at once (%(limit)s)."),
    Reason.PAGES_UNSUPPORTED: _(
        "The printer cannot print single pages of a document. Choose one for these pages that can."
    ),
    Reason.NEWER_COPY: _(
        "A document for this printer was issued by a newer Pressroom. Your administrator updates this installation; "
        "then printing goes on by itself."
    ),
    Reason.RENDERING_FAILED: _("The document could not be made. Your administrator finds the cause in the log."),
    Reason.SOURCE_GONE: _("What was to be printed no longer exists."),
    Reason.DOCUMENT_GONE: _("The stored document is missing from the storage."),
    Reason.AUTHENTICATION_FAILED: _("The print service does not accept the key or password. Enter it again."),
    Reason.CREDENTIALS_UNREADABLE: _("The stored connection cannot be read any more. Enter it again."),
    Reason.RECONNECT_NEEDED: _("The print service does not know this connection, or not any more. Connect it again."),
    Reason.FORBIDDEN: _("The print service does not allow this account to print here."),
    Reason.PRINTER_NOT_FOUND: _("The print service does not know the printer “%(printer)s” any more."),
    Reason.ADDRESS_INVALID: _("“%(address)s” is not an address of a printer. It begins with %(schemes)s."),
    Reason.ADDRESS_HAS_CREDENTIALS: _(
        "The address contains a user name or password. Enter them in their own fields, where they are kept encrypted."
    ),
    Reason.ADDRESS_NOT_ALLOWED: _("%(host)s is not an address that this installation may print to."),
    Reason.TLS_FAILED: _("The certificate of %(host)s cannot be verified."),
    Reason.CERTIFICATE_UNVERIFIED: _(
        "Nobody vouches for the certificate of %(host)s, so nothing was sent. Compare its fingerprint with the one the "
        "printer shows, and confirm it under “Change the connection”: %(fingerprint)s (%(subject)s, valid until "
        "%(valid_until)s)."
    ),
    Reason.CERTIFICATE_CHANGED: _(
        "The certificate of %(host)s has changed since it was confirmed, so nothing was sent. If the printer was reset "
        "or given a new certificate, compare the new fingerprint and confirm it under “Change the connection”: "
        "%(fingerprint)s. Otherwise somebody may stand between us and the printer."
    ),
    Reason.FINGERPRINT_INVALID: _(
        "This is no SHA-256 fingerprint: it has 64 digits from 0 to 9 and A to F, with or without colons."
    ),
    Reason.CA_BUNDLE_INVALID: _(
        "These are no certificates in PEM form. Paste the certificates of the authority, from “-----BEGIN "
        "CERTIFICATE-----” to “-----END CERTIFICATE-----”, and no private key."
    ),
    Reason.TRUST_NEEDS_TLS: _(
        "A certificate is only checked on an encrypted connection. Use an address that begins with ipps:// or "
        "https://, or leave fingerprint and certificates empty."
    ),
    Reason.TLS_REQUIRED: _("%(host)s asks for an encrypted connection. Use an address that begins with ipps://."),
    Reason.NOT_A_PRINT_SERVICE: _("%(host)s answers, but not as a printer. Check the address."),
    Reason.FIELD_REQUIRED: _("“%(label)s” is needed."),
    Reason.DIRECTORY_INVALID: _(
        "The folder is a plain name such as “printed”, without “..” and not beginning with “/”."
    ),
    Reason.PROVIDER_MISSING: _("The print service “%(provider)s” is not part of this installation."),
    Reason.NO_ANSWER: _("%(host)s took the document but did not answer in time. It may have been printed."),
    Reason.CONNECTION_LOST: _("The connection to %(host)s broke while sending. It may have been printed."),
    Reason.ANSWER_NOT_UNDERSTOOD: _("%(host)s answered something we do not understand. It may have been printed."),
    Reason.WORKER_DIED: _("Our worker died while sending. It may have been printed."),
    Reason.HELD_FOR_PERSON: _(
        "Nobody can say whether this was printed. Look at the printer; press “Reschedule” if the page is not there."
    ),
    Reason.NO_DEFAULT_PRINTER: _(
        "No default printer is set. Set one under Space > Connect > Printers, then reschedule."
    ),
    Reason.CONFIGURATION_INACTIVE: _("The printer “%(configuration)s” is not active."),
    Reason.TOO_OLD: _(
        "Too old: the printer “%(printer)s” was not reachable from %(since)s to %(until)s. Reschedule it if it is "
        "still to be printed."
    ),
    Reason.WAITED_TOO_LONG: _(
        "Too old: it waited from %(since)s to %(until)s. Reschedule it if it is still to be printed."
    ),
    Reason.LETTER_NOT_PRINTED: _(
        "It belongs behind “%(title)s”, which did not go through. Reschedule both, or this one if you want it alone."
    ),
    Reason.INTERNAL_ERROR: _("Something went wrong on our side. Your administrator finds the cause in the log."),
}


# Parameters that are moments.
MOMENTS = frozenset({"since", "until", "valid_from", "valid_until"})


def sentence(reason: str, params: Mapping[str, Any]) -> str:
    """The sentence of a stored reason code; the code itself where this version does not know it any more."""
    try:
        template = str(SENTENCES[Reason(reason)])
    except ValueError:
        return reason
    try:
        return template % {name: readable(name, value) for name, value in params.items()}
    except KeyError:
        return template


def readable(name: str, value: Any) -> Any:
    """A parameter as it is read: moments are stored as ISO 8601 and shown in the Space's time zone, the active one."""
    if name == "options":
        return options_in_words(str(value))
    if name not in MOMENTS or not value:
        return value
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")


def sentence_of(error: ProviderError) -> str:
    return sentence(error.reason, error.params)


def translated(message: str) -> str:
    """A provider's own words (labels of fields), marked there with ``gettext_noop``, in the reader's language."""
    return gettext(message) if message else ""
