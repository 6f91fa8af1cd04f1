"""The pages of printing: Connect > Printers, Connect > Print Jobs and Connect > Incidents."""

from printing.admin.incidents import IncidentAdmin
from printing.admin.jobs import PrintJobAdmin
from printing.admin.printers import PrinterConfigurationAdmin

__all__ = ["IncidentAdmin", "PrintJobAdmin", "PrinterConfigurationAdmin"]
