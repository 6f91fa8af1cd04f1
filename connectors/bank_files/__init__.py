"""Payments in files: bank statements (CAMT) and tables (CSV). Bytes in, entries out; nothing is written here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from connectors.bank_files.camt import read_camt
from connectors.bank_files.entries import BankFile, Entry, FileRefused, Problem
from connectors.bank_files.table import read_csv

__all__ = ["MAX_BYTES", "BankFile", "Entry", "FileRefused", "Problem", "read"]

MAX_BYTES = 20_000_000


def read(content: bytes, file_format: str, currency: str) -> BankFile:
    """Read a file. ``file_format`` is ``camt``, ``csv`` or empty, to be told by its content; ``currency`` is that of
    lines that name none. Raises FileRefused where the file as a whole cannot be read.
    """
    if len(content) > MAX_BYTES:
        raise FileRefused(_("The file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    if not file_format:
        file_format = "camt" if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else "csv"
    return read_camt(content) if file_format == "camt" else read_csv(content, currency)
