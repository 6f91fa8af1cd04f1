"""Which connector an order comes through."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from connectors.models import Connector, Document, Event, PrintRule
from connectors.order_errors import OrderRefused
from spaces.models import Space

DEFAULT_KEY: Final = "default"
_DEFAULT_RULES: Final = (
    (Event.RECEIVED, Document.INVOICE),
    (Event.RECEIVED, Document.PACKING_SLIP),
    (Event.CREDIT_NOTE_ISSUED, Document.CREDIT_NOTE),
)


def connector_for(space: Space, key: str | None = None) -> Connector:
    """The connector of that key; without a key the only one of the Space, or the one whose key is “default”.

    A Space without any gets one when its first order comes: it prints invoice and packing slip when an order is
    received, and credit notes. Raises OrderRefused.
    """
    connectors: list[Connector] = list(Connector.objects.in_space(space))
    if not connectors and key in {None, DEFAULT_KEY}:
        return create_default_connector(space)
    by_key = {connector.key: connector for connector in connectors}
    found = by_key.get(key or DEFAULT_KEY)
    if found is None and key is None and len(connectors) == 1:
        found = connectors[0]
    if found is None:
        raise OrderRefused([_unknown(space, key, sorted(by_key))])
    if not found.active:
        raise OrderRefused([_("The connector “%(key)s” is inactive and takes no orders.") % {"key": found.key}])
    return found


@transaction.atomic
def create_default_connector(space: Space) -> Connector:
    """The connector that Spaces begin with. Of two who create it, one waits for the other and finds it."""
    with translation.override(space.language):
        name = _("Orders")
    connector, created = Connector.objects.get_or_create(space=space, key=DEFAULT_KEY, defaults={"name": name})
    if created:
        PrintRule.objects.bulk_create(
            PrintRule(connector=connector, event=event, document=document) for event, document in _DEFAULT_RULES
        )
    return connector


def _unknown(space: Space, key: str | None, keys: list[str]) -> str:
    if key is None:
        sentence = _("The Space “%(space)s” has several connectors; name one of: %(keys)s.")
    else:
        sentence = _("The Space “%(space)s” has no connector “%(key)s”; it has: %(keys)s.")
    return sentence % {"space": space.slug, "key": key, "keys": ", ".join(keys) or "–"}
