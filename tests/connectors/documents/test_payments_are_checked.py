"""What cannot be on a payment slip or in a GiroCode is refused with the sentence that says why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents.payment import PaymentError, PaymentPart, epc_code, is_qr_iban, swiss_code, swiss_payload
from connectors.documents.references import scor_reference
from tests.connectors.documents.payments import CREDITOR, DEBTOR, GERMAN_IBAN, QR_IBAN, SWISS_IBAN, girocode, slip
from tests.connectors.documents.samples import invoice

D = Decimal


def payment(**changes: Any) -> PaymentPart:
    found = slip(invoice(1, country="CH"), **changes).payment
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"iban": "CH9300762011623852958"}, "The IBAN “CH9300762011623852958” is not valid; check its digits."),
        ({"iban": GERMAN_IBAN}, f"The account “{GERMAN_IBAN}” is not in Switzerland or Liechtenstein"),
        ({"currency": "USD"}, "A payment slip is in CHF or EUR, not in USD."),
        ({"amount": D(0)}, "The amount 0 cannot be on a payment slip"),
        ({"amount": D("-1")}, "The amount -1 cannot be on a payment slip"),
        ({"amount": D("0.001")}, "The amount 0.001 cannot be on a payment slip"),
        ({"amount": D("1000000000")}, "The amount 1000000000 cannot be on a payment slip"),
        ({"reference": ""}, "A QR-IBAN needs a QR reference of 27 digits."),
        ({"reference": scor_reference("17")}, "A QR-IBAN needs a QR reference of 27 digits."),
        ({"iban": SWISS_IBAN}, f"A QR reference needs a QR-IBAN; “{SWISS_IBAN}” is another IBAN."),
        ({"reference": "0" * 26 + "1"}, "The reference “000000000000000000000000001” is not valid"),
        ({"iban": SWISS_IBAN, "reference": "RF00123"}, "The reference “RF00123” is not valid"),
        ({"message": "x" * 141}, "The message is longer than the 140 characters"),
        ({"message": "漢字"}, "The character “漢” in “漢字” cannot stand on a payment slip."),
        ({"creditor": replace(CREDITOR, name=" ")}, "The name is missing in the address."),
        ({"creditor": replace(CREDITOR, name="x" * 71)}, "is longer than the 70 characters"),
        ({"creditor": replace(CREDITOR, postal_code="")}, "The postal code is missing in the address."),
        ({"creditor": replace(CREDITOR, city="")}, "The city is missing in the address."),
        ({"creditor": replace(CREDITOR, country="")}, "The country is missing in the address."),
        ({"creditor": replace(CREDITOR, country="XX")}, "The country “XX” is none of ISO 3166"),
        ({"debtor": replace(DEBTOR, street="x" * 71)}, "is longer than the 70 characters"),
        ({"debtor": replace(DEBTOR, postal_code="1" * 17)}, "is longer than the 16 characters"),
        ({"debtor": replace(DEBTOR, city="x" * 36)}, "is longer than the 35 characters"),
        ({"debtor": replace(DEBTOR, name="Иван")}, "The character “И” in “Иван” cannot stand on a payment slip."),
        (
            {
                "creditor": replace(CREDITOR, name="ő" * 70, street="ő" * 70, city="ő" * 35),
                "debtor": replace(DEBTOR, name="ő" * 70, street="ő" * 70, city="ő" * 35),
                "message": "ő" * 140,
            },
            "longer than the code of a payment slip can hold",
        ),
    ],
)
def test_a_slip_that_no_bank_would_take_is_not_made(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PaymentError) as refused:
        swiss_code(payment(**changes))
    assert sentence in str(refused.value)
    assert refused.value.sentence % refused.value.values == str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": D("0.01")},
        {"amount": D("999999999.99")},
        {"amount": None, "debtor": None},
        {"currency": "EUR"},
        {"iban": SWISS_IBAN, "reference": ""},
        {"iban": "LI21 0881 0000 2324 013A A", "reference": scor_reference("2026-1")},
        {"creditor": replace(CREDITOR, name="x" * 70, street="", postal_code="1" * 16, city="x" * 35)},
        {"message": "Ÿž €ȘșȚț ¡ÿ"},
    ],
)
def test_the_limits_themselves_are_taken(changes: dict[str, Any]) -> None:
    assert swiss_payload(payment(**changes)).startswith("SPC\r\n0200\r\n1\r\n")


def test_typographic_characters_and_line_breaks_become_plain_ones() -> None:
    lines = swiss_payload(payment(message="l’été – “fin”…\nu\u0308")).split("\r\n")
    assert lines[29] == 'l\'été - "fin"... ü'


@pytest.mark.parametrize(
    ("iban", "answer"),
    [(QR_IBAN, True), ("ch44 3199 9123 0008 8901 2", True), (SWISS_IBAN, False), (GERMAN_IBAN, False), ("CH", False)],
)
def test_a_qr_iban_is_told_from_another(iban: str, answer: bool) -> None:
    assert is_qr_iban(iban) is answer


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "CHF"},
        {"iban": "US64SVBKUS6S3300958879"},
        {"iban": "GB33BUKB20201555555555"},  # outside the EEA: needs a BIC
        {"iban": "DE89370400440532013001"},
        {"amount": None},
        {"amount": D(0)},
        {"amount": D("1000000000")},
        {"creditor": replace(CREDITOR, name="x" * 71)},
        {"bic": "COBA"},
        {"creditor": replace(CREDITOR, name="ő" * 70), "message": "ő" * 120},  # 331 bytes are all it holds
        {"message": ""},
    ],
)
def test_a_giro_code_that_no_bank_would_take_is_not_made(changes: dict[str, Any]) -> None:
    part = girocode(invoice(1), **changes).payment
    assert part is not None
    with pytest.raises(PaymentError, match="There is no GiroCode for this payment"):
        epc_code(part)


def test_a_giro_code_outside_the_eea_is_made_with_a_bic() -> None:
    part = girocode(invoice(1), iban="GB33BUKB20201555555555", bic="BUKBGB22").payment
    assert part is not None
    assert epc_code(part).startswith("<svg")
