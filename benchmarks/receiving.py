"""What printing adds to the transaction of a real order: order, lines, customer, invoice and packing slip."""

from __future__ import annotations

import time

from benchmarks import rows
from benchmarks.orders import connector, order_inputs
from benchmarks.report import at_most
from benchmarks.rows import Wrong
from benchmarks.workshop import Workshop
from connectors.models import Connector, Document, Event, Order, PrintRule, documents_of
from connectors.services.orders import receive
from printing.models import PrinterConfiguration, PrintJob
from spaces.models import Space

PLAIN = "order received, nothing printed"
INVOICE = "order received, its invoice printed"
BOTH = "order received, its invoice and its packing slip printed"
# What each line has printed when an order is received.
PRINTED: dict[str, tuple[Document, ...]] = {
    PLAIN: (),
    INVOICE: (Document.INVOICE,),
    BOTH: documents_of(Event.RECEIVED),
}


def run(workshop: Workshop) -> None:
    """The three in turn, order by order."""
    orders = workshop.part(0.08)  # of each kind in a round
    space = rows.new_space("orders")
    shops = sources(space, rows.folder_printers(space, 1)[0])
    for _round in range(workshop.rounds + 1):
        spent = dict.fromkeys(shops, 0.0)
        for _order in range(orders):
            for name, source in shops.items():
                [order_input] = order_inputs(1)
                begin = time.perf_counter()
                order, _new = receive(space, order_input, source)
                spent[name] += time.perf_counter() - begin
                check_jobs(order, name)
        if _round:  # the first one warms up
            for name, seconds in spent.items():
                workshop.report.add(name, 1000 * seconds / orders, "ms")
    rows.clear()
    workshop.report.ratio("an order with an invoice to print ÷ without", INVOICE, PLAIN, at_most(1.15))
    workshop.report.ratio("an order with two documents to print ÷ without", BOTH, PLAIN)


def sources(space: Space, printer: PrinterConfiguration) -> dict[str, Connector]:
    """A connector for each line, with its rules."""
    shops = {}
    for number, (name, documents) in enumerate(PRINTED.items()):
        shops[name] = connector(space, f"shop-{number}")
        for document in documents:
            rows.saved(PrintRule(connector=shops[name], event=Event.RECEIVED, document=document, configuration=printer))
    return shops


def check_jobs(order: Order, name: str) -> None:
    """The order has the jobs its rules ask for: an order that prints nothing is quick. Raises Wrong."""
    queued = sorted(PrintJob.objects.filter(order_number=order.number).values_list("document_kind", flat=True))
    if queued != sorted(PRINTED[name]):
        raise Wrong(f"{name}: its print jobs are {queued}")
