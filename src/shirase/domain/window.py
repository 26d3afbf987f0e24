"""The time window of a scope. Both ends belong to it, and its zone is always said aloud."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

RESOLUTION = timedelta(microseconds=1)
"""Log times are kept to the microsecond; finer digits are cut, so the end of a day still belongs to it."""


_EARLIEST, _LATEST = 1970, 2200
"""Years in which support tools log: an end beyond them is a slip, and the calendar has no room for its edges."""


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start_at`` to ``end_at``, both included.

    Attributes:
        start_at: First instant inside, aware, UTC.
        end_at: Last instant inside, aware, UTC.
        zone: IANA name of the zone in which the ends were written.
    """

    start_at: datetime
    end_at: datetime
    zone: str

    def contains(self, instant: datetime) -> bool:
        """Whether ``instant`` lies inside, ends included."""
        return self.start_at <= instant <= self.end_at

    def utc_days(self) -> tuple[date, ...]:
        """Every UTC day that the window touches, in order."""
        first, last = self.start_at.date(), self.end_at.date()
        return tuple(first + timedelta(days=offset) for offset in range((last - first).days + 1))

    def moved(self, *, start: timedelta = timedelta(0), end: timedelta = timedelta(0)) -> "Window":
        """The window with its ends moved; positive is later."""
        return Window(self.start_at + start, self.end_at + end, self.zone)


def build_window(start: date | datetime, end: date | datetime, zone: str) -> Window:
    """Build a window from what people wrote.

    A date stands for the whole day in ``zone``: the window opens with its first microsecond and closes with
    its last. An instant is taken as it is, and belongs to the window.

    Args:
        start: First day or instant. A ``datetime`` must carry an offset.
        end: Last day or instant, included.
        zone: IANA zone name in which the days are meant.

    Raises:
        ValueError: If an instant has no offset, or the end lies before the start.
    """
    tz = ZoneInfo(zone)
    try:
        start_at, end_at = _first_instant(start, tz), _last_instant(end, tz)
    except OverflowError as error:
        raise ValueError(f"the window must lie in the years {_EARLIEST} to {_LATEST}") from error
    if not (start_at.year >= _EARLIEST and end_at.year <= _LATEST):
        raise ValueError(f"the window must lie in the years {_EARLIEST} to {_LATEST}")
    if end_at < start_at:
        raise ValueError(f"the window ends ({end_at.isoformat()}) before it starts ({start_at.isoformat()})")
    return Window(start_at, end_at, zone)


def _first_instant(day: date | datetime, tz: ZoneInfo) -> datetime:
    if isinstance(day, datetime):
        return _aware(day)
    return datetime.combine(day, time.min, tzinfo=tz).astimezone(UTC)


def _last_instant(day: date | datetime, tz: ZoneInfo) -> datetime:
    if isinstance(day, datetime):
        return _aware(day)
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=tz).astimezone(UTC) - RESOLUTION


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no zone; write an offset, for example {instant.isoformat()}Z")
    return instant.astimezone(UTC)
