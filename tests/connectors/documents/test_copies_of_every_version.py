"""Every copy that was ever issued can be read, printed and added up, and nobody changes its form by accident.

The corpus is in ``copies``; each test goes through all of it and names every offender.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any, get_type_hints

from connectors.documents.credit_note import CreditNoteData
from connectors.documents.data import InvoiceData, PackingSlipData, Party
from connectors.documents.errors import DocumentError
from connectors.documents.notice import NoticeData
from connectors.documents.render import render_credit_note, render_invoice, render_notice, render_packing_slip
from connectors.documents.schemas import SCHEMAS
from connectors.issued_kinds import KINDS
from tests.connectors.documents.copies import Entry, entries, shape_file
from tests.connectors.documents.copies.shapes import shape
from tests.connectors.documents.pdf import words_of
from tests.connectors.documents.sums import wrong_sums

RENDERERS: dict[type[Any], Callable[[Any], bytes]] = {
    InvoiceData: render_invoice,
    PackingSlipData: render_packing_slip,
    CreditNoteData: render_credit_note,
    NoticeData: render_notice,
}
LEAST_COPIES = 3  # of each kind and version: one sample is none
HOW = (
    "Copies of “{kind}” would have another shape than version {version}, which rows have that must stay printable. "
    "Add a step to the schemas of all kinds that hold what you changed (connectors/documents/versions.py), "
    "fill the new fields in copies/variety.py, and run `python -m tests.connectors.documents.copies`. {difference}"
)


def refused(entry: Entry) -> str:
    try:
        entry.schema.read(entry.stored)
    except DocumentError as error:
        return f"{entry.name}: {error}"
    return ""


def test_every_copy_of_every_version_is_read() -> None:
    offenders = [sentence for entry in entries() if (sentence := refused(entry))]
    assert not offenders, "\n".join(offenders)


def test_what_was_read_is_written_in_todays_version_and_comes_back_equal() -> None:
    changed = []
    for entry in entries():
        copy = entry.schema.read(entry.stored)
        written = json.loads(json.dumps(entry.schema.write(copy)))
        if entry.schema.read(written) != copy or written.get("version", 1) != entry.schema.version:
            changed.append(entry.name)
    assert not changed, "\n".join(changed)


def test_every_copy_adds_up() -> None:
    wrong = [f"{entry.name}: {line}" for entry in entries() for line in wrong_sums(entry.schema.read(entry.stored))]
    assert not wrong, "\n".join(wrong)


def test_every_copy_is_printed_with_its_number_and_its_total() -> None:
    printed, missing = 0, []
    for entry in entries():
        copy = entry.schema.read(entry.stored)
        if type(copy) not in RENDERERS:
            continue  # an address is no document
        printed += 1
        text = words_of(RENDERERS[type(copy)](copy))
        missing += [f"{entry.name}: {what}" for what, pattern in must_say(copy) if not re.search(pattern, text)]
    assert not missing, "\n".join(missing)
    assert printed >= LEAST_COPIES * len(RENDERERS)


def must_say(copy: Any) -> Iterator[tuple[str, str]]:
    yield copy.number, re.escape(copy.number)
    if isinstance(copy, InvoiceData):
        yield str(copy.gross), written(copy.gross)
    if isinstance(copy, CreditNoteData):
        yield f"-{copy.invoice.gross}", "[−-]" + written(copy.invoice.gross)
        yield copy.invoice.number, re.escape(copy.invoice.number)
    if isinstance(copy, NoticeData):
        yield str(copy.total), written(copy.total)
    for line in getattr(copy, "lines", ()):
        yield line.description, r"\s*".join(re.escape(word) for word in line.description.split())


def written(amount: Decimal) -> str:
    """An amount however its country writes it: 1,814.52 and 1.814,52 and 1’814.52."""
    whole, decimals = f"{amount:,.2f}".split(".")
    return r"(?<!\d)" + whole.replace(",", "[.,’'  ]?") + "[.,]" + decimals + r"(?!\d)"


def test_every_version_of_every_kind_is_in_the_corpus() -> None:
    there = Counter((entry.schema.kind, entry.version) for entry in entries())
    wanted = {(kind, number) for kind, schema in SCHEMAS.items() for number in range(1, schema.version + 1)}
    assert there.keys() == wanted, "copies of versions that there are not, or none of one that there is"
    assert [what for what, count in there.items() if count < LEAST_COPIES] == []


def test_a_copy_of_another_shape_has_another_version() -> None:
    offenders = []
    for kind, schema in SCHEMAS.items():
        file = shape_file(schema)
        known = json.loads(file.read_text()) if file.exists() else {}
        if difference := difference_of(known, shape(schema.data)):
            offenders.append(HOW.format(kind=kind, version=schema.version, difference=difference))
    assert not offenders, "\n".join(offenders)


def difference_of(known: dict[str, dict[str, str]], today: dict[str, dict[str, str]]) -> str:
    before, after = flat(known), flat(today)
    lost = [f"- {field}: {kind}" for field, kind in before.items() if after.get(field) != kind]
    return "; ".join(lost + [f"+ {field}: {kind}" for field, kind in after.items() if before.get(field) != kind])


def flat(shapes: dict[str, dict[str, str]]) -> dict[str, str]:
    return {f"{name}.{field}": kind for name, said in shapes.items() for field, kind in said.items()}


def test_the_copies_of_today_fill_every_field() -> None:
    """A field that no copy fills is not tried: whatever its step does to it would pass."""
    today = [entry for entry in entries() if entry.version == entry.schema.version]
    filled = {field for entry in today for field in filled_fields(entry.schema.read(entry.stored))}
    there_are = {field for schema in SCHEMAS.values() for field in flat(shape(schema.data))}
    assert sorted(there_are - filled) == []


def filled_fields(value: Any) -> Iterator[str]:
    """Class and field of all that is not as it would be if it had not been given."""
    if isinstance(value, tuple):
        for item in value:
            yield from filled_fields(item)
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            held = getattr(value, field.name)
            if held != field.default:
                yield f"{type(value).__name__}.{field.name}"
                yield from filled_fields(held)


def test_every_issued_document_is_a_kind_with_versions() -> None:
    """A new kind of document cannot come without a schema, a corpus and a way to print it in these tests."""
    copies = {get_type_hints(vars(kind.model)["copy"].fget)["return"] for kind in KINDS.values()}
    assert copies == RENDERERS.keys()
    assert {schema.data for schema in SCHEMAS.values()} == copies | {Party}
