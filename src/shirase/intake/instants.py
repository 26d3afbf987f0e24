"""Instants as logs write them. No zone is guessed, no impossible date is mended, the printed text is kept elsewhere."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from shirase.domain.action import TimeQuality
from shirase.domain.profile import TimeField, TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.records import RecordError

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?([Zz]|[+-]\d\d:?\d\d|[A-Z]{2,5})?",
    re.ASCII,
)
_EXACT = TimeQuality.EXACT
_RFC3339_FORMAT = TimeFormat.RFC3339

_ABBREVIATIONS = {"UTC": 0, "GMT": 0, "JST": 9, "PST": -8, "PDT": -7}
"""Abbreviations that mean one offset from UTC wherever logs of support tools are written; IST and CST are several."""

_PLAIN_LENGTH = len("2022-01-20T23:18:04.645Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROS = {
    TimeFormat.EPOCH_S: Decimal(1_000_000),
    TimeFormat.EPOCH_MS: Decimal(1_000),
    TimeFormat.EPOCH_US: Decimal(1),
    TimeFormat.EPOCH_NS: Decimal("0.001"),
}
_DIGITS = {
    TimeFormat.EPOCH_S: (9, 10),
    TimeFormat.EPOCH_MS: (12, 13),
    TimeFormat.EPOCH_US: (15, 16),
    TimeFormat.EPOCH_NS: (18, 19),
}
"""Digits of the instants from 1973 to 2286 in each unit."""

_LATEST = 253_402_300_799 * 1_000_000
"""9999-12-31T23:59:59Z in microseconds: what a calendar date can say."""


def parse_instant(text: str, field: TimeField) -> tuple[datetime, TimeQuality]:
    """The instant that ``text`` means, in UTC, cut to microseconds, and how far it can be trusted.

    RFC 3339 is read with the liberties real exports take: a space for T, a comma before the fraction, an offset
    without a colon, one to nine digits. A leap second (``:60``) is clamped to the last microsecond of its minute.

    Raises:
        RecordError: When there is no offset and ``field.zone`` declares none, the date does not exist, or a local
            time occurs twice or never because clocks changed.
    """
    if field.format is _RFC3339_FORMAT:
        return parse_rfc3339(text, field.zone)
    if field.format is TimeFormat.STRPTIME:
        return _parse_pattern(text, field)
    return parse_epoch(text, field.format)


def parse_rfc3339(text: str, zone: str | None = None) -> tuple[datetime, TimeQuality]:
    """As :func:`parse_instant` for ``rfc3339``."""
    if (
        len(text) == _PLAIN_LENGTH
        and text[-1] == "Z"
        and text[4] == text[7] == "-"
        and text[10] == "T"
        and text[11:13] < "24"
    ):
        # By far the most frequent form, with milliseconds and Z; whatever is wrong with it is found below.
        # Newer Pythons read 24:00 as the next midnight here.
        try:
            return datetime.fromisoformat(text), _EXACT
        except ValueError:
            pass
    match = _RFC3339.fullmatch(text.strip())
    if match is None:
        raise RecordError(RejectReason.BAD_TIME, f"{text[:80]!r} is not a date and time")
    year, month, day, hour, minute, second = (int(part) for part in match.group(1, 2, 3, 4, 5, 6))
    fraction, offset = match.group(7), match.group(8)
    micros = int((fraction or "0").ljust(6, "0")[:6])
    quality = TimeQuality.EXACT if fraction else TimeQuality.SECOND
    if second == 60:
        second, micros, quality = 59, 999_999, TimeQuality.CONFLICT
    try:
        local = datetime(year, month, day, hour, minute, second, micros)  # noqa: DTZ001  its zone is looked at below
    except ValueError as error:
        raise RecordError(RejectReason.BAD_TIME, f"{text[:80]!r}: {error}") from error
    if offset is None:
        return _with_zone(local, zone, text), TimeQuality.ASSUMED_ZONE
    return _to_utc(local.replace(tzinfo=_offset(offset)), text), quality


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    if text.isalpha():
        hours = _ABBREVIATIONS.get(text)
        if hours is None:
            raise RecordError(RejectReason.NO_ZONE, f"{text} is the abbreviation of several zones, or of none")
        return timezone(timedelta(hours=hours))
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise RecordError(RejectReason.BAD_TIME, f"{text!r} is no offset from UTC")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)


def _parse_pattern(text: str, field: TimeField) -> tuple[datetime, TimeQuality]:
    assert field.pattern is not None
    try:
        moment = datetime.strptime(text.strip(), field.pattern)  # noqa: DTZ007  its zone is looked at below
    except ValueError as error:
        raise RecordError(RejectReason.BAD_TIME, str(error)[:200]) from error
    if moment.tzinfo is not None:
        return _to_utc(moment, text), TimeQuality.EXACT if moment.microsecond else TimeQuality.SECOND
    return _with_zone(moment, field.zone, text), TimeQuality.ASSUMED_ZONE


def parse_epoch(text: str, unit: TimeFormat) -> tuple[datetime, TimeQuality]:
    """As :func:`parse_instant` for a number of seconds, or of thousandths of them, since 1970.

    The unit is declared; the number of digits is held against it, because a wrong unit gives a time that is
    perfectly possible, decades away, and would take the record out of every window in silence.
    """
    micros_per_unit = _MICROS[unit]
    try:
        number = Decimal(text)
        inside = number.is_finite() and 0 <= number * micros_per_unit <= _LATEST
    except InvalidOperation as error:
        raise RecordError(RejectReason.BAD_TIME, f"{text[:80]!r} is not a number") from error
    except ArithmeticError:
        inside = False
    if not inside:
        raise RecordError(RejectReason.BAD_TIME, f"{text[:80]} is outside the calendar in the declared unit")
    digits = len(str(int(number)))
    if digits not in _DIGITS[unit]:
        raise RecordError(RejectReason.BAD_TIME, f"{text[:80]} has {digits} digits, which {unit.value} have not")
    micros = int(number * micros_per_unit)
    quality = TimeQuality.SECOND if unit is TimeFormat.EPOCH_S and number == int(number) else TimeQuality.EXACT
    return _EPOCH + timedelta(microseconds=micros), quality


def _with_zone(local: datetime, zone: str | None, text: str) -> datetime:
    if zone is None:
        raise RecordError(RejectReason.NO_ZONE, f"{text[:80]!r} has no offset, and no zone is declared")
    tz = ZoneInfo(zone)
    first, second = local.replace(tzinfo=tz, fold=0), local.replace(tzinfo=tz, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise RecordError(RejectReason.LOCAL_TIME_AMBIGUOUS, f"{text[:80]!r} occurs twice or never in {zone}")
    return _to_utc(first, text)


def _to_utc(moment: datetime, text: str) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise RecordError(RejectReason.BAD_TIME, f"{text[:80]!r} is outside the calendar") from error
