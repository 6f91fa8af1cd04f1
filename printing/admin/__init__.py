"""The pages of printing: Connect > Printers and Connect > Print Jobs."""

from printing.admin.jobs import PrintJobAdmin
from printing.admin.printers import PrinterConfigurationAdmin

__all__ = ["PrintJobAdmin", "PrinterConfigurationAdmin"]
