"""JSON records, read strictly. What JSON leaves open is refused rather than resolved by chance.

Two parsers give the same answer: the standard library's, strict by hooks, is the meaning; msgspec's is used wherever
it provably agrees, because it is several times faster (ADR 0019). Whatever it refuses or cannot be trusted with is
read again by the strict one, which also words the reason.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from shirase.domain.reject import RejectReason
from shirase.intake.records import RecordError, decode_bytes

Record = dict[str, Any]
"""A parsed record; values are str, int, Decimal, bool, None, lists and records."""

_FAST: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record, float_hook=Decimal)
_ENCODE = msgspec.json.Encoder().encode
_ENCODE_LINES = msgspec.json.Encoder().encode_lines


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


def parse_records(raws: Sequence[bytes]) -> list[Record | None]:
    """Parse many at a time; None for what :func:`parse_record` has to look at by itself, to read or to refuse it.

    What holds for one holds for all: written out again, no record gains a colon, so that together they have as many
    as their bytes exactly when none of them lost one.
    """
    records: list[Record | None]
    try:
        records = list(map(_FAST.decode, raws))
        together = b"\n".join(raws)
        if not _is_escaped(together) and together.count(b":") == _ENCODE_LINES(records).count(b":"):
            return records
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        records = list(map(_decode_or_none, raws))
    both = zip(raws, records, strict=True)
    return [record if record is not None and _surely_unique(raw, record) else None for raw, record in both]


def _decode_or_none(raw: bytes) -> Record | None:
    try:
        return _FAST.decode(raw)
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        return None


def _is_escaped(raw: bytes) -> bool:
    """Whether a colon or half of a surrogate pair may stand there as an escape."""
    return b"\\" in raw and (b"\\ud" in raw or b"\\uD" in raw or b"\\u003" in raw)


def _surely_unique(raw: bytes, record: Record) -> bool:
    """Whether no key of ``raw``, of which ``record`` was parsed, stands there twice, and no surrogate is alone.

    Every key brings a colon, and so does every colon in a text. Written out again, the record has as many colons as
    ``raw`` exactly when nothing of it was lost; unless a colon was written as an escape, which is looked for first.
    """
    if _is_escaped(raw):
        return False
    try:
        return raw.count(b":") == _ENCODE(record).count(b":")
    except (OverflowError, ValueError, RecursionError, msgspec.MsgspecError):
        return False


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
