"""The journal: what was done, in order, each entry bound to the one before by SHA-256. Pure.

The canonical form is JSON (RFC 8259) with sorted keys, no spaces, UTF-8: what is hashed is what is stored, and anybody
can hash it again with other tools. Binding entries to their predecessors follows RFC 9162's aim with a plain chain: the
journal of one incident is short enough to be read whole.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

ORIGIN = "0" * 64
"""What the first entry follows."""


class Kind(StrEnum):
    """What an entry says was done."""

    OPERATOR = "operator"
    POLICY = "policy"
    DEADLINES = "deadlines"
    REGISTERED = "registered"
    SUBMITTED = "submitted"
    OPENED = "opened"
    APPROVED = "approved"
    GLASS_ASKED = "glass_asked"
    GLASS_BROKEN = "glass_broken"
    REVOKED = "revoked"
    RETURNED = "returned"
    SEALED = "sealed"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    RELEASED = "released"
    COMMENTED = "commented"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    STEP_BEGUN = "step_begun"
    STEP_ENDED = "step_ended"
    STEP_RECOVERED = "step_recovered"
    RECIPIENTS_SUBMITTED = "recipients_submitted"
    RECIPIENTS_APPROVED = "recipients_approved"
    RECIPIENTS_REVOKED = "recipients_revoked"
    PLANNED = "planned"
    DELIVERY = "delivery"
    CAME_BACK = "came_back"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry as it is stored, every value text but the number.

    Attributes:
        number: 1 and up, without gaps.
        at: When, UTC, as ISO 8601 with microseconds.
        operator: Who.
        what: A :class:`Kind`.
        subject: Which report, customer, comment or operator.
        detail: Everything the entry changed, in canonical form: the state can be made again from it.
        before: Digest of the subject's state before, empty when there was none.
        after: Digest of it afterwards.
        previous: Digest of the entry before.
        digest: Of all of the above.
    """

    number: int
    at: str
    operator: str
    what: str
    subject: str
    detail: str
    before: str
    after: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the journal, or the state, is not what it was.

    Attributes:
        where: Entry, or table and row.
        what: What is wrong with it.
    """

    where: str
    what: str


def canonical(value: Any) -> str:
    """``value`` as JSON in the one form that is hashed.

    Raises:
        ValueError: For what JSON cannot say, a lone surrogate included.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    text.encode()
    return text


def digest_text(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(instant: datetime) -> str:
    """An instant as the journal writes it."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def entry_digest(values: Mapping[str, Any]) -> str:
    """Digest of an entry from all its values but the digest itself."""
    return digest_text(canonical({key: value for key, value in values.items() if key != "digest"}))


def find_breaks(entries: Iterable[JournalEntry]) -> Iterable[Break]:
    """Every place at which the chain does not hold, from the first entry on."""
    previous, number = ORIGIN, 0
    for entry in entries:
        number += 1
        where = f"journal entry {entry.number}"
        if entry.number != number:
            yield Break(where, f"entry {number} should stand here: entries are missing, doubled or renumbered")
            number = entry.number
        if entry.previous != previous:
            yield Break(where, "does not follow the entry before it")
        if entry_digest(_values(entry)) != entry.digest:
            yield Break(where, "one of its values was changed after it was written")
        previous = entry.digest


def _values(entry: JournalEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in JournalEntry.__slots__}
