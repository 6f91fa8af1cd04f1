"""The pages of business: Connectors, Orders, Invoices, Packing slips, Customers; dunning."""

from connectors.admin.connectors import ConnectorAdmin
from connectors.admin.credit_notes import CreditNoteAdmin
from connectors.admin.customers import CustomerAdmin
from connectors.admin.documents import InvoiceAdmin, PackingSlipAdmin
from connectors.admin.dunning.cases import DunningCaseAdmin
from connectors.admin.dunning.flows import DunningFlowAdmin
from connectors.admin.dunning.notices import DunningNoticeAdmin
from connectors.admin.dunning.runs import DunningRunAdmin
from connectors.admin.mails import OutgoingMailAdmin
from connectors.admin.orders import OrderAdmin
from connectors.admin.payments import PaymentAdmin, PaymentImportAdmin

__all__ = [
    "ConnectorAdmin",
    "CreditNoteAdmin",
    "CustomerAdmin",
    "DunningCaseAdmin",
    "DunningFlowAdmin",
    "DunningNoticeAdmin",
    "DunningRunAdmin",
    "InvoiceAdmin",
    "OrderAdmin",
    "OutgoingMailAdmin",
    "PackingSlipAdmin",
    "PaymentAdmin",
    "PaymentImportAdmin",
]
