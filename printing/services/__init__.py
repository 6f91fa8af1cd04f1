"""What the rest of the product asks of printing."""

from printing.services.documents import InvalidDocument, store_document
from printing.services.jobs import NotPossible, cancel, enqueue, reprint, reschedule
from printing.services.printers import connect_printer, refresh_printer, resume, save_configuration

__all__ = [
    "InvalidDocument",
    "NotPossible",
    "cancel",
    "connect_printer",
    "enqueue",
    "refresh_printer",
    "reprint",
    "reschedule",
    "resume",
    "save_configuration",
    "store_document",
]
