"""What the rest of the product asks of printing."""

from printing.services.documents import InvalidDocument, store_document
from printing.services.jobs import NotPossible, cancel, enqueue, reprint, reschedule
from printing.services.pairs import partner_of, reprint_both, reschedule_both
from printing.services.printers import connect_printer, refresh_printer, resume, save_configuration
from printing.services.withdrawal import Withdrawn, withdraw

__all__ = [
    "InvalidDocument",
    "NotPossible",
    "Withdrawn",
    "cancel",
    "connect_printer",
    "enqueue",
    "partner_of",
    "refresh_printer",
    "reprint",
    "reprint_both",
    "reschedule",
    "reschedule_both",
    "resume",
    "save_configuration",
    "store_document",
    "withdraw",
]
