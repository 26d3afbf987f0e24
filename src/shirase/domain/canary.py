"""Canaries: a code for each customer that stands on all pages and copies of its report, and nowhere else."""

import hashlib
import hmac

from shirase.domain.identifiers import spoken

_CHARS = 12


def canary(key: bytes, incident_id: str, customer_id: str) -> str:
    """The code of a customer: three groups of four characters, sixty bits of HMAC-SHA-256 (RFC 2104) under ``key``.

    Nobody without the key can tell whose a code is, or make one; so a code on a page proves where the page came from.
    """
    digest = hmac.new(key, f"canary\x00{incident_id}\x00{customer_id}".encode(), hashlib.sha256).digest()
    chars = spoken(digest, _CHARS)
    return "-".join((chars[:4], chars[4:8], chars[8:]))
