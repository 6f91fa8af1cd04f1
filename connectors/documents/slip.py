"""From a payment to the finished strings of ``slip.typ``: the Swiss payment slip, of whatever letter it is part."""

from __future__ import annotations

from connectors.documents.formats import grouped_iban
from connectors.documents.letter import View, clean
from connectors.documents.payment import PaymentPart, PaymentParty, check_party, epc_code, swiss_code, swiss_text
from connectors.documents.references import grouped

# The headings of the guidelines (annex D), in the languages that a slip may have.
LABELS: dict[str, dict[str, str]] = {
    "de": {
        "payment_part": "Zahlteil",
        "receipt": "Empfangsschein",
        "account": "Konto / Zahlbar an",
        "reference": "Referenz",
        "information": "Zusätzliche Informationen",
        "payable_by": "Zahlbar durch",
        "payable_by_blank": "Zahlbar durch (Name/Adresse)",
        "currency": "Währung",
        "amount": "Betrag",
        "acceptance_point": "Annahmestelle",
    },
    "fr": {
        "payment_part": "Section paiement",
        "receipt": "Récépissé",
        "account": "Compte / Payable à",
        "reference": "Référence",
        "information": "Informations supplémentaires",
        "payable_by": "Payable par",
        "payable_by_blank": "Payable par (nom/adresse)",
        "currency": "Monnaie",
        "amount": "Montant",
        "acceptance_point": "Point de dépôt",
    },
    "it": {
        "payment_part": "Sezione pagamento",
        "receipt": "Ricevuta",
        "account": "Conto / Pagabile a",
        "reference": "Riferimento",
        "information": "Informazioni supplementari",
        "payable_by": "Pagabile da",
        "payable_by_blank": "Pagabile da (nome/indirizzo)",
        "currency": "Valuta",
        "amount": "Importo",
        "acceptance_point": "Punto di accettazione",
    },
    "en": {
        "payment_part": "Payment part",
        "receipt": "Receipt",
        "account": "Account / Payable to",
        "reference": "Reference",
        "information": "Additional information",
        "payable_by": "Payable by",
        "payable_by_blank": "Payable by (name/address)",
        "currency": "Currency",
        "amount": "Amount",
        "acceptance_point": "Acceptance point",
    },
}
_INVOICE = {"de": "Rechnung", "fr": "Facture", "it": "Fattura", "en": "Invoice"}


def slip_message(language: str, number: str) -> str:
    """Return what the slip of an invoice says in words."""
    return f"{_INVOICE[language]} {number}"


def slip_view(payment: PaymentPart | None) -> View | None:
    """Return what ``slip.typ`` needs; None where there is no slip.  Raises PaymentError."""
    if payment is None or payment.kind != "qr_bill":
        return None
    amount = "" if payment.amount is None else f"{payment.amount:,.2f}".replace(",", "\u00a0")
    return {
        "language": payment.language,
        "labels": LABELS[payment.language],
        "code": swiss_code(payment),
        "own_page": payment.placement == "page",
        "account": grouped_iban(payment.iban),
        "creditor": _address(payment.creditor),
        "debtor": _address(payment.debtor) if payment.debtor else [],
        "reference": grouped(payment.reference).replace(" ", "\u00a0"),
        "information": clean(swiss_text(payment.message)),
        "currency": payment.currency,
        "amount": amount,
    }


def girocode_view(payment: PaymentPart | None) -> str:
    """Return the GiroCode as SVG, or nothing.  Raises PaymentError."""
    return epc_code(payment) if payment is not None and payment.kind == "girocode" else ""


def _address(party: PaymentParty) -> list[str]:
    """Return name, street (may be empty) and the line of the place, with the country before the postal code."""
    fields = check_party(party)
    place = f"{fields['country']}-{fields['postal_code']} {fields['city']}"
    return [clean(line) for line in (fields["name"], fields["street"], place)]
