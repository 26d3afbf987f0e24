"""Identifiers that are derived, never counted up, so that they stay the same from run to run."""

import hashlib
from functools import lru_cache

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that an id can be read aloud without mistakes."""

_REPORT_ID_CHARS = 8
_PSEUDONYM_CHARS = 8
"""Forty bits: among ten thousand unknown actors two share a pseudonym once in twenty thousand cases."""


@lru_cache(maxsize=1 << 16)  # each step asks for those of all customers, `preview --watch` at each save
def report_id(incident_id: str, customer_id: str) -> str:
    """The id of a customer's report: the incident's id and two groups of four characters.

    Forty bits of SHA-256, in ASCII, with nothing of the customer's name in it; the case check refuses a register
    in which two customers would get the same one.
    """
    chars = _derived(f"report\x00{incident_id}\x00{customer_id}", _REPORT_ID_CHARS)
    return f"{incident_id}-{chars[:4]}-{chars[4:]}"


def derived_pseudonym(incident_id: str, actor_id: str) -> str:
    """The pseudonym of an actor whom no roster knows: the same over a case, and telling nothing of the identity."""
    return "SE-X" + _derived(f"actor\x00{incident_id}\x00{actor_id}", _PSEUDONYM_CHARS)


def action_uid(source_kind: str, source_instance: str, native_uid: str) -> str:
    """SHA-256 over source, instance and the event's own id: the same event keeps it over runs."""
    return hashlib.sha256(f"{action_uid_seed(source_kind, source_instance)}{native_uid}".encode()).hexdigest()


def action_uid_seed(source_kind: str, source_instance: str) -> str:
    """What all ids of one source are derived from, besides the event's own id: for those who make many at once."""
    return f"action\x00{source_kind}\x00{source_instance}\x00"


def spoken(digest: bytes, length: int) -> str:
    """``length`` characters of Crockford's base 32, five bits each, from the beginning of ``digest``."""
    taken = digest[: (5 * length + 7) // 8]
    bits = int.from_bytes(taken) >> (8 * len(taken) - 5 * length)
    return "".join(_ALPHABET[(bits >> (5 * place)) & 31] for place in reversed(range(length)))


def _derived(seed: str, length: int) -> str:
    return spoken(hashlib.sha256(seed.encode()).digest(), length)
