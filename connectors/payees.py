"""A Space as the one who is paid: its account and address as payment slips name them."""

from __future__ import annotations

from connectors.documents.payment import SWISS, PaymentParty, check_account, check_party
from spaces.models import Space


def payee_of(space: Space) -> PaymentParty:
    return PaymentParty(
        name=space.company,
        street=space.street,
        postal_code=space.postal_code,
        city=space.city,
        country=space.country,
    )


def account_of(space: Space) -> str:
    """The account that payments go to, without blanks: the QR-IBAN where there is one."""
    return "".join((space.qr_iban or space.iban).split()).upper()


def has_swiss_account(space: Space) -> bool:
    return account_of(space)[:2] in SWISS


def check_payee(space: Space) -> None:
    """Raise PaymentError where this Space cannot be on a Swiss payment slip."""
    check_account(account_of(space))
    check_party(payee_of(space))
