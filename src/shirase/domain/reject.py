"""Rejects: log lines that cannot be used, kept whole with the reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shirase.domain.action import EvidenceRef


class RejectReason(StrEnum):
    """Why a line cannot be used."""

    NOT_UTF8 = "not_utf8"
    NUL_BYTE = "nul_byte"
    TOO_LONG = "too_long"
    BROKEN_JSON = "broken_json"
    TRUNCATED = "truncated"
    DUPLICATE_KEY = "duplicate_key"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_OBJECT = "not_an_object"
    LONE_SURROGATE = "lone_surrogate"
    UNTERMINATED_QUOTE = "unterminated_quote"
    BROKEN_CSV = "broken_csv"
    WRONG_CELL_COUNT = "wrong_cell_count"
    MISSING_VALUE = "missing_value"
    NOT_TEXT = "not_text"
    NO_ZONE = "no_zone"
    BAD_TIME = "bad_time"
    LOCAL_TIME_AMBIGUOUS = "local_time_ambiguous"


@dataclass(frozen=True, slots=True)
class Reject:
    """One line that cannot be used.

    Attributes:
        source_id: Source it belongs to.
        ref: Where it stands.
        reason: Why it cannot be used.
        detail: What exactly is wrong, for a person.
        raw_digest: SHA-256 of the line's bytes without its line end.
        raw: The bytes themselves; cut at 64 KiB, with ``raw_size`` telling the whole length.
        raw_size: Length of the line in bytes.
        redacted: Whether ``raw`` is not the line itself but what may be kept of it; the line is in the evidence.
    """

    source_id: str
    ref: EvidenceRef
    reason: RejectReason
    detail: str
    raw_digest: str
    raw: bytes
    raw_size: int
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class NoAction:
    """One well-formed line that is no action on a customer's tenant, by the profile's own list.

    ``time`` (UTC) says only that the source was logging then.
    """

    source_id: str
    ref: EvidenceRef
    action_native: str
    raw_digest: str
    time: datetime | None = None
