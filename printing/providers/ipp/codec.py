"""IPP messages as octets, RFC 8010 section 3: :func:`encode` and :func:`decode` raise CodecError and nothing else.

Own code because no library writes ``media-col``, and trays are what it is all about.
"""

from __future__ import annotations

from printing.providers.ipp.decoder import decode
from printing.providers.ipp.encoder import encode
from printing.providers.ipp.values import CodecError

__all__ = ["CodecError", "decode", "encode"]
