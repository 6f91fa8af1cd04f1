"""What can go wrong with a document."""

from __future__ import annotations


class DocumentError(ValueError):
    """The document cannot be read or made; the message is a sentence that says why.  Trying again does not help."""


class NewerCopy(DocumentError):
    """A newer program wrote the copy, and can read it: trying again helps while an update is under way."""
