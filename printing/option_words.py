"""What the options of a print job are called where people read: a printer names them by its protocol's keywords."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The names of RFC 8011 section 5.2 and PWG 5100.7 and 5100.13.
OPTION_WORDS: Final[dict[str, str | Promise]] = {
    "copies": _("number of copies"),
    "document-format": _("format of the document"),
    "job-cancel-after": _("time after which it is not to come out any more"),
    "job-name": _("name of the job"),
    "media": _("paper"),
    "media-col": _("paper and tray"),
    "media-size": _("size of the paper"),
    "media-size-name": _("paper"),
    "media-source": _("tray"),
    "media-type": _("kind of paper"),
    "output-bin": _("output tray"),
    "page-ranges": _("single pages"),
    "print-color-mode": _("color"),
    "print-scaling": _("fitting to the paper"),
    "sides": _("printing on one or both sides"),
}


def options_in_words(options: str) -> str:
    """``sides=two-sided-long-edge; copies=200`` as people read it; what has no word stays as the printer said it."""
    return ", ".join(_in_words(item) for item in options.split("; "))


def _in_words(item: str) -> str:
    name, separator, value = item.partition("=")
    word = OPTION_WORDS.get(name)
    if word is None:
        return item
    return f"{word} ({value})" if separator else str(word)
