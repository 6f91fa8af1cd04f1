"""The rows that are the truth of printing."""

from printing.models.attempt import PrintAttempt
from printing.models.document import StoredDocument
from printing.models.job import PrintJob
from printing.models.printer import Printer, PrinterConfiguration

__all__ = ["PrintAttempt", "PrintJob", "Printer", "PrinterConfiguration", "StoredDocument"]
