"""Dates, instants, zones, counts and shares as reports print them, by patterns that no platform locale can change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from shirase.domain.bilingual import Language

_DAY = {Language.JA: "y年M月d日", Language.EN: "d MMMM y"}
_DAY_OF_SAME_YEAR = {Language.JA: "M月d日", Language.EN: "d MMMM"}
_LOCALE = {Language.JA: "ja_JP", Language.EN: "en_GB"}

_ZONE_NAMES = {
    ("Asia/Tokyo", 9): "JST",
    ("America/Los_Angeles", -8): "PST",
    ("America/Los_Angeles", -7): "PDT",
}
"""Abbreviations readers know, by zone and hours from UTC. Other abbreviations are ambiguous: their offset is said."""

_LEAST_SHARE_DECIMALS = 1
_MOST_SHARE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class BothTimes:
    """One instant on two clocks.

    Attributes:
        utc: The instant, UTC.
        local: The same instant on the customer's clock.
        zone_name: How that clock is called at this instant, for example ``JST`` or ``UTC+01:00``.
        differs: Whether the two clocks show different dates.
        same_clock: Whether the customer's clock is UTC, so that nothing has to be said twice.
    """

    utc: datetime
    local: datetime
    zone_name: str
    differs: bool
    same_clock: bool


def both_times(instant: datetime, zone: str) -> BothTimes:
    """``instant`` in UTC and in the IANA zone ``zone``."""
    utc = instant.astimezone(UTC)
    local = utc.astimezone(ZoneInfo(zone))
    return BothTimes(
        utc=utc,
        local=local,
        zone_name=zone_name(local, zone),
        differs=local.date() != utc.date(),
        same_clock=zone == "UTC",
    )


def zone_name(local: datetime, zone: str) -> str:
    """How the clock of ``zone`` is called at ``local``, a time in that zone."""
    offset = local.utcoffset()
    assert offset is not None
    minutes = round(offset.total_seconds() / 60)
    if zone == "UTC":
        return "UTC"
    known = _ZONE_NAMES.get((zone, minutes // 60)) if minutes % 60 == 0 else None
    sign = "-" if minutes < 0 else "+"
    return known or f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def format_day(day: date, language: Language) -> str:
    """``2022年1月20日`` or ``20 January 2022``."""
    return format_date(day, _DAY[language], locale=_LOCALE[language])


def format_instant(instant: datetime, zone: str, language: Language) -> str:
    """Both clocks, to the minute, the local date only where it differs.

    ``2022年1月20日 23:18（UTC）／1月21日 08:18（JST）`` or ``20 January 2022, 23:18 UTC (21 January, 08:18 JST)``.
    """
    return "".join(instant_pieces(instant, zone, language))


def instant_pieces(instant: datetime, zone: str, language: Language) -> tuple[str, ...]:
    """:func:`format_instant` in pieces between which a line may end."""
    utc = format_utc(instant, language)
    local = format_local(instant, zone, language)
    if not local:
        return (utc,)
    return (f"{utc}／", local) if language is Language.JA else (utc, " ", f"({local})")


def format_utc(instant: datetime, language: Language) -> str:
    """``2022年1月20日 23:18（UTC）`` or ``20 January 2022, 23:18 UTC``."""
    utc = instant.astimezone(UTC)
    day = format_day(utc.date(), language)
    return f"{day} {utc:%H:%M}（UTC）" if language is Language.JA else f"{day}, {utc:%H:%M} UTC"


def format_local(instant: datetime, zone: str, language: Language) -> str:
    """The customer's clock: ``08:18（JST）``, after its date where that is another; empty when that clock is UTC."""
    times = both_times(instant, zone)
    if times.same_clock:
        return ""
    clock = f"{times.local:%H:%M}"
    if language is Language.JA:
        return f"{_other_day(times, language)} {clock}（{times.zone_name}）".lstrip()
    day = _other_day(times, language)
    return f"{day}, {clock} {times.zone_name}" if day else f"{clock} {times.zone_name}"


def format_clock(instant: datetime) -> str:
    """``23:18:04``, with milliseconds where the log has fractions of a second."""
    return f"{instant:%H:%M:%S}" + (f".{instant.microsecond // 1000:03d}" if instant.microsecond else "")


def format_count(count: int) -> str:
    """``125,000``, alike in both languages."""
    return format_decimal(count, format="#,##0", locale="en_US")


def format_share(share: float) -> str:
    """``2.5%``; smaller shares get the decimals they need to show a figure, so that a few are never printed as none."""
    percent = Decimal(str(share)) * 100
    decimals = _LEAST_SHARE_DECIMALS
    while percent and decimals < _MOST_SHARE_DECIMALS and round(percent, decimals) == 0:
        decimals += 1
    return f"{percent:.{decimals}f}%"


def country_name(code: str, language: Language) -> str:
    """The country of an ISO 3166-1 alpha-2 code, as CLDR calls it; the code itself where CLDR knows none."""
    return str(Locale.parse(_LOCALE[language]).territories.get(code, code))


def _other_day(times: BothTimes, language: Language) -> str:
    if not times.differs:
        return ""
    if times.local.year != times.utc.year:
        return format_day(times.local.date(), language)
    return format_date(times.local.date(), _DAY_OF_SAME_YEAR[language], locale=_LOCALE[language])
