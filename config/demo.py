"""The demo Space: a sample company with a simulated printer, a person who may log in, and an example order."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command

from config.env import BASE_DIR, DATA_DIR
from config.first_run import write_private
from connectors.models import Order
from connectors.order_json import RawOrder, parse
from connectors.services.orders import receive
from printing.models import PrinterConfiguration
from printing.services.printers import connect_printer, discover, save_configuration
from spaces.models import Feature, FeatureName, Member, Role, Space

SLUG = USERNAME = "demo"
EXAMPLE_ORDER = BASE_DIR / "docs" / "examples" / "order.json"
PRINTED_DIR = DATA_DIR / "printed"
LOGIN_FILE = DATA_DIR / "demo-login.txt"
COMPANY = {
    "name": "Demo",
    "country": "DE",
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
    "language": "en",
    "company": "Muster GmbH",
    "street": "Musterstraße 12",
    "postal_code": "10115",
    "city": "Berlin",
    "email": "hallo@muster.example",
    "phone": "+49 30 5550123",
    "website": "www.muster.example",
    "register_entry": "Amtsgericht Berlin HRB 999999 B",
    "vat_number": "DE136695976",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "bank_name": "Musterbank",
}


def prepare() -> Space:
    """Bring the database up to date and make what is missing of the demo; what is there stays as it is."""
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    space, _created = Space.objects.get_or_create(slug=SLUG, defaults=COMPANY)
    Feature.objects.get_or_create(space=space, name=FeatureName.PRINTING)
    if not PrinterConfiguration.objects.in_space(space).kept().exists():
        _connect_simulated_printer(space)
    return space


def _connect_simulated_printer(space: Space) -> None:
    connection = {"directory": PRINTED_DIR.name}
    _account, remotes = discover("folder", connection)
    printer = connect_printer(space, "folder", connection, remotes[0])
    configuration = PrinterConfiguration(space=space, printer=printer, name="Simulated printer")
    save_configuration(configuration, default=True)


def login(space: Space) -> tuple[str, str]:
    """Name and password of the demo's owner; the password is empty where the person has changed it.

    The password is made once and lies in a file that only its owner can read.
    """
    user, created = get_user_model().objects.get_or_create(username=USERNAME)
    known = LOGIN_FILE.read_text(encoding="utf-8").strip() if LOGIN_FILE.exists() else ""
    if created or not known:
        known = secrets.token_urlsafe(9)
        user.set_password(known)
        user.save(update_fields=["password"])
        write_private(LOGIN_FILE, known + "\n")
    Member.objects.get_or_create(space=space, user=user, defaults={"role": Role.OWNER})
    return USERNAME, known if user.check_password(known) else ""


def receive_example(space: Space, path: Path = EXAMPLE_ORDER) -> Order:
    """Receive the example order under the next number of its own, so that it is a new one each time."""
    order = json.loads(path.read_bytes())
    while True:
        order["external_id"] = order["number"] = f"DEMO-{_last_number(space) + 1}"
        received, new = receive(space, parse(RawOrder(json.dumps(order).encode())))
        if new:  # otherwise another demo has just taken the number
            return received


def _last_number(space: Space) -> int:
    """The highest number an example order has here; 0 before the first."""
    taken = Order.objects.in_space(space).filter(external_id__startswith="DEMO-").values_list("external_id", flat=True)
    found = (re.fullmatch(r"DEMO-(\d{1,6})", external_id) for external_id in taken)
    return max((int(match[1]) for match in found if match), default=0)
