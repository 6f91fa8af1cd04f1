"""What can go wrong with a document."""

from __future__ import annotations


class DocumentError(ValueError):
    """The document cannot be read or made; the message is a sentence that says why.  Trying again does not help."""
