"""References by which a payment finds its invoice: made at the issue, told apart and normalised when money comes in.

A QR reference is numeric (SIX, Implementation Guidelines QR-bill, QRR; needs a QR-IBAN), a creditor reference begins
with RF (ISO 11649, SCOR; goes with every IBAN).  Both carry check digits, so that a typing error does not pay another
invoice.
"""

from __future__ import annotations

import re

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from connectors.documents.errors import DocumentError

QR_LENGTH = 27
_SPACE_DIGITS, _INVOICE_DIGITS = 10, 16
_SCOR_BODY = re.compile(r"[0-9A-Z]{1,21}")


def qr_reference(space_pk: int, invoice_pk: int) -> str:
    """Return an invoice's QR reference: 10 digits Space, 16 digits invoice, check digit (modulo 10, recursive).

    No two invoices of an installation share one.  Raises DocumentError for keys that are not positive or too long.
    """
    digits = f"{space_pk:0{_SPACE_DIGITS}d}{invoice_pk:0{_INVOICE_DIGITS}d}"
    if min(space_pk, invoice_pk) < 1 or len(digits) != QR_LENGTH - 1:
        raise DocumentError(f"There is no QR reference for the Space {space_pk} and the invoice {invoice_pk}.")
    return digits + str(esr.calc_check_digit(digits))


def source_of(reference: str) -> tuple[int, int] | None:
    """Return the primary keys of Space and invoice in a QR reference of ours; None for every other reference."""
    plain = normalised(reference)
    if len(plain) != QR_LENGTH or not plain.isdecimal():
        return None
    space_pk, invoice_pk = int(plain[:_SPACE_DIGITS]), int(plain[_SPACE_DIGITS:-1])
    return (space_pk, invoice_pk) if space_pk and invoice_pk else None


def scor_reference(number: str) -> str:
    """Return the creditor reference (ISO 11649) that holds an invoice number: ``RF``, two check digits, its letters and
    digits in capitals.  What else is in the number is left out: two numbers may have the same reference.

    Raises DocumentError where that leaves none or more than 21 characters.
    """
    body = re.sub(r"[\W_]", "", number).upper()
    if not _SCOR_BODY.fullmatch(body):
        raise DocumentError(f"The number “{number}” cannot be in a creditor reference of 21 letters and digits.")
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def normalised(reference: str) -> str:
    """Return a reference from a bank's file in the form we keep: no blanks, capitals, all 27 digits of a QR reference.

    Empty for what is neither a QR reference nor a creditor reference, or whose check digits are wrong.
    """
    plain = "".join(reference.split()).upper()
    try:
        if plain.startswith("RF"):
            return str(iso11649.validate(plain))
        return str(esr.validate(plain)).zfill(QR_LENGTH) if plain.strip("0") else ""
    except ValidationError:
        return ""


def grouped(reference: str) -> str:
    """Return a reference as it is printed: 2 and 5 × 5 digits, or groups of four from the left; others as they are."""
    if not reference or normalised(reference) != reference:
        return reference
    return str(iso11649.format(reference) if reference.startswith("RF") else esr.format(reference))
