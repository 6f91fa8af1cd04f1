"""Versions of frozen copies: what is written is the newest one, what was ever written can be read.

A :class:`Schema` holds all that is known of one kind of copy: its name, the dataclass of today, and for each earlier
version the step that brings it to the next.  The version of today is not a number somewhere else, it is the number of
steps.  So a field that is added, renamed, split or dropped needs two things beside the dataclass:

1. a step at the end of ``steps``, in every kind that holds what was changed (a credit note holds an invoice:
   ``within("invoice", step)`` is its step), and
2. copies of the new version in the corpus (``python -m tests.connectors.documents.copies`` writes them).

A test knows the shape of each version and fails until both are there.

Copies of version 1 were written while fields were still being added to it; the younger ones all have defaults.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from connectors.documents.codec import decode, encode
from connectors.documents.errors import DocumentError, NewerCopy

T = TypeVar("T")
# What a copy holds beside its kind and version, as plain JSON values.
Body: TypeAlias = dict[str, Any]
# From the body of one version to that of the next; it may change the one that it is given.
Step: TypeAlias = Callable[[Body], Body]

_ENVELOPE = frozenset({"kind", "version"})


@dataclass(frozen=True)
class Schema(Generic[T]):
    """A kind of frozen copy.  ``steps[0]`` brings version 1 to version 2, and so on up to that of today.

    A ``bare`` kind says its version only from the second one on: what says none is version 1.
    """

    kind: str
    data: type[T]
    steps: tuple[Step, ...] = ()
    bare: bool = False

    @property
    def version(self) -> int:
        """The version that is written."""
        return len(self.steps) + 1

    def write(self, value: T) -> dict[str, Any]:
        """Return a copy as plain JSON values, with its kind and the version of today."""
        if self.bare and self.version == 1:
            return dict(encode(value))
        return {"kind": self.kind, "version": self.version, **encode(value)}

    def read(self, stored: Any) -> T:
        """Read what ``write`` of this version or an earlier one wrote; ``stored`` stays as it is.

        Raises NewerCopy for a version that is newer than this program, and DocumentError, with what to do about it, for
        another kind, a version that there never was, and fields that the version does not have.
        """
        if not isinstance(stored, dict) or self._said(stored, "kind", self.kind) != self.kind:
            raise DocumentError(f"This is not the stored copy of a document of the kind “{self.kind}”.")
        version = self._known(self._said(stored, "version", 1))
        body = {key: item for key, item in stored.items() if key not in _ENVELOPE}
        return decode(self.data, self._brought_up(body, version), self.kind)

    def _said(self, stored: Body, name: str, unsaid: object) -> Any:
        return stored.get(name, unsaid if self.bare else None)

    def _known(self, version: Any) -> int:
        if type(version) is not int or version < 1:  # not isinstance: True is an int
            raise DocumentError(
                f"The stored copy of the kind “{self.kind}” says version {version!r}, which there never was: "
                "it was changed outside of Pressroom. Restore it from a backup."
            )
        if version > self.version:
            raise NewerCopy(
                f"The stored copy of the kind “{self.kind}” was written by a newer Pressroom "
                f"(version {version}; this one reads up to {self.version}). Update this installation."
            )
        return version

    def _brought_up(self, body: Body, version: int) -> Body:
        if version < self.version:
            # Steps may change what they are given, and this is a row's own value: an issued copy must not change.
            body = copy.deepcopy(body)
        for number, step in enumerate(self.steps[version - 1 :], start=version):
            try:
                body = step(body)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise DocumentError(
                    f"The stored copy of the kind “{self.kind}” cannot be brought from version {number} to "
                    f"{number + 1} ({error!r}): it is not what Pressroom wrote. Restore it from a backup."
                ) from error
        return body


def within(field: str, step: Step) -> Step:
    """The step of a kind that holds something which has a new version: in one field of it, or in each of a list.

    A field that is missing or None stays so.
    """

    def inner(body: Body) -> Body:
        held = body.get(field)
        if isinstance(held, list):
            return {**body, field: [step(item) for item in held]}
        return body if held is None else {**body, field: step(held)}

    return inner
