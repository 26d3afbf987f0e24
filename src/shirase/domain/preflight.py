"""What is to be right about a sender before the first mail: the checks, and the records that they read. Pure.

Sources: SPF RFC 7208, DKIM RFC 6376 and 8301, DMARC RFC 7489, domains that take no mail RFC 7505.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.DOTALL)
_TERM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9_.-]*)([:=/].*)?", re.DOTALL)
_MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})


class Verdict(StrEnum):
    """What a check comes to. ``bad`` is what mails are lost for; ``unknown`` is what could not be found out."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: Which, such as ``spf``.
        verdict: What it comes to.
        what: What was found, in one sentence.
        mend: What the person can do about it; empty when it is good.
    """

    name: str
    verdict: Verdict
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class SpfTerm:
    """One term of a record: a mechanism with its qualifier, or a modifier (RFC 7208, 4.6.1).

    Attributes:
        name: In small letters.
        value: What follows ``:``, ``=`` or, with its slash, ``/``.
        qualifier: ``+``, ``-``, ``~`` or ``?``; empty for a modifier.
    """

    name: str
    value: str
    qualifier: str


def spf_records(texts: Iterable[str]) -> list[str]:
    """Those of a domain's TXT records that are SPF records; more than one is an error (RFC 7208, 4.5)."""
    return [each for each in texts if each.lower() == "v=spf1" or each.lower().startswith("v=spf1 ")]


def parse_spf(record: str) -> tuple[SpfTerm, ...]:
    """The terms of a record, in order.

    Raises:
        ValueError: Saying which term is none.
    """
    terms = []
    for written in record.split()[1:]:
        found = _TERM.fullmatch(written)
        name, rest = (found[2].lower(), found[3] or "") if found else ("", "")
        is_modifier = rest.startswith("=")
        if not found or (is_modifier and found[1]) or (not is_modifier and name not in _MECHANISMS):
            raise ValueError(f"{written!r} is no term of SPF")
        value = rest if rest.startswith("/") else rest[1:]
        if not value and name in {"include", "ip4", "ip6", "exists", "redirect"}:
            raise ValueError(f"{written!r} lacks what it is about")
        terms.append(SpfTerm(name, value, "" if is_modifier else found[1] or "+"))
    return tuple(terms)


def parse_tags(record: str) -> Mapping[str, str]:
    """The tags of a DKIM or DMARC record (RFC 6376, 3.2); what is no tag is left out, the first of two counts."""
    tags: dict[str, str] = {}
    for written in record.split(";"):
        found = _TAG.fullmatch(written)
        if found:
            tags.setdefault(found[1].lower(), found[2])
    return tags


def is_dmarc(record: str) -> bool:
    """Whether a TXT record is one of DMARC (RFC 7489, 6.6.3): the version comes first."""
    return re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", record) is not None


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A public key as it stands in DNS (RFC 6376, 3.6.1).

    Attributes:
        kind: ``rsa`` or ``ed25519``.
        bits: Of an RSA modulus, about; 0 for others.
        is_revoked: Whether ``p=`` is empty: whoever checks must refuse what it signed.
        is_testing: Whether ``t=y`` asks to take failures for nothing.
    """

    kind: str
    bits: int
    is_revoked: bool
    is_testing: bool


def parse_dkim_key(record: str) -> DkimKey:
    """A key record.

    Raises:
        ValueError: When it is none.
    """
    tags = parse_tags(record)
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        raise ValueError("is no DKIM key (v=DKIM1; p=…)")
    try:
        content = b64decode(re.sub(r"\s", "", tags["p"]), validate=True)
    except binascii.Error as error:
        raise ValueError("holds a key that is no base64") from error
    kind = tags.get("k", "rsa").lower()
    # SubjectPublicKeyInfo of RSA is the modulus and 34 (1024 bits) to 38 (2048 bits and more) bytes around it.
    bits = max(0, len(content) - 34) // 32 * 256 if kind == "rsa" else 0
    flags = {each.strip() for each in tags.get("t", "").split(":")}
    return DkimKey(kind, bits, not content, "y" in flags)


def is_below(domain: str, other: str) -> bool:
    """Whether the one domain is the other, or below it."""
    one, two = domain.lower().rstrip("."), other.lower().rstrip(".")
    return one == two or one.endswith("." + two)


def is_aligned(domain: str, author: str, mode: str) -> bool:
    """Whether ``domain`` speaks for the domain in From (RFC 7489, 3.1).

    Relaxed alignment compares organisational domains. Without a list of public suffixes, one has to be below the other:
    two siblings below a domain of your own are taken for strangers, which is told as a warning and never hides a fault.
    """
    if mode.lower() == "s":
        return domain.lower() == author.lower()
    return is_below(domain, author) or is_below(author, domain)
