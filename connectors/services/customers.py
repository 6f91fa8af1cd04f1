"""Customers, known again by what the shop calls them."""

from __future__ import annotations

from connectors.models import Customer
from connectors.order_schema import CustomerInput
from connectors.services.copies import language_of
from spaces.models import Space


def remember(space: Space, known_as: CustomerInput) -> Customer:
    """The customer of an order, with what the order says about them; a guest becomes a customer of their own.

    The latest order is right about a customer; but one that names no group leaves theirs, which may have been chosen by
    hand. Orders and documents hold copies and stay as they are.
    """
    fields = known_as.model_dump(exclude={"external_id"}) | {"language": language_of(known_as.language)}
    if not known_as.group:
        del fields["group"]
    if not known_as.external_id:
        return Customer.objects.create(space=space, **fields)
    customer, created = Customer.objects.get_or_create(space=space, external_id=known_as.external_id, defaults=fields)
    changed = [name for name, value in fields.items() if getattr(customer, name) != value]
    if changed and not created:
        for name in changed:
            setattr(customer, name, fields[name])
        customer.save(update_fields=changed)
    return customer
