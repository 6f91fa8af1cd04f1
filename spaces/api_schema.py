"""How the API writes names, amounts and pages of a list."""

from __future__ import annotations

from ninja import Field, Schema
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

MOST = 100


def camel(name: str) -> str:
    """``paid_on`` as programs see it: ``paidOn``."""
    return to_camel(name)


class ApiSchema(Schema):
    """Names in camelCase; a field that is not known here is refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Page(ApiSchema):
    """A part of a list, newest first."""

    limit: int = Field(50, ge=1, le=MOST, description="How many rows at most.")
    before: int | None = Field(None, ge=1, description="Only rows older than this id: “next” of the answer before.")
