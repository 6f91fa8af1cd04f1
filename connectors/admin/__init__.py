"""The pages of business: Connectors, Orders, Invoices, Packing slips, Customers; dunning."""

from connectors.admin.connectors import ConnectorAdmin
from connectors.admin.customers import CustomerAdmin
from connectors.admin.documents import InvoiceAdmin, PackingSlipAdmin
from connectors.admin.dunning import DunningCaseAdmin, DunningFlowAdmin, DunningNoticeAdmin, DunningRunAdmin
from connectors.admin.orders import OrderAdmin
from connectors.admin.payments import PaymentAdmin, PaymentImportAdmin

__all__ = [
    "ConnectorAdmin",
    "CustomerAdmin",
    "DunningCaseAdmin",
    "DunningFlowAdmin",
    "DunningNoticeAdmin",
    "DunningRunAdmin",
    "InvoiceAdmin",
    "OrderAdmin",
    "PackingSlipAdmin",
    "PaymentAdmin",
    "PaymentImportAdmin",
]
