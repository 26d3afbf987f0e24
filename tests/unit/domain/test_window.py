"""Windows and what their ends mean."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shirase.domain.window import build_window


def test_days_include_their_last_microsecond() -> None:
    """16 to 21 January are six whole days."""
    window = build_window(date(2022, 1, 16), date(2022, 1, 21), "UTC")
    assert window.start_at == datetime(2022, 1, 16, tzinfo=UTC)
    assert window.end_at == datetime(2022, 1, 21, 23, 59, 59, 999_999, UTC)
    assert window.end_at - window.start_at + timedelta(microseconds=1) == timedelta(days=6)


def test_days_are_those_of_the_zone() -> None:
    """A day in Tokyo begins nine hours before the same day in UTC."""
    window = build_window(date(2022, 1, 16), date(2022, 1, 21), "Asia/Tokyo")
    assert window.start_at == datetime(2022, 1, 15, 15, tzinfo=UTC)
    assert window.end_at == datetime(2022, 1, 21, 14, 59, 59, 999_999, UTC)


def test_a_day_with_a_clock_change_has_the_length_it_has() -> None:
    """13 March 2022 lasted 23 hours in Los Angeles."""
    window = build_window(date(2022, 3, 13), date(2022, 3, 13), "America/Los_Angeles")
    assert window.end_at - window.start_at + timedelta(microseconds=1) == timedelta(hours=23)


def test_instants_are_taken_as_they_are() -> None:
    """An instant with an offset is an end by itself, and belongs to the window."""
    end = datetime(2022, 1, 21, 9, 28, tzinfo=timezone(timedelta(hours=9)))
    window = build_window(date(2022, 1, 16), end, "UTC")
    assert window.end_at == datetime(2022, 1, 21, 0, 28, tzinfo=UTC)
    assert window.contains(end)
    assert not window.contains(end + timedelta(microseconds=1))


def test_an_instant_without_a_zone_is_refused() -> None:
    """Nobody guesses what noon means."""
    with pytest.raises(ValueError, match="no zone"):
        build_window(datetime(2022, 1, 16, 12), date(2022, 1, 21), "UTC")  # noqa: DTZ001


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    """Swapped ends are an error, not an empty scope."""
    with pytest.raises(ValueError, match="before it starts"):
        build_window(date(2022, 1, 21), date(2022, 1, 16), "UTC")
