"""Whom an encrypted connection trusts: a confirmed certificate, an authority of one's own, and nobody else.

Checked in the handshake, so that a server nobody trusts has never read a byte of a document or a password.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from printing.providers.base import ProviderContext
from printing.providers.errors import ConfigurationProblem, Reason
from printing.providers.http import HttpDoor, parse_address
from printing.providers.trust import Certificate, Trust, pairs, trust_of
from tests.fakes.certificates import Identity, identity
from tests.fakes.peer import Peer, peer, response

NO_TRUST = Trust()


@contextmanager
def _server(shown: Identity, directory: Path) -> Iterator[Peer]:
    """A peer over TLS that answers every request, and remembers those it could read."""
    tls = shown.server(directory)

    def script(found: Peer, connection: socket.socket) -> None:
        try:
            secured = tls.wrap_socket(connection, server_side=True)
        except ssl.SSLError:
            return
        with secured:
            while True:
                found.read_request(secured)
                secured.sendall(response(200, b"yes"))

    with peer(script) as found:
        yield found


def _post(context: ProviderContext, found: Peer, trust: Trust | None, *, harmless: bool = False) -> bytes:
    address = parse_address(found.url(scheme="https"))
    return HttpDoor(context).exchange("POST", address, body=b"document", trust=trust, harmless=harmless).body


def _refusal(context: ProviderContext, found: Peer, trust: Trust | None) -> ConfigurationProblem:
    with pytest.raises(ConfigurationProblem) as caught:
        _post(context, found, trust)
    assert found.requests == []
    return caught.value


def test_what_nobody_vouches_for_is_shown_and_gets_nothing(context: ProviderContext, tmp_path: Path) -> None:
    shown = identity()
    with _server(shown, tmp_path) as found:
        error = _refusal(context, found, NO_TRUST)
    assert (error.reason, error.field) == (Reason.CERTIFICATE_UNVERIFIED, "fingerprint")
    assert error.params["fingerprint"] == pairs(shown.fingerprint)
    assert error.params["subject"] == "CN=localhost"
    assert str(error.params["valid_until"]) == shown.certificate.not_valid_after_utc.isoformat()


def test_where_nothing_can_be_confirmed_it_is_refused_plainly(context: ProviderContext, tmp_path: Path) -> None:
    with _server(identity(), tmp_path) as found:
        error = _refusal(context, found, None)
        assert (error.reason, found.connections) == (Reason.TLS_FAILED, 1)


@pytest.mark.parametrize("days", [1, -1])
@pytest.mark.parametrize("name", ["localhost", "another-name"])
def test_the_confirmed_certificate_is_accepted_whatever_it_says_of_itself(
    context: ProviderContext, tmp_path: Path, name: str, days: int
) -> None:
    shown = identity(name, days=days)
    with _server(shown, tmp_path) as found:
        assert _post(context, found, Trust(shown.fingerprint)) == b"yes"


def test_another_certificate_than_the_confirmed_one_gets_nothing(context: ProviderContext, tmp_path: Path) -> None:
    confirmed, now = identity(), identity()
    with _server(now, tmp_path) as found:
        error = _refusal(context, found, Trust(confirmed.fingerprint))
    assert (error.reason, error.field) == (Reason.CERTIFICATE_CHANGED, "fingerprint")
    assert error.params["fingerprint"] == pairs(now.fingerprint)


def test_a_pin_holds_against_a_certificate_that_an_authority_vouches_for(
    context: ProviderContext, tmp_path: Path
) -> None:
    authority = identity("Authority")
    with _server(identity(signed_by=authority), tmp_path) as found:
        error = _refusal(context, found, Trust(identity().fingerprint, authority.pem))
    assert error.reason is Reason.CERTIFICATE_CHANGED


def test_an_authority_of_ones_own_vouches(context: ProviderContext, tmp_path: Path) -> None:
    authority = identity("Authority")
    with _server(identity(signed_by=authority), tmp_path) as found:
        assert _post(context, found, Trust(authorities=authority.pem)) == b"yes"


@pytest.mark.parametrize("fault", ["another authority", "another name", "run out"])
def test_an_authority_vouches_only_for_its_own_their_names_and_their_time(
    context: ProviderContext, tmp_path: Path, fault: str
) -> None:
    authority = identity("Authority")
    signer = identity("Authority") if fault == "another authority" else authority
    name = "another-name" if fault == "another name" else "localhost"
    shown = identity(name, signed_by=signer, days=-1 if fault == "run out" else 1)
    with _server(shown, tmp_path) as found:
        assert _refusal(context, found, Trust(authorities=authority.pem)).reason is Reason.CERTIFICATE_UNVERIFIED


def test_what_the_surroundings_trust_is_not_trusted_here(
    context: ProviderContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = identity()
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(shown.pem)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(bundle))
    with _server(shown, tmp_path) as found:
        _refusal(context, found, NO_TRUST)
        _refusal(context, found, Trust(identity().fingerprint))
        assert _post(context, found, Trust(shown.fingerprint)) == b"yes"


def test_a_kept_connection_serves_only_the_trust_it_was_verified_for(context: ProviderContext, tmp_path: Path) -> None:
    shown, door = identity(), HttpDoor(context)
    with _server(shown, tmp_path) as found:
        address = parse_address(found.url(scheme="https"))
        for _ in range(2):
            door.exchange("POST", address, trust=Trust(shown.fingerprint), harmless=True)
        assert found.connections == 1
        for trust in (NO_TRUST, Trust(identity().fingerprint)):
            with pytest.raises(ConfigurationProblem):
                door.exchange("POST", address, trust=trust, harmless=True)
        assert len(found.requests) == 2


def test_a_certificate_is_not_even_looked_at_where_no_printer_may_be(context: ProviderContext, tmp_path: Path) -> None:
    guarded = replace(context, printer_networks=(ip_network("192.168.1.0/24"),))
    with _server(identity(), tmp_path) as found:
        assert _refusal(guarded, found, NO_TRUST).reason is Reason.ADDRESS_NOT_ALLOWED
        assert found.connections == 0


DIGEST = "ab" * 32


@pytest.mark.parametrize("typed", [DIGEST, DIGEST.upper(), pairs(DIGEST), f" SHA256:{DIGEST}\n", f"sha-256={DIGEST}"])
def test_a_fingerprint_may_be_typed_as_tools_print_it(typed: str) -> None:
    assert trust_of(typed, "", secure=True) == Trust(DIGEST)


@pytest.mark.parametrize("typed", ["ab" * 20, "ab" * 31 + "zz", "ab" * 33, "none"])
def test_what_is_no_fingerprint_is_refused_at_its_input(typed: str) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        trust_of(typed, "", secure=True)
    assert (caught.value.reason, caught.value.field) == (Reason.FINGERPRINT_INVALID, "fingerprint")


@pytest.mark.parametrize("typed", ["certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_is_refused_at_its_input(typed: str) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        trust_of("", typed, secure=True)
    assert (caught.value.reason, caught.value.field) == (Reason.CA_BUNDLE_INVALID, "ca_bundle")


def test_a_private_key_is_not_taken_for_safekeeping(tmp_path: Path) -> None:
    authority = identity("Authority")
    authority.server(tmp_path)
    [key_and_certificate] = tmp_path.glob("*.pem")
    with pytest.raises(ConfigurationProblem) as caught:
        trust_of("", key_and_certificate.read_text(), secure=True)
    assert caught.value.reason is Reason.CA_BUNDLE_INVALID
    assert "PRIVATE" not in f"{caught.value} {caught.value.params}"


def test_a_pin_without_encryption_would_protect_nothing_and_is_refused() -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        trust_of(DIGEST, "", secure=False)
    assert (caught.value.reason, caught.value.field) == (Reason.TRUST_NEEDS_TLS, "url")


def test_a_certificate_made_against_the_rules_still_has_a_fingerprint() -> None:
    certificate = Certificate.of(b"\x30\x03odd")
    assert len(certificate.fingerprint) == 95
    assert certificate.params["subject"] == "?"
