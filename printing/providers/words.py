"""Text of others, fit to be stored and shown."""

from __future__ import annotations

_MAX_WORDS = 200


def one_line(value: object, limit: int = _MAX_WORDS) -> str:
    """One line, no control characters, not too much of it; empty for what is no text."""
    text = value if isinstance(value, str) else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:limit]
