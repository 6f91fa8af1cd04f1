"""What printing adds to the transaction of a real order: order, lines, customer, invoice and packing slip."""

from __future__ import annotations

import time

from benchmarks import rows
from benchmarks.orders import connector, order_inputs
from benchmarks.report import at_most
from benchmarks.workshop import Workshop
from connectors.models import Connector, Document, Event, PrintRule
from connectors.services.orders import receive

PLAIN = "order received, nothing printed"
INVOICE = "order received, its invoice printed"
BOTH = "order received, its invoice and its packing slip printed"


def run(workshop: Workshop) -> None:
    """The three in turn, order by order."""
    orders = workshop.part(0.08)  # of each kind in a round
    space = rows.new_space("orders")
    printer = rows.folder_printers(space, 1)[0]
    sources: dict[str, Connector] = {}
    for name, documents in {PLAIN: [], INVOICE: [Document.INVOICE], BOTH: list(Document)}.items():
        sources[name] = connector(space, f"shop-{len(sources)}")
        for document in documents:
            PrintRule.objects.create(
                connector=sources[name], event=Event.RECEIVED, document=document, configuration=printer
            )
    for _round in range(workshop.rounds + 1):
        spent = dict.fromkeys(sources, 0.0)
        for _order in range(orders):
            for name, source in sources.items():
                [order] = order_inputs(1)
                begin = time.perf_counter()
                receive(space, order, source)
                spent[name] += time.perf_counter() - begin
        if _round:  # the first one warms up
            for name, seconds in spent.items():
                workshop.report.add(name, 1000 * seconds / orders, "ms")
    rows.clear()
    workshop.report.ratio("an order with an invoice to print ÷ without", INVOICE, PLAIN, at_most(1.15))
    workshop.report.ratio("an order with two documents to print ÷ without", BOTH, PLAIN)
