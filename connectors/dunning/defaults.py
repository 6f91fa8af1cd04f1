"""What a new flow begins with: reminder, dunning letter, last notice, with the law's interest. Merchants change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from connectors.money import ZERO

# § 247 BGB; announced by the Bundesbank for each 1 January and 1 July. The value of 1 July 2025.
GERMAN_BASE_RATE: Final = Decimal("1.27")


@dataclass(frozen=True, slots=True)
class Rates:
    """Default interest in percent a year, and the fee of a letter, which the law of the country knows."""

    consumer: Decimal = ZERO
    business: Decimal = ZERO
    fee: Decimal = ZERO


# By the country of the Space. Elsewhere nothing is asked for that a merchant has not entered.
RATES: Final[Mapping[str, Rates]] = {
    # § 288 Abs. 1 and 2 BGB. Courts take about 2.50 EUR for paper, envelope and postage (§ 280 BGB).
    "DE": Rates(GERMAN_BASE_RATE + 5, GERMAN_BASE_RATE + 9, Decimal("2.50")),
    # § 1000 Abs. 1 ABGB. Companies that are to blame owe 9.2 points more than the base rate (§ 456 UGB).
    "AT": Rates(Decimal(4), Decimal(4)),
    # Art. 104 OR. A fee only where it was agreed.
    "CH": Rates(Decimal(5), Decimal(5)),
}


@dataclass(frozen=True, slots=True)
class DefaultLevel:
    """A level as a new flow has it; ``texts`` are title and text by language."""

    template: Literal["reminder", "notice", "final"]
    days: int
    payment_days: int
    charges: bool
    texts: Mapping[str, tuple[str, str]]


LEVELS: Final[tuple[DefaultLevel, ...]] = (
    DefaultLevel(
        "reminder",
        days=7,
        payment_days=10,
        charges=False,
        texts={
            "de": (
                "Zahlungserinnerung zur Rechnung {number}",
                (
                    "Guten Tag,\n\n"
                    "sicher ist es Ihnen entgangen: Die Rechnung {number} vom {date} war am {due} fällig und ist noch "
                    "nicht bezahlt. Bitte überweisen Sie {amount} bis zum {until}.\n\n"
                    "Haben Sie inzwischen bezahlt? Dann ist dieses Schreiben gegenstandslos."
                ),
            ),
            "en": (
                "Payment reminder for invoice {number}",
                (
                    "Dear customer,\n\n"
                    "you have surely overlooked it: invoice {number} of {date} was due on {due} and is not paid yet. "
                    "Please transfer {amount} by {until}.\n\n"
                    "Have you paid meanwhile? Then please disregard this letter."
                ),
            ),
        },
    ),
    DefaultLevel(
        "notice",
        days=10,
        payment_days=10,
        charges=True,
        texts={
            "de": (
                "Mahnung zur Rechnung {number}",
                (
                    "Guten Tag,\n\n"
                    "trotz unserer Erinnerung ist die Rechnung {number} vom {date}, fällig am {due}, noch offen. "
                    "Mit Verzugszinsen und Kosten sind es {amount}. Bitte zahlen Sie bis zum {until}.\n\n"
                    "Stimmt etwas nicht mit der Rechnung oder der Lieferung? Dann melden Sie sich bitte bei uns."
                ),
            ),
            "en": (
                "Overdue notice for invoice {number}",
                (
                    "Dear customer,\n\n"
                    "in spite of our reminder invoice {number} of {date}, due on {due}, is still open. With default "
                    "interest and costs it is now {amount}. Please pay by {until}.\n\n"
                    "Is anything wrong with the invoice or the delivery? Then please let us know."
                ),
            ),
        },
    ),
    DefaultLevel(
        "final",
        days=10,
        payment_days=7,
        charges=True,
        texts={
            "de": (
                "Letzte Mahnung zur Rechnung {number}",
                (
                    "Guten Tag,\n\n"
                    "die Rechnung {number} vom {date} war am {due} fällig. Auf unsere Schreiben haben wir weder eine "
                    "Zahlung noch eine Antwort erhalten. Wir setzen Ihnen eine letzte Frist: Zahlen Sie {amount} bis "
                    "zum {until}.\n\n"
                    "Danach leiten wir das gerichtliche Mahnverfahren ein. Die Kosten dafür tragen Sie."
                ),
            ),
            "en": (
                "Last notice for invoice {number}",
                (
                    "Dear customer,\n\n"
                    "invoice {number} of {date} was due on {due}. We have received neither a payment nor an answer to "
                    "our letters. We give you a last term: pay {amount} by {until}.\n\n"
                    "After that we will take legal steps, at your expense."
                ),
            ),
        },
    ),
)
