"""Sample payments, and a scanner: what a phone sees when it looks at a printed page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

from connectors.documents.data import InvoiceData
from connectors.documents.payment import PaymentPart, PaymentParty
from connectors.documents.references import qr_reference

DPI = 300
MM = DPI / 25.4  # pixels per millimetre

QR_IBAN = "CH4431999123000889012"
SWISS_IBAN = "CH9300762011623852957"
GERMAN_IBAN = "DE89370400440532013000"
CREDITOR = PaymentParty(name="Beispiel AG", street="Beispielgasse 7", postal_code="8000", city="Zürich", country="CH")
DEBTOR = PaymentParty(name="Kundin SA", street="Rue de l'Exemple 3", postal_code="1200", city="Genève", country="CH")


def slip(data: InvoiceData, **changes: Any) -> InvoiceData:
    """The invoice with a payment slip over its total; ``changes`` replaces fields of the payment."""
    payment = PaymentPart(
        kind="qr_bill",
        creditor=CREDITOR,
        debtor=DEBTOR,
        iban=QR_IBAN,
        currency=data.currency,
        amount=data.gross,
        reference=qr_reference(1, 42),
        message=f"Rechnung {data.number}",
        language="de",
        placement="page",
    )
    return replace(data, payment=replace(payment, **changes))


def girocode(data: InvoiceData, **changes: Any) -> InvoiceData:
    """The invoice with a GiroCode over its total."""
    payment = PaymentPart(
        kind="girocode",
        creditor=replace(CREDITOR, name="Muster GmbH"),
        iban=GERMAN_IBAN,
        currency="EUR",
        amount=data.gross,
        message=data.number,
    )
    return replace(data, payment=replace(payment, **changes))


def raster(pdf: bytes, page: int = -1) -> Image.Image:
    """A page as black and white of 300 dpi; the last one unless another is named."""
    document = pdfium.PdfDocument(pdf)
    sheet = document[page % len(document)]
    image: Image.Image = sheet.render(scale=DPI / 72).to_pil().convert("L")
    return image


def scan(image: Image.Image) -> Any:
    """The one QR code on a page, with ``text`` and ``position`` (in pixels)."""
    (found,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return found
