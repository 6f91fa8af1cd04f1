"""Business: customers, orders, the documents issued for them, and what each connector prints."""

from connectors.models.connector import Connector
from connectors.models.credit_note import CreditNote
from connectors.models.customer import Customer
from connectors.models.dunning_case import CaseEventKind, CaseState, DunningCase, DunningCaseEvent
from connectors.models.dunning_flow import (
    DunningChannel,
    DunningFlow,
    DunningLevel,
    DunningLevelText,
    NoticeTemplate,
)
from connectors.models.dunning_notice import DunningNotice, DunningRun, RunSource
from connectors.models.invoice import Invoice, InvoiceState
from connectors.models.issued import FrozenLogo, IssuedDocument, IssuedForGood
from connectors.models.numbers import NumberCounter, NumberSeries, SeriesKind
from connectors.models.order import Order, OrderLine
from connectors.models.outgoing_mail import MailAttempt, MailState, OutgoingMail
from connectors.models.packing_slip import PackingSlip
from connectors.models.payment import ImportFormat, Payment, PaymentImport, PaymentSource, Unmatched
from connectors.models.rule import CountryOf, Document, Event, MailRule, PrintRule, Rule, Weekday, documents_of
from connectors.models.slip import Slip

__all__ = [
    "CaseEventKind",
    "CaseState",
    "Connector",
    "CountryOf",
    "CreditNote",
    "Customer",
    "Document",
    "DunningCase",
    "DunningCaseEvent",
    "DunningChannel",
    "DunningFlow",
    "DunningLevel",
    "DunningLevelText",
    "DunningNotice",
    "DunningRun",
    "Event",
    "FrozenLogo",
    "ImportFormat",
    "Invoice",
    "InvoiceState",
    "IssuedDocument",
    "IssuedForGood",
    "MailAttempt",
    "MailRule",
    "MailState",
    "NoticeTemplate",
    "NumberCounter",
    "NumberSeries",
    "Order",
    "OrderLine",
    "OutgoingMail",
    "PackingSlip",
    "Payment",
    "PaymentImport",
    "PaymentSource",
    "PrintRule",
    "Rule",
    "RunSource",
    "SeriesKind",
    "Slip",
    "Unmatched",
    "Weekday",
    "documents_of",
]
