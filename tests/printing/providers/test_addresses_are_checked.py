"""An address that a merchant types is read one way only, and leads to nothing but a printer."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from printing.providers.addresses import check_ip, parse_address
from printing.providers.errors import ConfigurationProblem, Reason

IPP = ("ipp", "ipps", "http", "https")


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("ipp://printer/ipp/print", "http://printer:631/ipp/print"),
        ("ipps://printer/ipp/print", "https://printer:631/ipp/print"),
        ("ipp://printer:8631", "http://printer:8631/"),
        ("http://printer/x?y=1#z", "http://printer/x?y=1"),
        ("https://printer:443/x", "https://printer/x"),
        ("  IPP://Printer.Local./ipp ", "http://printer.local.:631/ipp"),
        ("ipp://[2001:db8::1]:631/ipp", "http://[2001:db8::1]:631/ipp"),
        ("ipp://büro.example/ipp", "http://xn--bro-hoa.example:631/ipp"),
        ("ipp://print_server/ipp", "http://print_server:631/ipp"),
    ],
)
def test_it_becomes_the_url_that_is_requested(typed: str, url: str) -> None:
    assert parse_address(typed, schemes=IPP).url == url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "printer",
        "//printer/ipp",
        "file:///etc/passwd",
        "ftp://printer/",
        "ipp:///ipp/print",
        "ipp://",
        "ipp://:631/",
        "ipp://printer:0/",
        "ipp://printer:65536/",
        "ipp://printer:six/",
        "ipp://pri nter/",
        "ipp://printer/\r\nHost: other",
        "ipp://printer\\@other/",
        "ipp://[::1/",
        "ipp://[fe80::1%25eth0]/",
        "ipp://-printer/",
        "ipp://a..b/",
        f"ipp://{'a' * 64}.example/",
        f"ipp://printer/{'x' * 1100}",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        parse_address(typed, schemes=IPP, field="url")
    assert (caught.value.reason, caught.value.field) == (Reason.ADDRESS_INVALID, "url")
    assert caught.value.params["schemes"] == "ipp://, ipps://, http://, https://"


@pytest.mark.parametrize("typed", ["ipp://me:secret@printer/", "ipp://me@printer/", "ipp://:secret@printer/"])
def test_a_password_in_the_address_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        parse_address(typed, schemes=IPP)
    assert caught.value.reason is Reason.ADDRESS_HAS_CREDENTIALS
    assert "secret" not in f"{caught.value} {caught.value.params}"


def test_a_password_in_an_address_that_makes_no_sense_is_not_repeated_either() -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        parse_address("ftp://me:secret@printer/", schemes=IPP)
    assert "secret" not in f"{caught.value} {caught.value.params}"


NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "255.255.255.255",
    "100.100.100.200",
    "168.63.129.16",
    "::",
    "fe80::1",
    "ff02::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::169.254.169.254",  # the form before the mapped one, RFC 4291 section 2.5.5.1
    "64:ff9b:1::a9fe:a9fe",  # a network's own NAT64, RFC 8215
    "2001:0:a9fe:a9fe::1",  # Teredo: the server, and the client in complement (RFC 4380 section 4)
    "2001:0:5db8:d822:0:0:5601:5601",
    "fd00:ec2::23",
    "fd20:ce::254",
]


@pytest.mark.parametrize("ip", NEVER)
def test_an_address_that_no_printer_has_is_refused_as_typed(ip: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    with pytest.raises(ConfigurationProblem) as caught:
        parse_address(f"ipp://{host}/ipp", schemes=IPP)
    assert caught.value.reason is Reason.ADDRESS_NOT_ALLOWED


@pytest.mark.parametrize("ip", NEVER)
def test_an_address_that_no_printer_has_is_refused_whatever_networks_are_allowed(ip: str) -> None:
    assert not check_ip(ip, None)
    assert not check_ip(ip, (ip_network("0.0.0.0/0"), ip_network("::/0")))


PRIVATE = ["10.1.2.3", "192.168.1.9", "172.16.0.1", "127.0.0.1", "100.64.0.1", "::1", "fd12::1", "::ffff:10.0.0.1"]
WRAPPED = ["64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "2002:a00:1::1", "::10.0.0.1", "2001:0:5db8:d822:0:0:f5ff:fffe"]


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_addresses_are_allowed_where_the_operator_names_no_networks(ip: str) -> None:
    assert check_ip(ip, None)


@pytest.mark.parametrize("ip", PRIVATE + WRAPPED)
def test_private_addresses_are_refused_where_the_operator_names_none_of_theirs(ip: str) -> None:
    assert not check_ip(ip, ())
    assert not check_ip(ip, (ip_network("192.168.2.0/24"),))


def test_private_addresses_are_allowed_in_the_networks_that_are_named() -> None:
    networks = (ip_network("192.168.1.0/24"), ip_network("fd12::/16"))
    assert check_ip("192.168.1.9", networks)
    assert check_ip("::ffff:192.168.1.9", networks)
    assert check_ip("fd12::1", networks)
    assert not check_ip("192.168.2.9", networks)


@pytest.mark.parametrize("ip", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_need_no_permission(ip: str) -> None:
    assert check_ip(ip, ())


def test_what_is_no_address_at_all_is_not_allowed() -> None:
    assert not check_ip("printer", None)
