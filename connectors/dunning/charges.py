"""What a notice asks for: what is open, the fees so far, the fee of its level, and interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connectors.documents.data import Party
from connectors.dunning.interest import Interest, Settlement, interest, periods
from connectors.money import HUNDRED, ZERO, rounded


@dataclass(frozen=True, slots=True)
class Claim:
    """An overdue invoice, and what was settled of it.  ``due_on`` is a working day."""

    gross: Decimal
    currency: str
    due_on: date
    settlements: tuple[Settlement, ...] = ()

    @property
    def open(self) -> Decimal:
        """What is left of the invoice; below zero where too much was paid."""
        return self.gross - sum((settlement.amount for settlement in self.settlements), ZERO)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a level charges, in the currency of the claim; rates in percent.  No tax rate: the fee is compensation."""

    fee: Decimal
    fee_tax_rate: Decimal | None
    interest_rate: Decimal


@dataclass(frozen=True, slots=True)
class Charges:
    """The sums of a notice; they add up to ``total``."""

    principal: Decimal
    fees_before: Decimal
    fee: Decimal
    fee_tax: Decimal
    interest: Interest

    @property
    def fees(self) -> Decimal:
        return self.fees_before + self.fee + self.fee_tax

    @property
    def total(self) -> Decimal:
        return self.principal + self.fees + self.interest.total


def charges(claim: Claim, terms: Terms, fees_before: Sequence[Decimal], day: date) -> Charges:
    """What a notice of ``day`` asks for; ``fees_before`` are those of the earlier notices, with their tax.

    Interest is worked out anew from the due day at the rate of this level: an earlier notice's is contained in it.
    Payments count for the invoice first, so that interest and fees never make the sum grow on which interest runs.
    """
    fee = rounded(terms.fee, claim.currency)
    return Charges(
        principal=rounded(claim.open, claim.currency),
        fees_before=rounded(sum(fees_before, ZERO), claim.currency),
        fee=fee,
        fee_tax=rounded(fee * (terms.fee_tax_rate or ZERO) / HUNDRED, claim.currency),
        interest=interest(
            periods(claim.gross, claim.settlements, claim.due_on, day), terms.interest_rate, claim.currency
        ),
    )


def is_business(billing_address: Party) -> bool:
    """Whether a company owes the money: its address names one, or a VAT number (§ 14, § 288 Abs. 2 BGB)."""
    return bool(billing_address.company.strip() or billing_address.vat_number.strip())
