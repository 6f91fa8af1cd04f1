"""A Space's printer at a fake ezeep."""

from __future__ import annotations

from printing.models import PrinterConfiguration
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from spaces.models import Space
from tests.fakes.ezeep.fake import OFFICE, EzeepFake


def ezeep_printer(space: Space, ezeep: EzeepFake, *, password: str = "", rule: str = "") -> PrinterConfiguration:
    """Connect the fake's office printer as the Space's default printer, with the rule for unknown outcomes."""
    credentials = {**ezeep.credentials(), "webhook_password": password}
    account, remotes = discover("ezeep", credentials)
    remote = next(one for one in remotes if one.id == OFFICE)
    printer = connect_printer(space, "ezeep", credentials, remote, account=account)
    configuration = PrinterConfiguration(space=space, printer=printer, name="Büro")
    if rule:
        configuration.unknown_rule = rule
    return save_configuration(configuration, default=True)
