"""What merchants and operators do about each reason, and what each state and outcome means.

Sentences name what happened (printing.sentences); the advice here says what helps, a step further.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.states import ConfigurationState, JobState, Outcome

# What the documentation fills into sentences in place of a printer's own names.
EXAMPLES: Final[Mapping[str, str | int]] = {
    "host": "printer.example.com",
    "printer": "Office",
    "title": "2026-0001",
    "status": 500,
    "size": "61.0",
    "limit": "50",
    "message": "…",
    "options": "sides",
    "tray": "tray-9",
    "trays": "Tray 1, Tray 2",
    "paper": "A3",
    "papers": "A4, A5",
    "copies": 120,
    "address": "file:///etc",
    "schemes": "ipp://, ipps://",
    "label": "Address",
    "provider": "faxes",
    "configuration": "Office, tray 2",
    "since": "2026-01-30T08:00:00+00:00",
    "until": "2026-01-31T09:15:00+00:00",
    "fingerprint": "3F:A2:…",
    "subject": "CN=printer",
    "valid_from": "2026-01-30T08:00:00+00:00",
    "valid_until": "2036-01-30T08:00:00+00:00",
}

GROUPS: Final[Mapping[str, tuple[Reason, ...]]] = {
    "tried again": (
        Reason.UNREACHABLE,
        Reason.NAME_NOT_RESOLVED,
        Reason.BUSY,
        Reason.NOT_ACCEPTING,
        Reason.SERVICE_ERROR,
        Reason.RATE_LIMITED,
        Reason.PRINTER_OFFLINE,
        Reason.STORAGE_UNAVAILABLE,
        Reason.WORKER_STOPPED,
        Reason.ACCESS_EXPIRED,
        Reason.NEWER_COPY,
    ),
    "this document": (
        Reason.NOT_A_PDF,
        Reason.DOCUMENT_TOO_LARGE,
        Reason.DOCUMENT_REFUSED,
        Reason.OPTIONS_REFUSED,
        Reason.TRAY_UNKNOWN,
        Reason.PAPER_UNKNOWN,
        Reason.DUPLEX_UNSUPPORTED,
        Reason.COLOR_UNSUPPORTED,
        Reason.TOO_MANY_COPIES,
        Reason.PAGES_UNSUPPORTED,
        Reason.RENDERING_FAILED,
        Reason.SOURCE_GONE,
        Reason.DOCUMENT_GONE,
        Reason.CONFIGURATION_INACTIVE,
        Reason.NO_DEFAULT_PRINTER,
        Reason.TOO_OLD,
        Reason.WAITED_TOO_LONG,
        Reason.LETTER_NOT_PRINTED,
        Reason.INTERNAL_ERROR,
    ),
    "connection": (
        Reason.AUTHENTICATION_FAILED,
        Reason.RECONNECT_NEEDED,
        Reason.CREDENTIALS_UNREADABLE,
        Reason.FORBIDDEN,
        Reason.PRINTER_NOT_FOUND,
        Reason.ADDRESS_INVALID,
        Reason.ADDRESS_HAS_CREDENTIALS,
        Reason.ADDRESS_NOT_ALLOWED,
        Reason.TLS_FAILED,
        Reason.CERTIFICATE_UNVERIFIED,
        Reason.CERTIFICATE_CHANGED,
        Reason.FINGERPRINT_INVALID,
        Reason.CA_BUNDLE_INVALID,
        Reason.TRUST_NEEDS_TLS,
        Reason.TLS_REQUIRED,
        Reason.NOT_A_PRINT_SERVICE,
        Reason.FIELD_REQUIRED,
        Reason.DIRECTORY_INVALID,
        Reason.PROVIDER_MISSING,
    ),
    "unknown": (
        Reason.NO_ANSWER,
        Reason.CONNECTION_LOST,
        Reason.ANSWER_NOT_UNDERSTOOD,
        Reason.WORKER_DIED,
        Reason.HELD_FOR_PERSON,
    ),
}

_WAIT = _("Nothing; it goes on by itself.")
_CHOOSE = _("Open the printer, choose one of the values it offers, save, and reschedule the job.")
_CHOOSE_ANOTHER = _("Name another printer for these pages, and reschedule the job.")
_TELL = _("Tell your administrator; the log names the cause.")
_ASKED = _("Nothing at first: the printer is asked. Look at the paper if the job is marked.")

ADVICE: Final[Mapping[Reason, str | Promise]] = {
    Reason.UNREACHABLE: _(
        "Switch the printer on and check its network cable. From the internet, a printer behind a router is reached "
        "through a VPN only."
    ),
    Reason.NAME_NOT_RESOLVED: _("Correct the name in the printer's address, or enter its IP address instead."),
    Reason.BUSY: _WAIT,
    Reason.NOT_ACCEPTING: _("Let the printer, or its queue on the print server, accept jobs again."),
    Reason.SERVICE_ERROR: _("Usually it passes. If it stays, restart the printer or ask the print service."),
    Reason.RATE_LIMITED: _WAIT,
    Reason.PRINTER_OFFLINE: _("Switch the printer on; what waits is then printed."),
    Reason.STORAGE_UNAVAILABLE: _("Tell your administrator; the disk may be full."),
    Reason.WORKER_STOPPED: _WAIT,
    Reason.ACCESS_EXPIRED: _WAIT,
    Reason.NEWER_COPY: _("Tell your administrator: some of the programs of this installation are not updated yet."),
    Reason.NOT_A_PDF: _("Make the PDF anew and print that one. A PDF with a password cannot be printed."),
    Reason.DOCUMENT_TOO_LARGE: _("Make the document smaller, as with images of a lower resolution."),
    Reason.DOCUMENT_REFUSED: _("Download the document and look at it. Try it on another printer."),
    Reason.OPTIONS_REFUSED: _("Set the option back to “As the printer is set”, save, and reschedule the job."),
    Reason.TRAY_UNKNOWN: _CHOOSE,
    Reason.PAPER_UNKNOWN: _CHOOSE,
    Reason.DUPLEX_UNSUPPORTED: _CHOOSE,
    Reason.COLOR_UNSUPPORTED: _CHOOSE,
    Reason.TOO_MANY_COPIES: _("Ask for fewer copies, or print the job several times."),
    Reason.PAGES_UNSUPPORTED: _CHOOSE_ANOTHER,
    Reason.RENDERING_FAILED: _TELL,
    Reason.SOURCE_GONE: _("Nothing can be printed any more; the invoice or order was deleted."),
    Reason.DOCUMENT_GONE: _("Tell your administrator; the file has to come back from a backup."),
    Reason.CONFIGURATION_INACTIVE: _("Set the printer active again, or print the document on another one."),
    Reason.NO_DEFAULT_PRINTER: _("Set the flag “Default” in one of your printers, then reschedule the job."),
    Reason.TOO_OLD: _(
        "Put the printer right first. What is still to be printed is rescheduled, alone or all together."
    ),
    Reason.WAITED_TOO_LONG: _(
        "Reschedule what is still to be printed. How old a document may get is set in the printer, under “When "
        "something goes wrong”."
    ),
    Reason.LETTER_NOT_PRINTED: _("Put right what stopped the job before it, then reschedule both on its page."),
    Reason.INTERNAL_ERROR: _TELL,
    Reason.AUTHENTICATION_FAILED: _(
        "Open the printer, change its connection and enter the password or key again. Printing then goes on by itself."
    ),
    Reason.CREDENTIALS_UNREADABLE: _(
        "The key with which it was encrypted was taken out of CREDENTIALS_KEYS. Open the printer and enter the "
        "connection again; or put the key back, and resume the printer."
    ),
    Reason.RECONNECT_NEEDED: _("Open the printer, connect the print service again, then resume it."),
    Reason.FORBIDDEN: _("Allow the account to print, in the settings of the printer or print server, then resume it."),
    Reason.PRINTER_NOT_FOUND: _("Connect the printer again; it may have got another name or address."),
    Reason.ADDRESS_INVALID: _("Enter the whole address with its beginning and the path."),
    Reason.ADDRESS_HAS_CREDENTIALS: _("Take the name and password out of the address."),
    Reason.ADDRESS_NOT_ALLOWED: _("Use the printer's own address. Your administrator decides which networks are open."),
    Reason.TLS_FAILED: _(
        "Check that the address is right, and that the printer encrypts there. The log names what its side objected to."
    ),
    Reason.CERTIFICATE_UNVERIFIED: _(
        "Open the printer, change its connection, compare the fingerprint with the printer's own, and confirm it."
    ),
    Reason.CERTIFICATE_CHANGED: _(
        "Find out who changed the certificate. Then open the printer, change its connection, and confirm the new one."
    ),
    Reason.FINGERPRINT_INVALID: _("Copy the whole SHA-256 fingerprint, or leave the field empty and confirm it."),
    Reason.CA_BUNDLE_INVALID: _("Ask who signs your printers' certificates for the certificate itself, in PEM form."),
    Reason.TRUST_NEEDS_TLS: _("Let the address begin with ipps:// instead of ipp://."),
    Reason.TLS_REQUIRED: _("Let the address begin with ipps:// instead of ipp://."),
    Reason.NOT_A_PRINT_SERVICE: _("Check port and path of the address: they usually end in :631/ipp/print."),
    Reason.FIELD_REQUIRED: _("Fill in the field and save again."),
    Reason.DIRECTORY_INVALID: _("Enter a plain name."),
    Reason.PROVIDER_MISSING: _("Choose another print service, or ask your administrator about the version installed."),
    Reason.NO_ANSWER: _ASKED,
    Reason.CONNECTION_LOST: _ASKED,
    Reason.ANSWER_NOT_UNDERSTOOD: _ASKED,
    Reason.WORKER_DIED: _ASKED,
    Reason.HELD_FOR_PERSON: _("Look at the paper. Not there: reschedule. There: leave the job as it is."),
}

MEANINGS_OF_STATES: Final[Mapping[JobState | PaperState | ConfigurationState, str | Promise]] = {
    JobState.PENDING: _("Waits to be sent, is being sent, or waits for its next attempt."),
    JobState.SUCCESSFUL: _("The print service accepted the document. The paper column tells what is known beyond."),
    JobState.FAILED: _("Will not be tried again by itself; the job names the reason and can be rescheduled."),
    JobState.CANCELED: _("Withdrawn before it left: by a person, or because what it says is no longer true."),
    PaperState.UNKNOWN: _("The print service has said nothing about the paper."),
    PaperState.QUEUED: _("The document lies in the queue of the printer."),
    PaperState.PRINTING: _("The printer is at work on it."),
    PaperState.PRINTED: _("The printer reports that the paper came out."),
    PaperState.PROBLEM: _("The printer reports a fault, such as no paper, or dropped the document."),
    ConfigurationState.ACTIVE: _("Documents can be printed with it."),
    ConfigurationState.INACTIVE: _("Switched off; jobs that name it fail with that reason."),
    ConfigurationState.DELETED: _("No longer shown; kept as long as print jobs refer to it."),
}

MEANINGS_OF_OUTCOMES: Final[Mapping[Outcome, str | Promise]] = {
    Outcome.ACCEPTED: _("The job is SUCCESSFUL."),
    Outcome.TRANSIENT: _("Nothing can have been printed. The printer is left alone for a while, then tried again."),
    Outcome.PERMANENT: _("The job is FAILED at once; the jobs behind it go on."),
    Outcome.CONFIGURATION: _("The printer is paused until somebody has corrected the connection."),
    Outcome.UNKNOWN: _("It may have been printed. The print service is asked before anything is sent again."),
}
