from datetime import UTC, date, datetime

import pytest

from shirase.domain.bilingual import Language
from shirase.text.formats import (
    both_times,
    country_name,
    format_clock,
    format_count,
    format_day,
    format_instant,
    format_share,
    zone_name,
)

JA, EN = Language.JA, Language.EN


@pytest.mark.parametrize(
    ("instant", "zone", "ja", "en"),
    [
        (
            datetime(2022, 1, 20, 23, 18, tzinfo=UTC),
            "Asia/Tokyo",
            "2022年1月20日 23:18（UTC）／1月21日 08:18（JST）",
            "20 January 2022, 23:18 UTC (21 January, 08:18 JST)",
        ),
        (
            datetime(2022, 1, 20, 10, 0, tzinfo=UTC),
            "Asia/Tokyo",
            "2022年1月20日 10:00（UTC）／19:00（JST）",
            "20 January 2022, 10:00 UTC (19:00 JST)",
        ),
        (
            datetime(2021, 12, 31, 15, 0, tzinfo=UTC),
            "Asia/Tokyo",
            "2021年12月31日 15:00（UTC）／2022年1月1日 00:00（JST）",
            "31 December 2021, 15:00 UTC (1 January 2022, 00:00 JST)",
        ),
        (
            datetime(2022, 1, 20, 5, 5, tzinfo=UTC),
            "America/Los_Angeles",
            "2022年1月20日 05:05（UTC）／1月19日 21:05（PST）",
            "20 January 2022, 05:05 UTC (19 January, 21:05 PST)",
        ),
        (
            datetime(2022, 3, 23, 15, 50, tzinfo=UTC),
            "America/Los_Angeles",
            "2022年3月23日 15:50（UTC）／08:50（PDT）",
            "23 March 2022, 15:50 UTC (08:50 PDT)",
        ),
        (datetime(2022, 1, 20, 23, 18, tzinfo=UTC), "UTC", "2022年1月20日 23:18（UTC）", "20 January 2022, 23:18 UTC"),
    ],
)
def test_an_instant_is_printed_on_both_clocks(instant: datetime, zone: str, ja: str, en: str) -> None:
    """An instant is printed in UTC and on the customer's clock, whose date is said exactly where it differs."""
    assert format_instant(instant, zone, JA) == ja
    assert format_instant(instant, zone, EN) == en


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Paris", "UTC+01:00"), ("Asia/Kathmandu", "UTC+05:45"), ("America/St_Johns", "UTC-03:30"), ("UTC", "UTC")],
)
def test_a_zone_without_a_known_abbreviation_is_named_by_its_offset(zone: str, expected: str) -> None:
    """A zone that is not in our own table is named by its offset, with minutes and the right sign."""
    times = both_times(datetime(2022, 1, 20, 12, 0, tzinfo=UTC), zone)
    assert zone_name(times.local, zone) == expected


def test_a_change_of_date_is_told() -> None:
    """The local date differs exactly when the customer's day is another than the UTC day."""
    assert both_times(datetime(2022, 1, 20, 15, 0, tzinfo=UTC), "Asia/Tokyo").differs
    assert not both_times(datetime(2022, 1, 20, 14, 59, tzinfo=UTC), "Asia/Tokyo").differs


def test_days_have_one_pattern_for_each_language() -> None:
    """Days follow 2022年1月5日 and 5 January 2022, without leading zeros and without an era."""
    assert format_day(date(2022, 1, 5), JA) == "2022年1月5日"
    assert format_day(date(2022, 1, 5), EN) == "5 January 2022"


def test_clock_times_keep_milliseconds_only_where_logged() -> None:
    """Seconds are always printed, fractions only where the log has them."""
    assert format_clock(datetime(2022, 1, 20, 3, 4, 5, tzinfo=UTC)) == "03:04:05"
    assert format_clock(datetime(2022, 1, 20, 3, 4, 5, 645999, tzinfo=UTC)) == "03:04:05.645"


@pytest.mark.parametrize(("count", "expected"), [(0, "0"), (999, "999"), (1000, "1,000"), (125430, "125,430")])
def test_counts_have_thousands_separators(count: int, expected: str) -> None:
    """Counts are grouped by thousands and never shortened."""
    assert format_count(count) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.025, "2.5%"), (366 / 14640, "2.5%"), (0.0, "0.0%"), (1.0, "100.0%"), (2 / 10000, "0.02%"), (1 / 3, "33.3%")],
)
def test_shares_have_one_decimal_and_are_never_rounded_to_none(share: float, expected: str) -> None:
    """A share has one decimal; a small one gets more, so that a few of many are not printed as 0.0%."""
    assert format_share(share) == expected


@pytest.mark.parametrize(
    ("code", "ja", "en"), [("PH", "フィリピン", "Philippines"), ("CR", "コスタリカ", "Costa Rica"), ("QX", "QX", "QX")]
)
def test_countries_have_names_in_both_languages(code: str, ja: str, en: str) -> None:
    """A country's code is told in words; a code without a country stays what it is."""
    assert country_name(code, JA) == ja
    assert country_name(code, EN) == en
