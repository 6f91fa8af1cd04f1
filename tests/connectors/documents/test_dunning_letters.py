"""Demand 16: the dunning letter is a real paper document, and a copy says that it is one (demand 25)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pypdfium2 as pdfium
import pytest

from connectors.documents.errors import DocumentError
from connectors.documents.notice import NoticeData, NoticeFee, Template
from connectors.documents.payment import PaymentPart, PaymentParty
from connectors.documents.references import scor_reference
from connectors.documents.render import render_notice
from connectors.models import NoticeTemplate
from tests.connectors.documents.notices import notice
from tests.connectors.documents.pdf import metadata, pages, place, words_of

D = Decimal


@pytest.fixture
def slip() -> PaymentPart:
    return PaymentPart(
        kind="qr_bill",
        creditor=PaymentParty(name="Beispiel AG", postal_code="8000", city="Zürich", country="CH"),
        iban="CH9300762011623852957",
        currency="CHF",
        amount=D("1013.15"),
        reference=scor_reference("2026-0042"),
        message="Rechnung 2026-0042",
        language="de",
        placement="page",
    )


def test_every_line_of_the_claim_is_shown_and_they_add_up() -> None:
    text = words_of(render_notice(notice()))
    for line in (
        "2026-0042 vom 31.01.2026 14.02.2026 1.190,00 190,00 1.000,00",
        "Offener Rechnungsbetrag 1.000,00",
        "Mahngebühr aus M2026-0003 vom 02.03.2026 2,50",
        "Mahngebühr 5,00",
        "6,27 % Verzugszinsen auf 1.190,00, 15.02.2026 – 01.03.2026 (15 Tage) 3,07",
        "6,27 % Verzugszinsen auf 1.000,00, 02.03.2026 – 16.03.2026 (15 Tage) 2,58",
        "Zu zahlen bis 26.03.2026 1.013,15 €",
    ):
        assert line in text
    assert D("1000.00") + D("2.50") + D(5) + D("3.07") + D("2.58") == notice().total


def test_a_notice_without_charges_shows_the_open_amount_alone() -> None:
    plain = notice(fees=(), interest=(), fees_total=D(0), interest_total=D(0), total=D("1000.00"))
    text = words_of(render_notice(plain))
    assert "Offener Rechnungsbetrag" not in text
    assert "Zu zahlen bis 26.03.2026 1.000,00 €" in text


def test_a_fee_with_tax_names_the_tax() -> None:
    fee = NoticeFee(level=1, issue_date=notice().issue_date, net=D(10), tax=D("1.90"), gross=D("11.90"), tax_rate=D(19))
    text = words_of(render_notice(notice(fees=(fee,), fees_total=fee.gross, total=D("1017.55"))))
    assert "Mahngebühr (19 % USt. enthalten: 1,90) 11,90" in text


@pytest.mark.parametrize("country", ["DE", "CH"])
def test_the_address_stands_in_the_window(country: str) -> None:
    data = notice(country)
    found = place(render_notice(data), data.billing_address.company)
    left, top = (25, 62.2) if country == "DE" else (118, 55.7)
    assert found.left == pytest.approx(left, abs=1)
    assert found.top == pytest.approx(top, abs=2.5)


def test_it_speaks_the_customers_language() -> None:
    text = words_of(render_notice(notice(language="en", title="Second reminder", text="Please pay.")))
    assert "6.27% default interest on 1,190.00, 15 Feb 2026 – 1 Mar 2026 (15 days) 3.07" in text
    assert "To be paid by 26 Mar 2026 €1,013.15" in text


@pytest.mark.parametrize("template", get_args(Template))
def test_each_level_has_a_letter_of_its_own(template: Template) -> None:
    assert template in NoticeTemplate.values
    pdf = render_notice(notice(template=template))
    assert metadata(pdf)["Title"] == notice().title
    words, total = place(pdf, "Guten Tag,"), place(pdf, "Zu zahlen bis")
    # The last notice puts what is to be paid before all words.
    assert (total.top < words.top) is (template == "final")


def test_the_merchants_words_are_never_markup() -> None:
    text = words_of(render_notice(notice(title="#1 *Mahnung* $x$", text='#panic("x") _ja_ \\ <label> @ref')))
    assert '#panic("x") _ja_ \\ <label> @ref' in text
    assert "#1 *Mahnung* $x$" in text


@pytest.mark.parametrize("part", ["whole", "letter", "slip"])
def test_a_copy_says_so_on_every_page(slip: PaymentPart, part: str) -> None:
    long = "\n\n".join(["Ein langer Absatz, der die Seite füllt. " * 20] * 12)
    data = notice("CH", text=long, payment=slip)
    original = render_notice(data, part=part)  # type: ignore[arg-type]
    copy = render_notice(data, part=part, copy=True)  # type: ignore[arg-type]
    assert not [page for page in pages(original) if "KOPIE" in page]
    assert len(pages(copy)) == len(pages(original))
    assert all("KOPIE" in page for page in pages(copy))


def test_the_slip_over_the_new_total_is_the_last_page_and_can_be_had_alone(slip: PaymentPart) -> None:
    data = notice("CH", payment=slip)
    letter, alone = render_notice(data, part="letter"), render_notice(data, part="slip")
    whole = pages(render_notice(data))
    assert [*pages(letter), *pages(alone)] == whole
    assert "1 013.15" in whole[-1]
    assert "Empfangsschein" not in pages(letter)[0]
    with pytest.raises(DocumentError, match="M2026-0007 has no payment slip"):
        render_notice(notice("CH"), part="slip")


def test_the_same_notice_is_the_same_bytes_also_after_it_was_stored(slip: PaymentPart) -> None:
    data = notice("CH", payment=slip)
    assert render_notice(NoticeData.from_json(data.to_json())) == render_notice(data)


def test_many_words_go_on_on_the_next_page_and_the_sum_stays_together() -> None:
    data = replace(notice(), text="\n\n".join(f"Absatz {number}. " + "Wort " * 40 for number in range(14)))
    pdf = render_notice(data)
    assert len(pdfium.PdfDocument(pdf)) == 2
    [page] = [page for page in pages(pdf) if "Offener Rechnungsbetrag" in page]
    assert "Zu zahlen bis" in page
