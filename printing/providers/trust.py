"""Whom an encrypted connection trusts: a certificate that was confirmed, authorities of one's own, or the known ones.

Most printers show a certificate that they made themselves. Nobody vouches for it, but a person can compare its
fingerprint with the one in the printer's own menu; from then on exactly this certificate is expected.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from cryptography import x509

from printing.providers.errors import ConfigurationProblem, Reason

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


@dataclass(frozen=True, slots=True)
class Trust:
    """What the other end has to show. Neither given: a certificate of a known authority, for the name of the host.

    ``fingerprint`` is the SHA-256 of the one certificate that is accepted, 64 hexadecimal digits; its names and dates
    do not matter then. ``authorities`` are certificates in PEM that may vouch, in place of the known ones.
    """

    fingerprint: str = ""
    authorities: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server presented: the fingerprint in pairs, as printers show it; the dates in ISO 8601."""

    fingerprint: str
    subject: str = ""
    valid_from: str = ""
    valid_until: str = ""

    @classmethod
    def of(cls, der: bytes) -> Certificate:
        """Read a certificate; of one that is not made by the rules the fingerprint alone."""
        fingerprint = pairs(hashlib.sha256(der).hexdigest())
        try:
            found = x509.load_der_x509_certificate(der)
            subject = found.subject.rfc4514_string()[:200]
            dates = found.not_valid_before_utc.isoformat(), found.not_valid_after_utc.isoformat()
        except ValueError:
            return cls(fingerprint)
        return cls(fingerprint, subject, *dates)

    @property
    def params(self) -> dict[str, str | int]:
        """For the sentence that asks a person to confirm it."""
        return {
            "fingerprint": self.fingerprint,
            "subject": self.subject or "?",
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }


def trust_of(fingerprint: str, authorities: str, *, secure: bool) -> Trust:
    """Read what was entered. The names of the arguments are those of the form's inputs.

    Raises ConfigurationProblem FINGERPRINT_INVALID, CA_BUNDLE_INVALID, or TRUST_NEEDS_TLS where ``secure`` is not: no
    certificate is shown then, and a person who entered one would believe that it is checked.
    """
    trust = Trust(_digest(fingerprint), _bundle(authorities))
    if (trust.fingerprint or trust.authorities) and not secure:
        raise ConfigurationProblem(Reason.TRUST_NEEDS_TLS, field="url")
    return trust


def pairs(digest: str) -> str:
    """A digest as people compare it: capital letters, a colon after each two."""
    return ":".join(digest[index : index + 2] for index in range(0, len(digest), 2)).upper()


def _digest(text: str) -> str:
    digest = re.sub(r"[\s:]|^sha-?256[=:]?", "", text.strip().lower())
    if digest and not _SHA256.fullmatch(digest):
        raise ConfigurationProblem(Reason.FINGERPRINT_INVALID, field="fingerprint")
    return digest


def _bundle(text: str) -> str:
    pem = text.strip()
    if not pem:
        return ""
    try:
        certificates = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        certificates = []
    if not certificates or _PRIVATE.search(pem):
        raise ConfigurationProblem(Reason.CA_BUNDLE_INVALID, field="ca_bundle")
    return pem
