"""What issued documents copy: the sender, the addresses, the logo, the language."""

from __future__ import annotations

import hashlib
import logging

from django.conf import settings

from connectors.documents.data import Language, Party, Sender
from connectors.models import FrozenLogo
from connectors.order_schema import AddressInput, CustomerInput
from spaces.models import Space

logger = logging.getLogger(__name__)


def sender_of(space: Space, logo: FrozenLogo | None) -> Sender:
    return Sender(
        company=space.company,
        street=space.street,
        postal_code=space.postal_code,
        city=space.city,
        country=space.country,
        email=space.email,
        phone=space.phone,
        website=space.website,
        vat_number=space.vat_number,
        tax_number=space.tax_number,
        register_text=space.register_entry,
        bank_name=space.bank_name,
        iban=space.iban,
        bic=space.bic,
        logo_sha256=logo.sha256 if logo else "",
    )


def party_of(address: AddressInput, customer: CustomerInput | None = None) -> Party:
    """An address as documents show it; what only the customer has comes from ``customer``."""
    return Party(
        company=address.company,
        name=address.name,
        extra=address.extra,
        street=address.street,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
        email=customer.email if customer else "",
        vat_number=customer.vat_number if customer else "",
    )


def language_of(tag: str) -> str:
    """The language of ours for a customer's language tag; English for those we do not write, empty for none."""
    if not tag:
        return ""
    primary = tag.replace("_", "-").partition("-")[0]
    return primary if primary in dict(settings.LANGUAGES) else "en"


def document_language(language: str) -> Language:
    return "de" if language == "de" else "en"


def read_logo(space: Space) -> bytes | None:
    """The Space's logo. Outside of transactions: the storage may be a network away."""
    if not space.logo:
        return None
    try:
        with space.logo.open("rb") as file:
            return bytes(file.read())
    except OSError:
        # A lost file must not stop the sale: the documents go out without the logo.
        logger.exception("The logo of the Space %s cannot be read", space.slug)
        return None


def logo_as_it_is(space: Space) -> FrozenLogo | None:
    """The logo as a document of this moment would have it; nothing is written."""
    content = read_logo(space)
    if content is None:
        return None
    return FrozenLogo(space=space, sha256=hashlib.sha256(content).hexdigest(), content=content)


def frozen_logo(space: Space, content: bytes | None) -> FrozenLogo | None:
    """The row of a logo as it is now; documents refer to it for ever."""
    if content is None:
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    # Deferred: the bytes are at hand, an order need not read them again.
    logo, _created = FrozenLogo.objects.defer("content").get_or_create(
        space=space, sha256=sha256, defaults={"content": content}
    )
    return logo
