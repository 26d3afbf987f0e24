"""Edge: questions to the domain name system. No answer is told apart from the answer that there is nothing."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import dns.exception
import dns.rdatatype
import dns.resolver

Address = IPv4Address | IPv6Address

_SECONDS = 10.0


class UnansweredError(Exception):
    """No name server gave an answer, so nothing is known."""


class Names:
    """What names stand for."""

    def __init__(self, resolver: dns.resolver.Resolver) -> None:
        self._resolver = resolver

    def texts(self, name: str) -> tuple[str, ...]:
        """TXT records, the pieces of each joined without a space (RFC 7208, 3.3; RFC 6376, 3.6.2.2)."""
        return tuple(b"".join(each.strings).decode("utf-8", "replace") for each in self._ask(name, "TXT"))

    def addresses(self, name: str) -> tuple[Address, ...]:
        """A and AAAA records."""
        return tuple(ip_address(each.address) for kind in ("A", "AAAA") for each in self._ask(name, kind))

    def exchangers(self, name: str) -> tuple[str, ...]:
        """Hosts of MX records, the preferred first; "." says that no mail is taken (RFC 7505)."""
        found = sorted((each.preference, each.exchange.to_text().lower()) for each in self._ask(name, "MX"))
        return tuple(host if host == "." else host.rstrip(".") for _, host in found)

    def _ask(self, name: str, kind: str) -> list[Any]:
        """The records of a name.

        Raises:
            UnansweredError: When no server answers, or the name is none.
        """
        try:
            answer = self._resolver.resolve(name, kind, lifetime=_SECONDS, search=False, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise UnansweredError(f"no answer about {name} ({kind}): {type(error).__name__}") from error
        wanted = dns.rdatatype.from_text(kind)
        return [each for each in answer.rrset or () if each.rdtype == wanted]


def system_names() -> Names:
    """As this machine is set up to ask.

    Raises:
        UnansweredError: When it is not set up.
    """
    try:
        return Names(dns.resolver.Resolver())
    except dns.exception.DNSException as error:
        raise UnansweredError(f"this machine knows no name server: {type(error).__name__}") from error
