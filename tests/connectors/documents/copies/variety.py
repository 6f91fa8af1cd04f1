"""Of each kind of copy a few that are as different as they can be; together they fill every field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.documents.credit_note import CreditNoteData
from connectors.documents.data import InvoiceData, PackingSlipData, Party
from connectors.documents.notice import NoticeData, NoticeFee, OverdueItem
from connectors.documents.references import scor_reference
from connectors.money import Discount
from tests.connectors.documents import payments
from tests.connectors.documents.notices import notice
from tests.connectors.documents.samples import BRITISH, GERMAN, SENDERS, SWISS, invoice, packing_slip

D = Decimal
WAREHOUSE = Party(company="Käuferin Lager", extra="Tor 3", street="Am Hafen 1", postal_code="20457", city="Hamburg")
BUYER = Party(
    name="Jane Sample",
    street="2 Example Road",
    postal_code="AB1 3CD",
    city="Sampleton",
    country="GB",
    email="jane@sample.example",
    vat_number="GB123456789",
)
# The SHA-256 of no logo that there is: the corpus is rendered without one.
LOGO = "5f" * 32
UNUSUAL = {"tax_number": "12/345/67890", "name": "Erika Muster", "extra": "Hinterhaus"}


def variety() -> dict[str, dict[str, Any]]:
    """By kind and name."""
    return {
        "address": {"company": GERMAN, "person": BUYER, "warehouse": WAREHOUSE, "country_only": Party(country="CH")},
        "invoice": _invoices(),
        "packing_slip": _packing_slips(),
        "credit_note": _credit_notes(),
        "dunning_notice": _notices(),
    }


def _invoices() -> dict[str, InvoiceData]:
    swiss = invoice(country="CH", gross=True, discount=Discount(percent=D("2.5")))
    british = invoice(
        3,
        language="en",
        billing_address=BUYER,
        delivery_address=BRITISH,
        tax_note="Export delivery.",
        note="Thank you.",
    )
    off = invoice(1, discount=Discount(amount=D("12.34")), payment_days=None, due_date=None)
    line = replace(off.lines[0], discount=D("5.00"), unit_price=D("92.40"))
    return {
        "german_net_girocode": payments.girocode(invoice()),
        "german_gross_transfer": invoice(gross=True, shipping=D(0), payment_text="Per Lastschrift am 08.12.2025."),
        "german_amount_off": replace(off, lines=(line,)),
        "german_three_pages": invoice(60, delivery_address=WAREHOUSE),
        "english_paid": replace(british, paid=True, payment_days=None, due_date=None),
        "swiss_slip_on_its_own_page": payments.slip(swiss),
        "swiss_slip_at_the_foot": payments.slip(
            invoice(2, country="CH", language="en"),
            iban=payments.SWISS_IBAN,
            reference=scor_reference("RE202500042"),
            placement="foot",
            language="fr",
            debtor=None,
            amount=None,
        ),
        "swiss_in_euro_with_bic": payments.girocode(
            invoice(country="CH", currency="EUR"), iban=payments.SWISS_IBAN, bic="POFICHBEXXX"
        ),
        "austrian_replaces_a_canceled_one": invoice(
            country="AT", number="RE-2025-00043", replaces="RE-2025-00042", replaces_date=date(2025, 11, 24)
        ),
        "with_a_logo": invoice(1, sender=replace(SENDERS["DE"], logo_sha256=LOGO, **UNUSUAL)),
    }


def _packing_slips() -> dict[str, PackingSlipData]:
    return {
        "german": packing_slip(delivery_date=date(2025, 11, 25)),
        "swiss_english": packing_slip(
            2, country="CH", language="en", note="Leave it at the gate.", delivery_address=SWISS
        ),
        "german_three_pages": packing_slip(80, delivery_address=WAREHOUSE, shipping_method=""),
    }


def _credit_notes() -> dict[str, CreditNoteData]:
    def note(canceled: InvoiceData, **changes: Any) -> CreditNoteData:
        data = CreditNoteData(
            number="S2025-0007",
            issue_date=date(2025, 12, 1),
            sender=canceled.sender,
            language=canceled.language,
            country=canceled.country,
            invoice=canceled,
        )
        return replace(data, **changes)

    return {
        "german": note(invoice(discount=Discount(amount=D(10)))),
        "english_with_a_reason": note(invoice(language="en", gross=True), reason="Wrong address."),
        "swiss_after_a_move": note(invoice(40, country="CH"), sender=replace(SENDERS["CH"], street="Neugasse 1")),
        "of_a_replacing_invoice": note(invoice(2, replaces="RE-2025-00041", replaces_date=date(2025, 11, 20))),
    }


def _notices() -> dict[str, NoticeData]:
    plain: dict[str, Any] = {"fees": (), "interest": (), "fees_total": D(0), "interest_total": D(0)}
    german = notice()
    taxed = NoticeFee(level=3, issue_date=date(2026, 4, 1), net=D("8.40"), tax=D("1.60"), gross=D(10), tax_rate=D(19))
    code = payments.girocode(invoice(), amount=german.total, message="2026-0042").payment
    swiss = notice("CH")
    slip = payments.slip(invoice(country="CH"), amount=swiss.total, message="Rechnung 2026-0042").payment
    items = (
        *german.items,
        OverdueItem(
            number="2026-0050",
            issue_date=date(2026, 2, 1),
            due_date=date(2026, 2, 15),
            gross=D("49.90"),
            settled=D(0),
            open=D("49.90"),
        ),
    )
    return {
        "german_second_with_fees_and_interest": replace(german, payment=code, reference="2026-0042"),
        "german_reminder_without_charges": notice(
            template="reminder", level=1, title="Zahlungserinnerung", total=D("1000.00"), **plain
        ),
        "swiss_final_with_a_slip": replace(swiss, template="final", level=3, payment=slip),
        "english_final_with_a_taxed_fee": notice(
            **{**plain, "fees": (taxed,), "fees_total": D(10)},
            template="final",
            level=3,
            language="en",
            billing_address=BUYER,
            title="Last notice before court",
            text="Please pay now.",
            total=D("1010.00"),
        ),
        "german_two_invoices": notice(items=items, principal=D("1049.90"), total=D("1063.05")),
    }
