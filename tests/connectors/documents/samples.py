"""Sample documents of made-up companies, with figures that connectors.money worked out."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from connectors.documents.data import (
    DocumentLine,
    InvoiceData,
    Language,
    PackingSlipData,
    PackingSlipLine,
    Party,
    Sender,
    TaxSummaryLine,
)
from connectors.money import Discount, LineInput, Shipping, Totals, document_totals

D = Decimal

SENDERS = {
    "DE": Sender(
        company="Muster GmbH",
        street="Musterstraße 12",
        postal_code="12345",
        city="Musterstadt",
        country="DE",
        phone="+49 30 000000",
        email="rechnung@muster.example",
        website="www.muster.example",
        vat_number="DE123456789",
        register_text="Amtsgericht Musterstadt, HRB 12345\nSitz der Gesellschaft: Musterstadt",
        bank_name="Musterbank",
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
    ),
    "CH": Sender(
        company="Beispiel AG",
        street="Beispielgasse 7",
        postal_code="8000",
        city="Zürich",
        country="CH",
        phone="+41 44 000 00 00",
        email="info@beispiel.example",
        website="www.beispiel.example",
        vat_number="CHE-123.456.788 MWST",
        bank_name="Beispielbank",
        iban="CH9300762011623852957",
    ),
}
GERMAN = Party(
    company="Käuferin & Söhne OHG",
    name="Abteilung Einkauf",
    street="Äußere Lübecker Straße 100 a",
    postal_code="54321",
    city="Beispielhausen",
    country="DE",
)
SWISS = Party(company="Kundin SA", street="Rue de l’Exemple 3", postal_code="1200", city="Genève", country="CH")
BRITISH = Party(company="Sample Ltd", street="1 Example Street", postal_code="AB1 2CD", city="Sampleton", country="GB")

GOODS = [
    ("Tischlampe „Lübeck“, Messing gebürstet", "TL-1000", D(2), "Stk.", D("89.90"), 0),
    ("Leuchtmittel E27, 8 W, warmweiß", "LM-E27-08", D(6), "Stk.", D("4.95"), 0),
    ("Fachbuch „Licht und Raum“, 3. Auflage", "978-3-00-000000-0", D(1), "Stk.", D("39.00"), 1),
    ("Textilkabel, meterweise", "TK-3x075", D("12.5"), "m", D("2.3450"), 0),
    ("Montagezubehör (Schrauben, Dübel, Klemmen)", "", D(1), "Set", D("1249.00"), 0),
]
SHIPPING = D("4.90")
RATES = {"DE": (D(19), D(7)), "AT": (D(20), D(10)), "CH": (D("8.1"), D("2.6")), "LI": (D("8.1"), D("2.6"))}


def invoice(
    count: int = 5,
    *,
    country: str = "DE",
    language: Language = "de",
    currency: str = "",
    gross: bool = False,
    discount: Discount | None = None,
    shipping: Decimal = SHIPPING,
    **changes: Any,
) -> InvoiceData:
    """Return an invoice of ``count`` lines; ``changes`` replaces fields of it."""
    goods = [GOODS[index % len(GOODS)] for index in range(count)]
    rates = RATES[country]
    inputs = [
        LineInput(quantity, price, rates[rate], discount_percent=D(10) if index == 1 else D(0))
        for index, (_, _, quantity, _, price, rate) in enumerate(goods)
    ]
    currency = currency or ("CHF" if country in {"CH", "LI"} else "EUR")
    totals = document_totals(
        inputs, currency, prices_include_tax=gross, discount=discount, shipping=Shipping(shipping, rates[0])
    )
    data = InvoiceData(
        number="RE-2025-00042",
        issue_date=date(2025, 11, 24),
        sender=SENDERS.get(country, SENDERS["DE"]),
        billing_address=SWISS if country == "CH" else GERMAN,
        currency=currency,
        language=language,
        country=country,
        prices_include_tax=gross,
        lines=_lines(goods, inputs, totals),
        tax_summary=tuple(TaxSummaryLine(rate=g.rate, net=g.net, tax=g.tax, gross=g.gross) for g in totals.tax_groups),
        lines_total=totals.lines,
        discount=totals.discount,
        discount_percent=discount.percent if discount else D(0),
        shipping=totals.shipping,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        delivery_date=date(2025, 11, 25),
        order_number="4711",
        order_date=date(2025, 11, 23),
        customer_number="K-10023",
        payment_days=14,
        due_date=date(2025, 11, 24) + timedelta(days=14),
    )
    return replace(data, **changes)


def _lines(goods: list[Any], inputs: list[LineInput], totals: Totals) -> tuple[DocumentLine, ...]:
    return tuple(
        DocumentLine(
            position=index + 1,
            description=description,
            sku=sku,
            unit=unit,
            quantity=line.quantity,
            unit_price=line.unit_price,
            tax_rate=line.tax_rate,
            discount_percent=line.discount_percent,
            amount=amount,
        )
        for index, ((description, sku, _, unit, _, _), line, amount) in enumerate(
            zip(goods, inputs, totals.line_amounts, strict=True)
        )
    )


def packing_slip(count: int = 5, *, country: str = "DE", language: Language = "de", **changes: Any) -> PackingSlipData:
    """Return a packing slip of ``count`` lines; ``changes`` replaces fields of it."""
    goods = [GOODS[index % len(GOODS)] for index in range(count)]
    data = PackingSlipData(
        number="LS-2025-00042",
        issue_date=date(2025, 11, 24),
        sender=SENDERS.get(country, SENDERS["DE"]),
        delivery_address=SWISS if country == "CH" else GERMAN,
        language=language,
        country=country,
        lines=tuple(
            PackingSlipLine(position=index + 1, description=description, sku=sku, unit=unit, quantity=quantity)
            for index, (description, sku, quantity, unit, _, _) in enumerate(goods)
        ),
        shipping_method="Paketdienst",
        order_number="4711",
        order_date=date(2025, 11, 23),
        customer_number="K-10023",
    )
    return replace(data, **changes)


def png(width: int = 240, height: int = 80) -> bytes:
    """Return a PNG file: a coloured bar."""
    row = b"\0" + bytes((20, 90, 160)) * (width // 3) + bytes((230, 120, 30)) * (width - width // 3)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><circle cx="50" cy="50" r="40" fill="#145aa0"/>'
    b'<path d="M110 30h170v12H110zM110 58h120v12H110z" fill="#222"/></svg>'
)
