"""The rows that are the truth of printing."""

from printing.models.attempt import PrintAttempt
from printing.models.connection import Connection, RequestPace, WebhookEvent
from printing.models.document import StoredDocument
from printing.models.incident import Incident, IncidentKind
from printing.models.job import PrintJob
from printing.models.printer import Printer, PrinterConfiguration
from printing.models.worker import WorkerSign

__all__ = [
    "Connection",
    "Incident",
    "IncidentKind",
    "PrintAttempt",
    "PrintJob",
    "Printer",
    "PrinterConfiguration",
    "RequestPace",
    "StoredDocument",
    "WebhookEvent",
    "WorkerSign",
]
