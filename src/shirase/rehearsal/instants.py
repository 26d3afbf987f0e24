"""Instants of the story, in microseconds since 1970 UTC: what a log writes and what a window compares."""

from datetime import UTC, date, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_PACIFIC_WINTER = timezone(timedelta(hours=-8))


def micros(text: str) -> int:
    """Microseconds of an RFC 3339 instant; finer digits than microseconds are cut."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    seconds = datetime.fromisoformat(whole).replace(tzinfo=UTC) - EPOCH
    return seconds // timedelta(microseconds=1) + int((fraction or "0").ljust(6, "0")[:6])


DAYS = tuple(date(2022, 1, day) for day in range(14, 24))
"""The UTC days that were exported: two before the window, the window, two after it."""

WINDOW_DAYS = DAYS[2:8]
"""16 to 21 January 2022, both included."""

WINDOW_START = micros("2022-01-16T00:00:00Z")
WINDOW_END = micros("2022-01-21T23:59:59.999999Z")


def day_start(day: date) -> int:
    """The first microsecond of a UTC day."""
    return micros(f"{day.isoformat()}T00:00:00Z")


def rfc3339(at: int, *, digits: int = 3) -> str:
    """An instant as SuperUser writes it: UTC, cut to milliseconds unless told otherwise."""
    whole = EPOCH + timedelta(microseconds=at)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{at % SECOND:06d}"[: 20 + digits] + "Z"


def pacific(at: int) -> str:
    """An instant as the older console writes it: Pacific time of January, to the second, without an offset."""
    return f"{(EPOCH + timedelta(microseconds=at)).astimezone(_PACIFIC_WINTER):%Y-%m-%d %H:%M:%S}"
