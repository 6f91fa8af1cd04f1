"""What printing adds to the transaction of a real order: order, lines, customer, invoice and packing slip."""

from __future__ import annotations

import time

from benchmarks import rows, targets
from benchmarks.orders import connector, order_inputs
from benchmarks.rows import Wrong
from benchmarks.workshop import Workshop
from connectors.models import Connector, Document, Event, Order, PrintRule, documents_of
from connectors.services.orders import receive
from printing.models import PrinterConfiguration, PrintJob
from spaces.models import Space

ORDERS, QUICK_ORDERS = 60, 5  # of each line in a round
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
    orders = workshop.plan.size(ORDERS, QUICK_ORDERS)
    space = rows.new_space("orders")
    shops = sources(space, rows.folder_printers(space, 1)[0])
    _measure(space, shops, QUICK_ORDERS)  # warm
    for _round in workshop.rounds():
        for name, seconds in _measure(space, shops, orders).items():
            workshop.report.add(name, 1000 * seconds / orders, "ms", orders)
    workshop.report.ratio(targets.ONE_DOCUMENT, INVOICE, PLAIN)
    workshop.report.ratio(targets.TWO_DOCUMENTS, BOTH, PLAIN)


def _measure(space: Space, shops: dict[str, Connector], orders: int) -> dict[str, float]:
    """Seconds for so many orders of each line."""
    spent = dict.fromkeys(shops, 0.0)
    for _order in range(orders):
        for name, source in shops.items():
            [order_input] = order_inputs(1)
            begin = time.perf_counter()
            order, _new = receive(space, order_input, source)
            spent[name] += time.perf_counter() - begin
            check_jobs(order, name)
    return spent


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
