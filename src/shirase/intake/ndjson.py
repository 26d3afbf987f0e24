"""NDJSON: one JSON object a line, read strictly. What JSON leaves open is refused rather than resolved by chance."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from shirase.domain.reject import RejectReason
from shirase.intake.records import BadRecord, PhysicalLine, RecordError, decode

Record = dict[str, Any]
"""A parsed record; values are str, int, Decimal, bool, None, lists and records."""


class _DuplicateKeyError(ValueError):
    pass


class _NotANumberError(ValueError):
    pass


def iter_ndjson(lines: Iterator[PhysicalLine]) -> Iterator[tuple[PhysicalLine, Record] | BadRecord | PhysicalLine]:
    """Parse each line. A blank line is passed on as it is, so that it can be counted."""
    for line in lines:
        if line.blank:
            yield line
            continue
        try:
            yield line, parse_object(decode(line), terminated=line.terminated)
        except RecordError as error:
            yield BadRecord(line, error.reason, error.detail)


def parse_object(text: str, *, terminated: bool = True) -> Record:
    """Parse one JSON object.

    Integers stay integers, decimals become :class:`Decimal` with the digits as written.

    Raises:
        RecordError: On broken JSON, a repeated key, NaN or Infinity, a lone surrogate, or anything but an object.
    """
    try:
        value = _DECODER.decode(text)
    except _DuplicateKeyError as error:
        raise RecordError(RejectReason.DUPLICATE_KEY, str(error)) from error
    except _NotANumberError as error:
        raise RecordError(RejectReason.NOT_A_NUMBER, str(error)) from error
    except json.JSONDecodeError as error:
        reason = RejectReason.BROKEN_JSON if terminated else RejectReason.TRUNCATED
        raise RecordError(reason, f"{error.msg} at character {error.pos + 1}") from error
    except (RecursionError, ValueError, ArithmeticError) as error:
        raise RecordError(RejectReason.BROKEN_JSON, str(error)[:200]) from error
    if not isinstance(value, dict):
        raise RecordError(RejectReason.NOT_AN_OBJECT, f"a JSON {type(value).__name__} stands where a record should")
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _refuse_lone_surrogates(value: Record) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError as error:
        detail = f"half of a surrogate pair, U+{ord(error.object[error.start]):04X}"
        raise RecordError(RejectReason.LONE_SURROGATE, detail) from error


def _unique_keys(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise _DuplicateKeyError(f"the key {repeated[:80]!r} stands there twice")
    return record


def _refuse_constant(name: str) -> Any:
    raise _NotANumberError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_float=Decimal, parse_constant=_refuse_constant)
