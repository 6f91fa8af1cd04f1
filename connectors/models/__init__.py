"""Business: customers, orders, the documents issued for them, and what each connector prints."""

from connectors.models.connector import Connector, Document, Event, PrintRule
from connectors.models.customer import Customer
from connectors.models.invoice import Invoice, InvoiceState
from connectors.models.issued import FrozenLogo, IssuedDocument, IssuedForGood
from connectors.models.numbers import NumberCounter, NumberSeries, SeriesKind
from connectors.models.order import Order, OrderLine
from connectors.models.packing_slip import PackingSlip

__all__ = [
    "Connector",
    "Customer",
    "Document",
    "Event",
    "FrozenLogo",
    "Invoice",
    "InvoiceState",
    "IssuedDocument",
    "IssuedForGood",
    "NumberCounter",
    "NumberSeries",
    "Order",
    "OrderLine",
    "PackingSlip",
    "PrintRule",
    "SeriesKind",
]
