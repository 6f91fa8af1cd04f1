"""Names as long as the database takes them: nothing is wider than the screen, nothing is cut off in a list."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from connectors.models import Connector, Invoice, Order
from printing.models import PrinterConfiguration, PrintJob
from spaces.models import Space
from tests.connectors.factories import customer_json, receive
from tests.pages.conftest import log_in
from tests.printing.simulated import simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)

COMPANY = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG"
PRINTER = "Versandetiketten-Arbeitsplatz 3 im Lager Nord (Erdgeschoss, links neben dem Tor)"
# Cells of a list whose text reaches beyond them, up or down, or past the list's edge on a phone.
CUT = """
() => [...document.querySelectorAll("#result_list tbody td, #result_list tbody th")]
  .filter(cell => cell.scrollHeight > cell.clientHeight + 2 || cell.scrollWidth > cell.clientWidth + 2)
  .map(cell => `${cell.dataset.label}: ${cell.innerText}`)
"""


def test_no_page_is_wider_than_the_screen(page: Page, space: Space, owner: Any) -> None:
    simulated_printer(space, PRINTER)
    order = receive(space, number="SHOP-2026-0000000029", customer=customer_json(company=COMPANY, name=COMPANY))
    log_in(page, owner)
    rows = [order, Invoice.objects.get(), order.connector, PrintJob.objects.first(), PrinterConfiguration.objects.get()]
    for row in rows:
        assert isinstance(row, Order | Invoice | Connector | PrintJob | PrinterConfiguration)
        lists = f"/space/{space.slug}/{row._meta.app_label}/{row._meta.model_name}/"
        for path in (lists, f"{lists}{row.pk}/change/"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert too_wide <= 0, path
            assert page.evaluate(CUT) == [], path
