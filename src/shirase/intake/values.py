"""Values of a parsed record: taken out by name, made text, told apart from words that mean nothing."""

import ipaddress
import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.instants import parse_epoch, parse_rfc3339
from shirase.intake.json_records import Record
from shirase.intake.meaning import Instant
from shirase.intake.records import RecordError

_EMPTY: Record = {}

PLACEHOLDERS = frozenset({"", "null", "-", "N/A", "unknown", "Unknown", "none", "None"})
"""Words that exports write for "nothing". By field, never everywhere: somebody may be called Null."""


def dig(record: Any, *steps: str) -> Any:
    """What stands at nested keys; None where any of them is missing."""
    for step in steps:
        if type(record) is not dict:
            return None
        record = record.get(step)
    return record


def part(record: Record, name: str) -> Record:
    """The record inside ``record``; an empty one where there is none."""
    inner = record.get(name)
    return inner if type(inner) is dict else _EMPTY


def items(value: Any) -> list[Any]:
    """A list as it is; an empty one for anything else."""
    return value if type(value) is list else []


def first_of(*texts: str | None) -> str | None:
    """The first of some texts that is there."""
    return next((text for text in texts if text), None)


def count_objects(listed: Any) -> int | None:
    """How many objects a list holds, none where there is no value; None where anything else stands there or in it."""
    if listed is None:
        return 0
    if type(listed) is not list or any(type(item) is not dict for item in listed):
        return None
    return len(listed)


def as_text(value: Any) -> str | None:
    """A plain value as text, digits as written; None for nothing; lists and records as JSON."""
    if type(value) is str:
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def known(value: Any) -> str | None:
    """As :func:`as_text`, for fields in which exports write placeholders: addresses, agents, alternate ids."""
    text = as_text(value)
    return None if text in PLACEHOLDERS else text


def need(record: Record, *steps: str) -> str:
    """The plain text at nested keys.

    Raises:
        RecordError: When there is none, or it is a list or a record.
    """
    value = dig(record, *steps)
    if type(value) is str and value:
        return value
    if isinstance(value, list | dict):
        raise RecordError(RejectReason.NOT_TEXT, f"{'.'.join(steps)} is a {type(value).__name__}, not a text")
    text = as_text(value)
    if text is None:
        raise RecordError(RejectReason.MISSING_VALUE, f"no {'.'.join(steps)}")
    return text


def iso_time(text: str, zone: str | None = None) -> Instant:
    """An instant written as RFC 3339, with the liberties exports take.

    Raises:
        RecordError: When it cannot be read, or has no offset and ``zone`` declares none.
    """
    at, quality = parse_rfc3339(text, zone)
    return Instant(at, quality, text)


def epoch_time(text: str, unit: TimeFormat) -> Instant:
    """An instant written as a number in a declared unit.

    Raises:
        RecordError: When it is no number, or has more or fewer digits than instants have in that unit.
    """
    at, quality = parse_epoch(text, unit)
    return Instant(at, quality, text)


@lru_cache(maxsize=65_536)
def read_address(text: str | None) -> tuple[str | None, str | None]:
    """The first public address of a list (or the first one at all), and the text itself when it is anything else."""
    if text is None:
        return None, None
    addresses = []
    for part in text.split(","):
        try:
            addresses.append(ipaddress.ip_address(part.strip()))
        except ValueError:
            continue
    if not addresses:
        return None, text
    chosen = next((address for address in addresses if address.is_global), addresses[0])
    return str(chosen), None if str(chosen) == text else text
