"""Which addresses a provider may be reached at: as typed by a person, and as the network resolves them.

A merchant types the address of a printer, and our server connects to it. Without these checks a merchant could make the
server talk to the cloud's metadata service or to the operator's own machines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from printing.providers.errors import ConfigurationProblem, Reason

DEFAULT_PORTS = {"http": 80, "https": 443, "ipp": 631, "ipps": 631}  # RFC 9110 section 4.2; RFC 3510; RFC 7472
TRANSPORT = {"http": "http", "https": "https", "ipp": "http", "ipps": "https"}

# Never a printer, whatever the operator allows: link-local networks, the metadata services of the large clouds (some of
# them in ordinary ranges), "this host", broadcast. Multicast is asked of the address itself.
_NEVER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "100.100.100.200/32",  # Alibaba Cloud
        "168.63.129.16/32",  # Azure
        "192.0.0.192/32",  # Oracle Cloud
        "240.0.0.0/4",
        "::/128",
        "fe80::/10",
        "fd00:ec2::/32",  # AWS over IPv6
        "fd20:ce::254/128",  # Google Cloud over IPv6
    )
)
# An IPv4 address in the last 32 bits: NAT64 (RFC 6052, and of a network's own, RFC 8215), and the form before the
# mapped one (RFC 4291 section 2.5.5.1), whose first addresses are "unspecified" and loopback.
_CARRYING = tuple(ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
_PLAIN_V6 = 0xFFFF
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?\.?")


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address. ``url`` is what is requested (http or https); ``field`` the form input it was typed into."""

    scheme: str
    host: str
    port: int
    path: str
    field: str = ""

    @property
    def url(self) -> str:
        """The address as an http or https URL, without a default port of that scheme."""
        transport = TRANSPORT[self.scheme]
        port = "" if self.port == DEFAULT_PORTS[transport] else f":{self.port}"
        return f"{transport}://{self.netloc_host}{port}{self.path}"

    @property
    def netloc_host(self) -> str:
        """The host as it stands in a URL: an IPv6 address in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def secure(self) -> bool:
        """True when the connection is encrypted from its first byte."""
        return TRANSPORT[self.scheme] == "https"


def parse_address(url: str, *, schemes: Sequence[str] = ("https", "http"), field: str = "") -> Address:
    """Check an address that a person typed.

    Raises ConfigurationProblem ADDRESS_INVALID, ADDRESS_HAS_CREDENTIALS, or ADDRESS_NOT_ALLOWED for an IP address that
    no printer has. A host name is judged later, by the addresses it resolves to (:func:`check_ip`).
    """
    text = url.strip()
    parts = _split(text)
    if parts is None or parts.scheme not in schemes or parts.scheme not in TRANSPORT:
        raise _invalid(text, schemes, field)
    if parts.username is not None or parts.password is not None:
        raise ConfigurationProblem(Reason.ADDRESS_HAS_CREDENTIALS, field=field)
    host = _host(parts)
    port = _port(parts)
    if host is None or port is None:
        raise _invalid(text, schemes, field)
    address = Address(parts.scheme, host, port, _path(parts), field)
    if (literal := _literal(host)) and is_never_allowed(literal):
        raise refused(address.host, field)
    return address


def service_address(url: str, default: str, *, field: str) -> Address:
    """The address of a web service below which every request has its path; the default where none was typed.

    Raises as :func:`parse_address`, and for an address with a query.
    """
    text = url.strip() or default
    address = parse_address(text, field=field)
    if "?" in address.path:
        raise _invalid(text, ("https", "http"), field)
    return address


def check_ip(ip: str, networks: Collection[IPv4Network | IPv6Network] | None) -> bool:
    """Whether a connection to this resolved address is allowed; ``networks`` as in ``ProviderContext``."""
    literal = _literal(ip)
    if literal is None or is_never_allowed(literal):
        return False
    # is_global is False for private, loopback, shared (RFC 6598) and documentation ranges alike.
    return all(networks is None or inner.is_global or _is_in(inner, networks) for inner in _unwrap(literal))


def is_never_allowed(ip: IPv4Address | IPv6Address) -> bool:
    """True for addresses that no printer has, written plainly or wrapped in an IPv6 address."""
    return any(inner.is_multicast or inner.is_unspecified or _is_in(inner, _NEVER) for inner in (ip, *_unwrap(ip)))


def refused(host: str, field: str) -> ConfigurationProblem:
    """The error for an address that is not allowed."""
    return ConfigurationProblem(Reason.ADDRESS_NOT_ALLOWED, {"host": host}, field=field)


def _invalid(text: str, schemes: Sequence[str], field: str) -> ConfigurationProblem:
    # What stands before an @ may be a password that was typed into an address too odd to take apart.
    shown = text.rsplit("@", 1)[-1][:200]
    params = {"address": shown, "schemes": ", ".join(f"{scheme}://" for scheme in schemes)}
    return ConfigurationProblem(Reason.ADDRESS_INVALID, params, field=field)


def _split(text: str) -> SplitResult | None:
    # Blanks, control characters and backslashes are where URL readers disagree about what the host is.
    if not text or len(text) > 1023 or _UNSAFE.search(text):
        return None
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _host(parts: SplitResult) -> str | None:
    host = parts.hostname
    if not host or "%" in host:
        return None
    if _literal(host):
        return host
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_host if _HOST.fullmatch(ascii_host) else None


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        return None
    if port is None:
        return DEFAULT_PORTS[parts.scheme]
    return port if port > 0 else None


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_in(ip: IPv4Address | IPv6Address, networks: Collection[IPv4Network | IPv6Network]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)


def _unwrap(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    """The IPv4 addresses inside an IPv6 one, which is where the packets would end up; otherwise the address itself."""
    if isinstance(ip, IPv4Address):
        return (ip,)
    if ip.teredo:
        return ip.teredo
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is None and int(ip) > _PLAIN_V6 and _is_in(ip, _CARRYING):
        inner = IPv4Address(int(ip) & 0xFFFFFFFF)
    return (inner or ip,)
