"""Issued documents are copies: nothing that is printed on them changes, and they are not deleted (house rule 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError

from connectors import issued_kinds
from connectors.models import Invoice, InvoiceState, IssuedForGood
from connectors.models.invoice import TRANSITIONS
from spaces.models import Space
from tests.connectors.documents.samples import png
from tests.connectors.factories import invoice_of, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(space: Space) -> Invoice:
    return invoice_of(receive(space))


@pytest.mark.parametrize(
    "change",
    [{"number": "1"}, {"gross": 1}, {"data": {}}, {"issued_on": "2020-01-01"}, {"recipient": "x"}, {"due_on": None}],
)
def test_no_field_that_is_printed_can_be_changed(invoice: Invoice, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(invoice, name, value)
    with pytest.raises(IssuedForGood, match=next(iter(change))):
        invoice.save()
    with pytest.raises(IssuedForGood, match=next(iter(change))):
        Invoice.objects.update(**change)


@pytest.mark.parametrize(
    "delete",
    [
        lambda invoice: invoice.delete(),
        lambda invoice: Invoice.objects.filter(pk=invoice.pk).delete(),
        lambda invoice: invoice.packing_slip.delete(),
    ],
)
def test_no_issued_document_can_be_deleted(invoice: Invoice, delete: Callable[[Any], None]) -> None:
    invoice.packing_slip = invoice.order.packingslip_set.get()  # type: ignore[attr-defined]
    with pytest.raises(IssuedForGood, match="cannot be deleted"):
        delete(invoice)


@pytest.mark.parametrize("delete", [lambda i: i.order.delete(), lambda i: i.order.customer.delete()])
def test_what_it_refers_to_stays_too(invoice: Invoice, delete: Callable[[Any], None]) -> None:
    with pytest.raises(ProtectedError):
        delete(invoice)


def test_its_state_changes_by_the_transitions_there_are(invoice: Invoice) -> None:
    for before in InvoiceState:
        for after in InvoiceState:
            Invoice._base_manager.update(state=before)
            moved = Invoice.objects.filter(pk=invoice.pk).change_state(after)
            assert moved == (after in TRANSITIONS[before])


def test_saving_the_state_is_allowed(invoice: Invoice) -> None:
    invoice.state = InvoiceState.PAID
    invoice.save()
    assert Invoice.objects.get().state == InvoiceState.PAID


def test_the_document_stays_what_it_was_when_the_space_changes(space: Space) -> None:
    space.logo.save("logo.png", ContentFile(png()))
    invoice = invoice_of(receive(space))
    before = issued_kinds.pdf_of(invoice)
    space.company = "Ganz anders GmbH"
    space.logo.save("logo.png", ContentFile(png(120, 40)))
    space.save()
    assert issued_kinds.pdf_of(Invoice.objects.get(pk=invoice.pk)) == before
    assert issued_kinds.pdf_of(invoice_of(receive(space))) != before


def test_a_logo_is_kept_once(space: Space) -> None:
    space.logo.save("logo.png", ContentFile(png()))
    first, second = invoice_of(receive(space)), invoice_of(receive(space))
    assert first.logo_id == second.logo_id is not None
