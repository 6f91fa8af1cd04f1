"""What is to be paid, to whom, by whom, and how that is written into a code that a bank's program reads.

Two codes: the Swiss QR code of the payment slip (SIX, Swiss Implementation Guidelines QR-bill 2.3, in force since
21 November 2025: structured addresses only), and the GiroCode of European transfers (EPC069-12, version 002).

:class:`PaymentPart` is what a document keeps; nothing in it is checked until a code is made of it, because a copy that
was kept must be readable for ever.  The payloads and codes made of it raise PaymentError with an exact sentence.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import segno
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from connectors.documents.errors import DocumentError
from connectors.documents.references import QR_LENGTH, normalised

SlipLanguage = Literal["de", "fr", "it", "en"]
Placement = Literal["foot", "page"]

SWISS = frozenset({"CH", "LI"})
LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")
_QR_MOST_BYTES = 997  # version 25 with error correction M: what 46 mm hold (guidelines, 6.1)
_MESSAGE_MOST = 140
_EPC_NAME_MOST, _EPC_MOST_BYTES = 70, 331
# The countries by whose IBAN SEPA transfers go (EPC409-09).  Those outside the EEA need a BIC in the code.
EEA = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    }
)
SEPA = EEA | frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})
# Basic Latin, Latin-1 Supplement, Latin Extended-A, and five more (guidelines 2.3, 4.1.1).
_NOT_SWISS = re.compile("[^\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\xa0": " "})


Part = Literal["whole", "letter", "slip"]


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation; whoever shows it translates it."""
    return message


class PaymentError(DocumentError):
    """Something that cannot be on a payment slip; ``sentence`` with ``values`` is translatable."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence, self.values = sentence, values


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentParty:
    """Creditor or debtor.  The house number stands in ``street``, which the guidelines allow."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPart:
    """A payment that a document asks for.  ``qr_bill`` is the Swiss payment slip, ``girocode`` a code beside the text.

    ``amount`` None leaves it to the payer (Swiss slip only).  ``reference`` is a QR reference or a creditor reference
    without blanks, ``message`` what else the payer sends along.  ``placement`` is where the slip goes: to the foot of
    the last page, with lines to cut along, or to a page of its own, for paper that is perforated.
    """

    kind: Literal["qr_bill", "girocode"]
    creditor: PaymentParty
    iban: str
    currency: str
    amount: Decimal | None = None
    reference: str = ""
    message: str = ""
    debtor: PaymentParty | None = None
    bic: str = ""
    language: SlipLanguage = "en"
    placement: Placement = "foot"

    @property
    def has_own_page(self) -> bool:
        """Whether there is a page that is only the slip, which can come out of another tray."""
        return self.kind == "qr_bill" and self.placement == "page"


# Field, most characters, may be empty, sentence for missing, sentence for too long (guidelines, 4.2.2).
_ADDRESS = (
    (
        "name",
        70,
        gettext_noop("The name is missing in the address."),
        gettext_noop("The name “%(text)s” is longer than the 70 characters that fit on a payment slip."),
    ),
    (
        "street",
        70,
        "",
        gettext_noop("The street “%(text)s” is longer than the 70 characters that fit on a payment slip."),
    ),
    (
        "postal_code",
        16,
        gettext_noop("The postal code is missing in the address."),
        gettext_noop("The postal code “%(text)s” is longer than the 16 characters that fit on a payment slip."),
    ),
    (
        "city",
        35,
        gettext_noop("The city is missing in the address."),
        gettext_noop("The city “%(text)s” is longer than the 35 characters that fit on a payment slip."),
    ),
    ("country", 2, gettext_noop("The country is missing in the address."), ""),
)
_WRONG_CHARACTER = gettext_noop("The character “%(character)s” in “%(text)s” cannot stand on a payment slip.")
_WRONG_COUNTRY = gettext_noop("The country “%(country)s” is none of ISO 3166, which a payment slip needs.")
_NO_IBAN = gettext_noop("The IBAN “%(iban)s” is not valid; check its digits.")
_NOT_SWISS_IBAN = gettext_noop(
    "The account “%(iban)s” is not in Switzerland or Liechtenstein; a payment slip needs one."
)
_WRONG_CURRENCY = gettext_noop("A payment slip is in CHF or EUR, not in %(currency)s.")
_WRONG_AMOUNT = gettext_noop("The amount %(amount)s cannot be on a payment slip: 0.01 to 999999999.99, two decimals.")
_NEEDS_QR_REFERENCE = gettext_noop("A QR-IBAN needs a QR reference of 27 digits.")
_NO_QR_REFERENCE = gettext_noop("A QR reference needs a QR-IBAN; “%(iban)s” is another IBAN.")
_WRONG_REFERENCE = gettext_noop("The reference “%(reference)s” is not valid; check its digits.")
_LONG_MESSAGE = gettext_noop("The message is longer than the 140 characters that fit on a payment slip.")
_TOO_MUCH = gettext_noop("Addresses and message together are longer than the code of a payment slip can hold.")
_NO_GIROCODE = gettext_noop("There is no GiroCode for this payment: %(problem)s.")


def is_qr_iban(iban: str) -> bool:
    """Whether a valid Swiss IBAN is a QR-IBAN: its institution has a number from 30000 to 31999."""
    plain = stdnum_iban.compact(iban)
    iids = _library().QR_IID
    return plain[:2] in SWISS and plain[4:9].isdecimal() and iids["start"] <= int(plain[4:9]) <= iids["end"]


def swiss_text(text: str) -> str:
    """Return a text with the plain forms of typographic characters and single blanks, as a payment slip takes it."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN).split())


def check_party(party: PaymentParty) -> dict[str, str]:
    """Return the fields of an address as they go onto a slip.  Raises PaymentError where one is missing or too long."""
    fields = {}
    for field, most, missing, too_long in _ADDRESS:
        text = fields[field] = swiss_text(getattr(party, field))
        if missing and not text:
            raise PaymentError(missing)
        if len(text) > most:
            raise PaymentError(too_long or missing, text=text)
        _check_characters(text)
    try:
        _library().Address.parse_country(fields["country"])
    except ValueError as error:
        raise PaymentError(_WRONG_COUNTRY, country=fields["country"]) from error
    return fields


def check_account(iban: str) -> str:
    """Return the IBAN without blanks.  Raises PaymentError where a Swiss payment slip cannot name it."""
    try:
        plain = str(stdnum_iban.validate(iban))
    except ValidationError as error:
        raise PaymentError(_NO_IBAN, iban=iban) from error
    if plain[:2] not in SWISS:
        raise PaymentError(_NOT_SWISS_IBAN, iban=iban)
    return plain


def swiss_payload(part: PaymentPart) -> str:
    """Return what the Swiss QR code says.  Raises PaymentError with the first thing that is wrong."""
    account = check_account(part.iban)
    _check_money(part)
    _check_reference(part, account)
    message = swiss_text(part.message)
    if len(message) > _MESSAGE_MOST:
        raise PaymentError(_LONG_MESSAGE)
    _check_characters(message)
    bill = _library().QRBill(
        account=account,
        creditor=_library_address(part.creditor),
        debtor=_library_address(part.debtor) if part.debtor else None,
        amount=None if part.amount is None else f"{part.amount:.2f}",
        currency=part.currency,
        reference_number=part.reference or None,
        additional_information=message,
        language=part.language,
    )
    payload = str(bill.qr_data())
    if len(payload.encode()) > _QR_MOST_BYTES:
        raise PaymentError(_TOO_MUCH)
    return payload


def swiss_code(part: PaymentPart) -> str:
    """Return the Swiss QR code as SVG, without the cross in its middle and without a border.  Raises PaymentError."""
    return _svg(swiss_payload(part))


def epc_payload(part: PaymentPart) -> str:
    """Return what the GiroCode says.  Raises PaymentError where the payment cannot be in one."""
    country, name, text = part.iban[:2].upper(), _one_line(part.creditor.name), _one_line(part.message)
    amount = part.amount if part.amount is not None else Decimal(0)
    if part.currency != "EUR" or country not in SEPA or not stdnum_iban.is_valid(part.iban):
        raise PaymentError(_NO_GIROCODE, problem=f"{part.currency}, {part.iban}")
    if not (LEAST <= amount <= MOST and amount == round(amount, 2)):
        raise PaymentError(_NO_GIROCODE, problem=str(part.amount))
    if len(part.bic) not in {0, 8, 11} or (not part.bic and country not in EEA):
        raise PaymentError(_NO_GIROCODE, problem=f"BIC {part.bic}")
    if not 0 < len(name) <= _EPC_NAME_MOST or (not part.reference and not 0 < len(text) <= _MESSAGE_MOST):
        raise PaymentError(_NO_GIROCODE, problem=f"{name}, {text}")
    account = stdnum_iban.compact(part.iban)
    lines = ["BCD", "002", "1", "SCT", part.bic.upper(), name, account, f"EUR{amount:.2f}", "", part.reference]
    payload = "\n".join(lines if part.reference else [*lines, text])
    if len(payload.encode()) > _EPC_MOST_BYTES:
        raise PaymentError(_NO_GIROCODE, problem=f"{name}, {text}")
    return payload


def epc_code(part: PaymentPart) -> str:
    """Return the GiroCode as SVG without a border.  Raises PaymentError where the payment cannot be in one."""
    return _svg(epc_payload(part))


def _check_money(part: PaymentPart) -> None:
    if part.currency not in {"CHF", "EUR"}:
        raise PaymentError(_WRONG_CURRENCY, currency=part.currency)
    amount = part.amount
    if amount is not None and not (LEAST <= amount <= MOST and amount == round(amount, 2)):
        raise PaymentError(_WRONG_AMOUNT, amount=amount)


def _check_reference(part: PaymentPart, account: str) -> None:
    reference = part.reference
    if reference and normalised(reference) != reference:
        raise PaymentError(_WRONG_REFERENCE, reference=reference)
    is_qr_reference = len(reference) == QR_LENGTH and reference.isdecimal()
    if is_qr_iban(account) and not is_qr_reference:
        raise PaymentError(_NEEDS_QR_REFERENCE)
    if is_qr_reference and not is_qr_iban(account):
        raise PaymentError(_NO_QR_REFERENCE, iban=part.iban)


def _check_characters(text: str) -> None:
    if found := _NOT_SWISS.search(text):
        raise PaymentError(_WRONG_CHARACTER, character=found[0], text=text)


def _library() -> Any:
    """qrbill, when it is first needed: loading it compiles a grammar of SVG, a fifth of the time a start takes."""
    import qrbill.bill

    return qrbill.bill


def _library_address(party: PaymentParty) -> dict[str, str]:
    fields = check_party(party)
    fields["pcode"] = fields.pop("postal_code")
    return fields


def _one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=128)  # 20 ms: a letter and its slip, made apart, need the same code
def _svg(payload: str) -> str:
    """Both kinds of codes ask for error correction M and UTF-8."""
    code = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8")
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, omitsize=True, nl=False)
    return out.getvalue().decode()
