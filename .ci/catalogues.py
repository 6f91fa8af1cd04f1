#!/usr/bin/env python3
"""Checks that every compiled catalogue in locale/ says what its source says; needs no gettext, only babel.

The .mo files are committed, so that an installation needs no gettext; this finds one that was forgotten.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po


def translations(messages: object) -> dict[object, object]:
    """What a catalogue translates, by context and singular; what is fuzzy or empty is not compiled."""
    found: dict[object, object] = {}
    for message in messages:  # type: ignore[attr-defined]
        if not message.id or message.fuzzy or not (any(message.string) if message.pluralizable else message.string):
            continue
        # Of a compiled catalogue babel gives contexts undecoded, and plurals as lists.
        context = message.context.decode() if isinstance(message.context, bytes) else message.context
        singular = message.id if isinstance(message.id, str) else message.id[0]
        found[context, singular] = message.string if isinstance(message.string, str) else tuple(message.string)
    return found


def main() -> int:
    stale = []
    sources = sorted(Path("locale").glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        compiled = source.with_suffix(".mo")
        if not compiled.exists():
            stale.append(compiled)
            continue
        with source.open("rb") as written, compiled.open("rb") as binary:
            if translations(read_po(written)) != translations(read_mo(binary)):
                stale.append(compiled)
    for path in stale:
        print(f"{path} does not say what its .po file says: run `make messages` and commit the result.")
    print(f"{len(sources)} catalogues, {len(stale)} not current.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
