"""Which servers may send for a domain (RFC 7208), asked of the domain name system.

Small on purpose: the two libraries that exist are a source-only package of 2020 and one that brings two HTTP clients.
Macros are told, not expanded: who uses them knows, and nothing is guessed.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

from shirase.delivery.names import Address, Names, UnansweredError
from shirase.domain.preflight import SpfTerm, parse_spf, spf_records

MOST_LOOKUPS = 10
"""Terms that make whoever checks ask once more (RFC 7208, 4.6.4)."""

MOST_VOID = 2
"""Questions without an answer (same place)."""

_ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})


class SpfResult(StrEnum):
    """RFC 7208, 2.6."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the word of the standard
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


_RESULTS = {"+": SpfResult.PASS, "-": SpfResult.FAIL, "~": SpfResult.SOFTFAIL, "?": SpfResult.NEUTRAL}


@dataclass(frozen=True, slots=True)
class SpfFound:
    """What came of it.

    Attributes:
        result: For the address asked about.
        lookups: How many terms made ask.
        reason: Of an error, in words.
        is_partial: Whether there are macros or ``ptr``, which were not followed.
    """

    result: SpfResult
    lookups: int
    reason: str = ""
    is_partial: bool = False


class _StopError(Exception):
    def __init__(self, result: SpfResult, reason: str) -> None:
        super().__init__(reason)
        self.result = result


def check_spf(names: Names, domain: str, address: Address | None) -> SpfFound:
    """Whether ``address`` may send for ``domain``; None walks through all of the record, which finds its errors."""
    walk = _Walk(names, address)
    try:
        return SpfFound(walk.result_of(domain), walk.lookups, is_partial=walk.is_partial)
    except _StopError as stopped:
        return SpfFound(stopped.result, walk.lookups, str(stopped), walk.is_partial)


class _Walk:
    def __init__(self, names: Names, address: Address | None) -> None:
        self._names, self._address = names, address
        self.lookups, self._void, self.is_partial = 0, 0, False

    def result_of(self, domain: str) -> SpfResult:
        try:
            records = spf_records(self._names.texts(domain))
        except UnansweredError as error:
            raise _StopError(SpfResult.TEMPERROR, str(error)) from error
        if not records:
            return SpfResult.NONE
        if len(records) > 1:
            raise _StopError(SpfResult.PERMERROR, f"{domain} has {len(records)} SPF records, and may have one")
        try:
            terms = parse_spf(records[0])
        except ValueError as error:
            raise _StopError(SpfResult.PERMERROR, f"{domain}: {error}") from error
        return self._walk(domain, terms)

    def _walk(self, domain: str, terms: tuple[SpfTerm, ...]) -> SpfResult:
        redirect = ""
        for term in terms:
            if term.name in _ASKING and (term.qualifier or term.name == "redirect"):
                self._count()
            if not term.qualifier:
                redirect = term.value if term.name == "redirect" else redirect
            elif self._matches(domain, term):
                return _RESULTS[term.qualifier]
        if redirect and not any(term.name == "all" for term in terms):
            return self._follow(redirect)
        return SpfResult.NEUTRAL

    def _matches(self, domain: str, term: SpfTerm) -> bool:
        if "%" in term.value or term.name == "ptr":
            self.is_partial = True
            return False
        if term.name == "all":
            return self._address is not None
        if term.name == "include":
            return self._follow(term.value) is SpfResult.PASS
        if term.name in {"ip4", "ip6"}:
            return self._is_in(term.value, term.value)
        name, _, prefix = term.value.partition("/")
        name = name or domain
        if term.name == "exists":
            return bool(self._ask(name)) and self._address is not None
        hosts = self._exchangers(name) if term.name == "mx" else (name,)
        found = [each for host in hosts for each in self._ask(host)]
        return any(self._is_near(each, prefix, term.value) for each in found)

    def _follow(self, domain: str) -> SpfResult:
        result = self.result_of(domain)
        if result is SpfResult.NONE:
            raise _StopError(SpfResult.PERMERROR, f"{domain}, which the record names, has no SPF record")
        return result

    def _exchangers(self, name: str) -> tuple[str, ...]:
        try:
            found = self._names.exchangers(name)
        except UnansweredError as error:
            raise _StopError(SpfResult.TEMPERROR, str(error)) from error
        if len(found) > MOST_LOOKUPS:
            raise _StopError(SpfResult.PERMERROR, f"{name} has more than {MOST_LOOKUPS} MX records")
        self._count_void(found, name)
        return tuple(each for each in found if each != ".")

    def _ask(self, name: str) -> tuple[Address, ...]:
        try:
            found = self._names.addresses(name)
        except UnansweredError as error:
            raise _StopError(SpfResult.TEMPERROR, str(error)) from error
        self._count_void(found, name)
        return found

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _StopError(SpfResult.PERMERROR, f"it takes more than {MOST_LOOKUPS} look-ups")

    def _count_void(self, found: tuple[object, ...], name: str) -> None:
        self._void += not found
        if self._void > MOST_VOID:
            raise _StopError(SpfResult.PERMERROR, f"more than {MOST_VOID} names stand for nothing, the last {name}")

    def _is_near(self, host: Address, prefix: str, written: str) -> bool:
        """Whether the address is in the network around a host: ``/24`` for IPv4, ``//64`` for IPv6 (RFC 7208, 5.6)."""
        four, _, six = prefix.partition("/")
        length = four if host.version == 4 else six
        return self._is_in(f"{host}/{length}" if length else str(host), written)

    def _is_in(self, network: str, written: str) -> bool:
        try:
            found = ip_network(network, strict=False)
        except ValueError as error:
            raise _StopError(SpfResult.PERMERROR, f"{written!r} is no network") from error
        return self._address is not None and self._address.version == found.version and self._address in found
