"""JSON records, read strictly. What JSON leaves open is refused rather than resolved by chance.

Two parsers give the same answer: the standard library's, strict by hooks, is the meaning; msgspec's is used wherever
it provably agrees, because it is several times faster (ADR 0019). Whatever it refuses or cannot be trusted with is
read again by the strict one, which also words the reason.
"""

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

from shirase.domain.reject import RejectReason
from shirase.intake.records import RecordError, decode_bytes

Record = dict[str, Any]
"""A parsed record; values are str, int, Decimal, bool, None, lists and records."""

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_FAST: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record, float_hook=Decimal)


class _DuplicateKeyError(ValueError):
    pass


class _NotANumberError(ValueError):
    pass


def parse_record(raw: bytes, *, terminated: bool = True) -> Record:
    """Parse the bytes of one JSON object.

    Integers stay integers, decimals become :class:`Decimal` with the digits as written.

    Raises:
        RecordError: On bytes that are no UTF-8, a NUL byte, broken JSON, a repeated key, NaN or Infinity, a lone
            surrogate, or anything but an object.
    """
    try:
        record = _FAST.decode(raw)
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        return parse_object(decode_bytes(raw), terminated=terminated)
    if _surely_unique(raw, record):
        return record
    return parse_object(decode_bytes(raw), terminated=terminated)


def _surely_unique(raw: bytes, record: Record) -> bool:
    """Whether no key of ``raw``, of which ``record`` was parsed, stands there twice, and no surrogate is alone.

    Without escapes every quote begins or ends a text, so a quote and a colon can only be the end of a key, or the
    beginning of a text that begins with a colon. The pairs are therefore at least as many as the keys, unless white
    space stands before a colon; and keys that were parsed are fewer than those written when one is repeated.
    """
    if b"\\" in raw:
        if b"\\ud" in raw or b"\\uD" in raw:
            return False
        raw = _ESCAPE.sub(b"", raw)
    if b" :" in raw or b"\n:" in raw or b"\t:" in raw or b"\r:" in raw:
        return False
    return raw.count(b'":') == _count_keys(record)


def _count_keys(record: Record) -> int:
    count = len(record)
    for value in record.values():
        kind = type(value)
        if kind is dict:
            count += _count_keys(value)
        elif kind is list:
            count += _count_keys_of_list(value)
    return count


def _count_keys_of_list(values: list[Any]) -> int:
    count = 0
    for value in values:
        kind = type(value)
        if kind is dict:
            count += _count_keys(value)
        elif kind is list:
            count += _count_keys_of_list(value)
    return count


def parse_object(text: str, *, terminated: bool = True) -> Record:
    """Parse one JSON object by the strict parser.

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
