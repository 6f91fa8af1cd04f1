"""``python -m tests.torture.furnish ADDRESSES``: the database, two Spaces, their printers, connectors and people."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django

from tests.torture.lanes import LANES, LaneOfPrinter

# Both print payment slips, and need an account for that.
SWISS = {
    "country": "CH",
    "currency": "CHF",
    "company": "Bergblick AG",
    "street": "Beispielgasse 7",
    "postal_code": "8000",
    "city": "Zürich",
    "qr_iban": "CH4431999123000889012",
}


def furnish(addresses: dict[str, Any]) -> None:
    """Make everything that orders need, through the services that people's forms use."""
    from django.core.management import call_command
    from django_q.models import Schedule

    from spaces.models import FeatureName
    from tests.factories import MemberFactory, SpaceFactory

    call_command("migrate", verbosity=0)
    # The settings' shorter times would make schedules without any wait of them; `clock.py` goes faster than these.
    Schedule.objects.filter(minutes=0).update(minutes=1)
    spaces: dict[str, Any] = {}
    for lane in LANES.values():
        if lane.name not in addresses:
            continue
        if lane.space not in spaces:
            spaces[lane.space] = SpaceFactory(slug=lane.space, features=[FeatureName.PRINTING], **SWISS)
            MemberFactory(space=spaces[lane.space], user__email=f"{lane.space}@example.com")
        _connect(spaces[lane.space], lane, addresses[lane.name])


def _connect(space: Any, lane: LaneOfPrinter, address: dict[str, Any]) -> None:
    from connectors.models import Slip
    from printing.models import PrinterConfiguration
    from printing.services import connect_printer, save_configuration
    from printing.services.printers import discover
    from tests.connectors.factories import ConnectorFactory, PrintRuleFactory

    _account, remotes = discover(lane.provider, address["credentials"])
    remote = next(one for one in remotes if address.get("printer") in (None, one.id))
    printer = connect_printer(space, lane.provider, address["credentials"], remote)
    # By this name the reader knows the lane.
    type(printer).objects.filter(pk=printer.pk).update(name=lane.name)
    configurations = [
        save_configuration(
            PrinterConfiguration(space=space, printer=printer, name=f"{lane.name} {tray}".strip(), tray=tray),
            default=False,
        )
        for tray in lane.trays or ("",)
    ]
    connector = ConnectorFactory(space=space, key=lane.name, slip=Slip.PAGE if lane.trays else Slip.NONE)
    slips = configurations[1] if lane.trays else None
    PrintRuleFactory(connector=connector, configuration=configurations[0], slip_configuration=slips)


if __name__ == "__main__":
    django.setup()
    furnish(json.loads(Path(sys.argv[1]).read_text()))
