"""Checks of what a Space says about itself; every sentence tells what to do."""

from __future__ import annotations

from typing import Any

import stdnum.eu.vat
import stdnum.iban
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.ch import vat as swiss_vat
from stdnum.exceptions import ValidationError as NumberError

LOGO_MAX_BYTES = 1_000_000


def validate_iban(value: str) -> None:
    """Check form and check digits (ISO 13616)."""
    try:
        stdnum.iban.validate(value)
    except NumberError as error:
        raise ValidationError(_("This is not a valid IBAN; check its digits.")) from error


def validate_qr_iban(value: str) -> None:
    """An IBAN of CH or LI whose institution identifier is 30000 to 31999 (SIX, QR-bill guidelines)."""
    validate_iban(value)
    if not is_qr_iban(value):
        raise ValidationError(_("This is an IBAN but not a QR-IBAN; your bank gives you one for QR-bills."))


def is_qr_iban(value: str) -> bool:
    """Whether an IBAN is one of CH or LI whose institution has an identifier of QR-bills."""
    # Here, because loading it compiles a grammar of SVG: a fifth of the time in which a process starts.
    from qrbill.bill import QR_IID

    compact = stdnum.iban.compact(value)
    return (
        compact[:2] in {"CH", "LI"}
        and compact[4:9].isdecimal()
        and QR_IID["start"] <= int(compact[4:9]) <= QR_IID["end"]
    )


def validate_vat_number(value: str) -> None:
    """A VAT number of the European Union or of Switzerland; other countries' numbers are taken as they are."""
    compact = value.replace(" ", "").upper()
    validator = swiss_vat if compact.startswith("CHE") else _european(compact)
    if validator is None:
        return
    try:
        validator.validate(value)
    except NumberError as error:
        raise ValidationError(_("This is not a valid VAT number; check its digits.")) from error


def _european(compact: str) -> Any:
    """The validator of the European Union's numbers, for a number that begins like one; Greece writes EL."""
    country = {"EL": "gr"}.get(compact[:2], compact[:2].lower())
    return stdnum.eu.vat if country in stdnum.eu.vat.MEMBER_STATES else None


def validate_logo(upload: Any) -> None:
    if upload.size > LOGO_MAX_BYTES:
        raise ValidationError(_("The logo is larger than 1 MB; save it smaller."))
