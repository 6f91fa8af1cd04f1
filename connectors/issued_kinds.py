"""The kinds of documents that business issues: what each is called, and how its PDF is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connectors.documents.errors import DocumentError, NewerCopy
from connectors.documents.payment import Part
from connectors.documents.render import render_credit_note, render_invoice, render_notice, render_packing_slip
from connectors.models import CreditNote, Document, DunningNotice, Invoice, IssuedDocument, PackingSlip
from printing import kinds

# The sheets of a document whose payment slip has a page of its own, for two trays.
INVOICE_LETTER: Final = "invoice_letter"
PAYMENT_SLIP: Final = "payment_slip"
DUNNING_NOTICE: Final = "dunning_notice"
DUNNING_LETTER: Final = "dunning_letter"
DUNNING_SLIP: Final = "dunning_slip"


@dataclass(frozen=True)
class IssuedKind:
    """What a kind of print jobs makes of a document: all of it, or some of its sheets."""

    model: type[IssuedDocument]
    label: str | Promise
    part: Part = "whole"
    has_copies: bool = True


KINDS: Final[dict[str, IssuedKind]] = {
    Document.INVOICE.value: IssuedKind(Invoice, gettext_lazy("Invoice")),
    INVOICE_LETTER: IssuedKind(Invoice, gettext_lazy("Invoice without payment slip"), "letter"),
    PAYMENT_SLIP: IssuedKind(Invoice, gettext_lazy("Payment slip"), "slip"),
    # It goes along with the goods; a second one deceives nobody.
    Document.PACKING_SLIP.value: IssuedKind(PackingSlip, gettext_lazy("Packing slip"), has_copies=False),
    Document.CREDIT_NOTE.value: IssuedKind(CreditNote, gettext_lazy("Credit note")),
    DUNNING_NOTICE: IssuedKind(DunningNotice, gettext_lazy("Dunning notice")),
    DUNNING_LETTER: IssuedKind(DunningNotice, gettext_lazy("Dunning notice without payment slip"), "letter"),
    DUNNING_SLIP: IssuedKind(DunningNotice, gettext_lazy("Payment slip of a dunning notice"), "slip"),
}


def register_kinds() -> None:
    """Tell printing what there is; once, when the app is ready."""
    for key, kind in KINDS.items():
        render: Callable[[int], bytes] = partial(_render, kind, copy=False)
        copy: Callable[[int], bytes] | None = partial(_render, kind, copy=True) if kind.has_copies else None
        kinds.register(kinds.DocumentKind(key, kind.label, render, _admin(kind.model), copy))


def _admin(model: type[IssuedDocument]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _render(kind: IssuedKind, pk: int, *, copy: bool) -> bytes:
    document: IssuedDocument | None = kind.model.objects.select_related("logo").filter(pk=pk).first()
    if document is None:
        raise kinds.SourceGone(f"{kind.model.__name__} {pk}")
    return pdf_of(document, kind.part, copy=copy)


def pdf_of(document: IssuedDocument, part: Part = "whole", *, copy: bool = False) -> bytes:
    """The document as it is printed, or a part of it; a ``copy`` says so. Raises kinds.RenderingFailed, or NotYet."""
    try:
        if isinstance(document, Invoice):
            return render_invoice(document.copy, document.logo_content, part, copy=copy)
        if isinstance(document, DunningNotice):
            return render_notice(document.copy, document.logo_content, part, copy=copy)
        if isinstance(document, CreditNote):
            return render_credit_note(document.copy, document.logo_content, copy=copy)
        assert isinstance(document, PackingSlip)
        return render_packing_slip(document.copy, document.logo_content)
    except NewerCopy as error:
        raise kinds.NotYet(str(error)) from error
    except DocumentError as error:
        raise kinds.RenderingFailed(str(error)) from error


def has_slip_page(document: IssuedDocument) -> bool:
    """Whether the document ends with a page that is only its payment slip, so that it can be printed as two."""
    payment = document.copy.payment if isinstance(document, Invoice | DunningNotice) else None
    return payment is not None and payment.has_own_page


def kind_of(document: IssuedDocument, part: Part = "whole") -> str:
    """The key under which printing knows the document, or a part of it."""
    return next(key for key, kind in KINDS.items() if isinstance(document, kind.model) and kind.part == part)


def whole_of(key: str) -> str:
    """The key of the document that a print job's kind is a part of."""
    kind = KINDS.get(key)
    return key if kind is None else next(whole for whole, other in KINDS.items() if other.model is kind.model)


def document_of(key: str, pk: int) -> IssuedDocument | None:
    """The issued document that jobs and e-mails name by its kind and primary key."""
    kind = KINDS.get(key)
    if kind is None:
        return None
    found: IssuedDocument | None = kind.model.objects.select_related("space", "order", "logo").filter(pk=pk).first()
    return found


def title_of(document: IssuedDocument, part: Part = "whole") -> str:
    """What lists show, in the Space's language whoever caused the job."""
    with translation.override(document.space.language):
        return name_of(document, part)


def name_of(document: IssuedDocument, part: Part = "whole") -> str:
    """A document's kind and number, in the active language."""
    sentences = {
        Invoice: (_("Invoice %(number)s"), _("Invoice %(number)s (payment slip)")),
        PackingSlip: (_("Packing slip %(number)s"), ""),
        CreditNote: (_("Credit note %(number)s"), ""),
        DunningNotice: (_("Dunning notice %(number)s"), _("Dunning notice %(number)s (payment slip)")),
    }
    whole, slip = sentences[type(document)]
    return (slip if part == "slip" else whole) % {"number": document.number}
