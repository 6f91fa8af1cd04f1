"""All kinds of frozen copies that rows hold."""

from __future__ import annotations

from typing import Any, Final

from connectors.documents.credit_note import CREDIT_NOTE
from connectors.documents.data import ADDRESS, INVOICE, PACKING_SLIP
from connectors.documents.notice import DUNNING_NOTICE
from connectors.documents.versions import Schema

SCHEMAS: Final[dict[str, Schema[Any]]] = {
    schema.kind: schema for schema in (ADDRESS, INVOICE, PACKING_SLIP, CREDIT_NOTE, DUNNING_NOTICE)
}
