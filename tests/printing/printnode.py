"""A Space's printer at a fake PrintNode."""

from __future__ import annotations

from printing.models import PrinterConfiguration
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from spaces.models import Space
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake


def printnode_printer(
    space: Space, printnode: PrintNodeFake, *, secret: str = "", name: str = "Büro"
) -> PrinterConfiguration:
    """Connect the fake's first printer as the Space's default printer."""
    credentials = {**printnode.credentials, "webhook_secret": secret}
    _account, remotes = discover("printnode", credentials)
    remote = next(one for one in remotes if one.id == str(PRINTER))
    printer = connect_printer(space, "printnode", credentials, remote)
    return save_configuration(PrinterConfiguration(space=space, printer=printer, name=name), default=True)
