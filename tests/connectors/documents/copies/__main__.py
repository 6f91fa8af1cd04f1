"""Write what the corpus lacks of today's versions: ``python -m tests.connectors.documents.copies``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from connectors.documents.schemas import SCHEMAS
from tests.connectors.documents.copies import HERE, as_text, shape_file
from tests.connectors.documents.copies.shapes import shape
from tests.connectors.documents.copies.variety import variety


def main() -> None:
    for kind, named in variety().items():
        schema = SCHEMAS[kind]
        folder = HERE / kind / f"v{schema.version}"
        for name, copy in named.items():
            _write(folder / f"{name}.json", schema.write(copy))
        _write(shape_file(schema), shape(schema.data))


def _write(path: Path, value: Any) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(value))
    sys.stdout.write(f"{path.relative_to(HERE)}\n")


if __name__ == "__main__":
    main()
