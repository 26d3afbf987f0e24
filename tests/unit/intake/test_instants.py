"""How instants of logs are read."""

from datetime import UTC, datetime

import pytest

from shirase.domain.action import TimeQuality
from shirase.domain.profile import TimeField, TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.instants import parse_instant
from shirase.intake.records import RecordError

RFC3339 = TimeField(columns=("ts",))
TOKYO = TimeField(columns=("ts",), zone="Asia/Tokyo")
PACIFIC = TimeField(columns=("t",), format=TimeFormat.STRPTIME, pattern="%Y-%m-%d %H:%M:%S", zone="America/Los_Angeles")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-01-20T23:18:04.645Z", datetime(2022, 1, 20, 23, 18, 4, 645_000, UTC)),
        ("2022-01-20T23:18:04.645+0000", datetime(2022, 1, 20, 23, 18, 4, 645_000, UTC)),
        ("2022-01-20t23:18:04z", datetime(2022, 1, 20, 23, 18, 4, 0, UTC)),
        ("2022-01-21 08:18:04,5+09:00", datetime(2022, 1, 20, 23, 18, 4, 500_000, UTC)),
        ("2022-01-20T15:18:04.1234567-08:00", datetime(2022, 1, 20, 23, 18, 4, 123_456, UTC)),
        ("2022-01-21T23:59:59.999999999Z", datetime(2022, 1, 21, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_offsets_are_applied_and_fractions_cut(text: str, expected: datetime) -> None:
    """A time with an offset becomes that instant in UTC, with nothing finer than a microsecond rounded up."""
    assert parse_instant(text, RFC3339)[0] == expected


def test_no_zone_is_guessed() -> None:
    """A time without an offset is refused unless the profile declares a zone."""
    with pytest.raises(RecordError) as caught:
        parse_instant("2022-01-20T23:18:04", RFC3339)
    assert caught.value.reason is RejectReason.NO_ZONE


def test_a_declared_zone_is_used_and_marked() -> None:
    """With a declared zone the local time is converted, and its quality says that the zone was assumed."""
    assert parse_instant("2022-01-21 08:18:04", TOKYO) == (
        datetime(2022, 1, 20, 23, 18, 4, 0, UTC),
        TimeQuality.ASSUMED_ZONE,
    )


@pytest.mark.parametrize("text", ["2022-11-06 01:30:00", "2022-03-13 02:30:00"])
def test_a_local_time_that_occurs_twice_or_never_is_refused(text: str) -> None:
    """Clock changes make some local times ambiguous or impossible; neither is resolved by chance."""
    with pytest.raises(RecordError) as caught:
        parse_instant(text, PACIFIC)
    assert caught.value.reason is RejectReason.LOCAL_TIME_AMBIGUOUS


def test_a_pattern_with_a_zone_is_converted() -> None:
    """09:12:33 in Los Angeles in January is 17:12:33 UTC."""
    assert parse_instant("2022-01-18 09:12:33", PACIFIC)[0] == datetime(2022, 1, 18, 17, 12, 33, 0, UTC)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1642720684", TimeFormat.EPOCH_S, datetime(2022, 1, 20, 23, 18, 4, 0, UTC)),
        ("1642720684.000002", TimeFormat.EPOCH_S, datetime(2022, 1, 20, 23, 18, 4, 2, UTC)),
        ("1642720684645", TimeFormat.EPOCH_MS, datetime(2022, 1, 20, 23, 18, 4, 645_000, UTC)),
        ("1642720684645001", TimeFormat.EPOCH_US, datetime(2022, 1, 20, 23, 18, 4, 645_001, UTC)),
    ],
)
def test_the_three_epoch_units_are_told_apart(text: str, unit: TimeFormat, expected: datetime) -> None:
    """Seconds, milliseconds and microseconds since 1970 each give the instant they mean."""
    assert parse_instant(text, TimeField(columns=("ts",), format=unit))[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "2022-02-30T10:00:00Z",
        "2017-09-31T22:23:07.777Z",
        "2022-01-20T25:00:00Z",
        "yesterday",
        "",
        "٢٠٢٢-01-20T00:00:00Z",
    ],
)
def test_dates_that_do_not_exist_are_refused(text: str) -> None:
    """An impossible date is quarantined, never moved to a possible one."""
    with pytest.raises(RecordError) as caught:
        parse_instant(text, RFC3339)
    assert caught.value.reason is RejectReason.BAD_TIME


@pytest.mark.parametrize("text", ["1642720684645001", "-1", "NaN", "Infinity", "1e400"])
def test_numbers_outside_the_calendar_are_refused(text: str) -> None:
    """A number that is no date in its declared unit is refused rather than read in another unit."""
    with pytest.raises(RecordError) as caught:
        parse_instant(text, TimeField(columns=("ts",), format=TimeFormat.EPOCH_S))
    assert caught.value.reason is RejectReason.BAD_TIME


def test_a_leap_second_is_clamped_and_marked() -> None:
    """23:59:60 becomes the last microsecond of its minute, and says so."""
    assert parse_instant("2016-12-31T23:59:60Z", RFC3339) == (
        datetime(2016, 12, 31, 23, 59, 59, 999_999, UTC),
        TimeQuality.CONFLICT,
    )


def test_whole_seconds_are_marked_as_such() -> None:
    """A time without a fraction is known to the second only."""
    assert parse_instant("2022-01-20T23:18:04Z", RFC3339)[1] is TimeQuality.SECOND
