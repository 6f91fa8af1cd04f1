"""The tables of the order format, made from connectors.order_schema; only the meanings are written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, get_args, get_origin

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from connectors.order_schema import (
    AddressInput,
    CustomerInput,
    DiscountInput,
    LineInput,
    OrderInput,
    ShippingInput,
)

MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "order": OrderInput,
    "customer": CustomerInput,
    "address": AddressInput,
    "line": LineInput,
    "discount": DiscountInput,
    "shipping": ShippingInput,
}
# Their own check is narrower than the length of the text.
_CODES: Final = frozenset({"country", "currency", "language"})

_ADDRESS: Final[dict[str, str | Promise]] = {
    "company": _("Company. An address needs a company or a name."),
    "name": _("First and last name."),
    "extra": _("A further line, such as department or floor."),
    "street": _("Street and house number."),
    "postal_code": _("Postal code."),
    "city": _("Town."),
    "country": _("ISO 3166-1 code of two letters, as DE."),
}

MEANINGS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "order": {
        "external_id": _("The order's number in the shop system. The same number again is the same order."),
        "number": _("The order number as the customer knows it. Left out: the external_id."),
        "currency": _("ISO 4217 code of three letters, as EUR."),
        "placed_at": _("When the customer ordered."),
        "paid_at": _("When it was paid, if it was."),
        "shipped_at": _("When it was sent off, if it was."),
        "prices_include_tax": _("Whether all prices are gross. Left out: as the connector is set."),
        "customer": _("Who ordered, with the address."),
        "billing_address": _("Where the invoice goes. Left out: the address of the customer."),
        "delivery_address": _("Where the goods go, if elsewhere."),
        "delivery_method": _("How it is sent, as printed on the packing slip."),
        "lines": _("What was ordered, in the order in which it is printed."),
        "discount": _("A discount on the whole order."),
        "shipping": _("What the delivery costs."),
        "note": _("A text printed on the documents; may have several lines."),
        "tax_note": _("The sentence that the invoice needs where no tax is charged."),
    },
    "customer": {
        **_ADDRESS,
        "external_id": _("The customer's number in the shop system. Left out: a guest."),
        "number": _("The customer number as printed on the documents."),
        "email": _("E-mail address."),
        "language": _("Language of the documents, as de or en. Left out: the language of the Space."),
        "vat_number": _("VAT number of the customer."),
        "group": _("The customer's group, as B2B, which rules can look at. Left out: the group that the customer has."),
    },
    "address": _ADDRESS,
    "line": {
        "description": _("What it is, as printed; may have several lines."),
        "quantity": _("How much; more than 0."),
        "unit_price": _("Price of one unit, net or gross as the order says."),
        "tax_rate": _("Tax rate in percent, as 19."),
        "sku": _("Article number."),
        "unit": _("Unit of the quantity, as kg or hours."),
        "discount": _("A discount on this line."),
    },
    "discount": {
        "percent": _("Percent of the amount. Either this or “amount”."),
        "amount": _("An amount in the currency of the order. Either this or “percent”."),
    },
    "shipping": {
        "amount": _("Costs of the delivery, net or gross as the order says."),
        "tax_rate": _("Tax rate in percent, as 19."),
    },
}


def rows(name: str) -> Iterator[tuple[str, str, str, str]]:
    """Field, what it holds, whether it is needed, and its meaning."""
    model = MODELS[name]
    for field, info in model.model_fields.items():
        needed = gettext("yes") if info.is_required() else gettext("no")
        yield field, _holds(field, info), needed, str(MEANINGS[name][field])


def _holds(field: str, info: FieldInfo) -> str:
    inner = [item for item in get_args(info.annotation) if item is not type(None)]
    annotation: Any = inner[0] if inner else info.annotation
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(info.annotation) is tuple:
        return gettext("list of: %(name)s") % {"name": _names()[annotation]}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return gettext("object: %(name)s") % {"name": _names()[annotation]}
    if annotation is str and field not in _CODES:
        longest = next((item.max_length for item in info.metadata if isinstance(item, StringConstraints)), None)
        return gettext("text, at most %(count)s characters") % {"count": longest} if longest else gettext("text")
    words = {
        str: gettext("text"),
        bool: gettext("true or false"),
        Decimal: gettext("a number"),
        datetime: gettext("date and time"),
    }
    return words[annotation]


def _names() -> dict[type[BaseModel], str]:
    titles = {
        "order": gettext("order"),
        "customer": gettext("customer"),
        "address": gettext("address"),
        "line": gettext("line"),
        "discount": gettext("discount"),
        "shipping": gettext("shipping"),
    }
    return {model: titles[name] for name, model in MODELS.items()}
