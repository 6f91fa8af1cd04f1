"""Every word that the documents say by themselves, in each language a customer can have.

Keys and placeholders are the same in all languages (a test compares them).  Some countries call a thing by another
name in the same language: ``_LOCAL`` holds only those.
"""

from __future__ import annotations

from functools import lru_cache

from connectors.documents.errors import DocumentError

WORDS: dict[str, dict[str, str]] = {
    "de": {
        "invoice": "Rechnung",
        "packing_slip": "Lieferschein",
        "invoice_number": "Rechnungsnummer",
        "packing_slip_number": "Lieferscheinnummer",
        "invoice_date": "Rechnungsdatum",
        "date": "Datum",
        "delivery_date": "Lieferdatum",
        "delivery_date_is_issue_date": "Das Lieferdatum entspricht dem Rechnungsdatum.",
        "due_date": "Fällig am",
        "order_number": "Bestellnummer",
        "order_date": "Bestelldatum",
        "customer_number": "Kundennummer",
        "customer_vat_number": "Ihre USt-IdNr.",
        "shipping_method": "Versandart",
        "delivery_address": "Lieferanschrift",
        "position": "Pos.",
        "description": "Bezeichnung",
        "sku": "Art.-Nr.",
        "quantity": "Menge",
        "unit_price": "Einzelpreis",
        "tax": "USt.",
        "amount": "Betrag",
        "done": "Geprüft",
        "line_discount": "abzüglich {discount} Rabatt",
        "net_prices": "Preise in {currency}, ohne USt.",
        "gross_prices": "Preise in {currency}, inklusive USt.",
        "lines_total": "Zwischensumme",
        "discount": "Rabatt",
        "shipping": "Versandkosten",
        "net": "Nettobetrag",
        "tax_on": "USt. {rate} auf {net}",
        "tax_contained": "enthaltene USt. {rate} auf {net}",
        "gross": "Gesamtbetrag {currency}",
        "paid": "Der Betrag ist bereits bezahlt. Vielen Dank.",
        "payable_until": "Bitte zahlen Sie {total} bis zum {date}.",
        "payable_within": "Bitte zahlen Sie {total} innerhalb von {days} Tagen, bis zum {date}.",
        "payable_at_once": "Der Gesamtbetrag von {total} ist sofort fällig.",
        "slip": "Bitte verwenden Sie für die Zahlung den beigefügten Zahlteil mit QR-Code.",
        "girocode": "Zahlen mit Code",
        "bank": "Bank",
        "account_holder": "Kontoinhaber",
        "payment_reference": "Verwendungszweck",
        "page": "Seite {page} von {pages}",
        "phone": "Telefon",
        "vat_number": "USt-IdNr.",
        "tax_number": "Steuernummer",
    },
    "en": {
        "invoice": "Invoice",
        "packing_slip": "Packing slip",
        "invoice_number": "Invoice number",
        "packing_slip_number": "Packing slip number",
        "invoice_date": "Invoice date",
        "date": "Date",
        "delivery_date": "Date of delivery",
        "delivery_date_is_issue_date": "The date of delivery is the invoice date.",
        "due_date": "Due date",
        "order_number": "Order number",
        "order_date": "Order date",
        "customer_number": "Customer number",
        "customer_vat_number": "Your VAT number",
        "shipping_method": "Shipping method",
        "delivery_address": "Delivery address",
        "position": "Item",
        "description": "Description",
        "sku": "SKU",
        "quantity": "Quantity",
        "unit_price": "Unit price",
        "tax": "VAT",
        "amount": "Amount",
        "done": "Checked",
        "line_discount": "less {discount} discount",
        "net_prices": "Prices in {currency}, excluding VAT",
        "gross_prices": "Prices in {currency}, including VAT",
        "lines_total": "Subtotal",
        "discount": "Discount",
        "shipping": "Shipping",
        "net": "Net amount",
        "tax_on": "VAT {rate} on {net}",
        "tax_contained": "VAT {rate} contained, on {net}",
        "gross": "Total {currency}",
        "paid": "This invoice has already been paid. Thank you.",
        "payable_until": "Please pay {total} by {date}.",
        "payable_within": "Please pay {total} within {days} days, by {date}.",
        "payable_at_once": "The total of {total} is due immediately.",
        "slip": "Please pay with the attached payment part and its QR code.",
        "girocode": "Scan to pay",
        "bank": "Bank",
        "account_holder": "Account holder",
        "payment_reference": "Payment reference",
        "page": "Page {page} of {pages}",
        "phone": "Phone",
        "vat_number": "VAT no.",
        "tax_number": "Tax number",
    },
}

_SWISS = {
    "customer_vat_number": "Ihre UID",
    "gross_prices": "Preise in {currency}, inklusive MWST",
    "net_prices": "Preise in {currency}, ohne MWST",
    "tax": "MWST",
    "tax_contained": "enthaltene MWST {rate} auf {net}",
    "tax_on": "MWST {rate} auf {net}",
    "vat_number": "UID",
}
_LOCAL: dict[tuple[str, str], dict[str, str]] = {
    ("de", "AT"): {"customer_vat_number": "Ihre UID-Nr.", "vat_number": "UID-Nr."},
    ("de", "CH"): _SWISS,
    ("de", "LI"): _SWISS,
}


@lru_cache(maxsize=64)
def words(language: str, country: str) -> dict[str, str]:
    """Return the words of a language as they are used in a country; raises DocumentError for an unknown language."""
    if language not in WORDS:
        raise DocumentError(f"There are no words for documents in the language “{language}”.")
    return WORDS[language] | _LOCAL.get((language, country), {})
