"""The chart of when actions took place: one bar an hour, or a day where the window is long; geometry in points."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shirase.domain.report import Report

WIDTH, HEIGHT = 420, 96
_LEFT, _TOP, _BOTTOM = 24, 4, 14
_LONGEST_HOURLY = timedelta(days=14)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MOST_TICKS = 8
_ROUND_TOPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Tick:
    """A date under the bars."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws.

    Attributes:
        width: In points, like ``height`` and all coordinates.
        height: See there.
        hourly: Whether a bar is an hour; otherwise a day.
        bars: Path of all bars.
        bars_unexplained: Path of the part of them without a ticket of the customer; empty when there is none.
        grid: Path of base line and top line.
        ticks: Dates along the base line.
        top: Value of the top line.
        peak: Most actions in one bar.
        peak_at: Beginning of that bar, the first of several.
        bins: How many bars could stand.
        busy_bins: How many do.
    """

    width: int
    height: int
    hourly: bool
    bars: str
    bars_unexplained: str
    grid: str
    ticks: tuple[Tick, ...]
    top: int
    peak: int
    peak_at: datetime
    bins: int
    busy_bins: int

    @property
    def peak_day(self) -> date:
        """The day (UTC) of :attr:`peak_at`."""
        return self.peak_at.date()


def build_chart(report: Report) -> Chart | None:
    """The chart of ``report``; None when there is no action."""
    if not report.actions:
        return None
    window = report.batch.window
    hourly = window.end_at - window.start_at <= _LONGEST_HOURLY
    step = _HOUR if hourly else _DAY
    origin = _floor(window.start_at, hourly=hourly)
    bins = (window.end_at - origin) // step + 1
    everything = Counter((action.at - origin) // step for action in report.actions)
    unexplained = Counter((action.at - origin) // step for action in report.actions if action.unexplained)
    peak = max(everything.values())
    peak_bin = min(position for position, count in everything.items() if count == peak)
    top = _round_up(peak)
    width = (WIDTH - _LEFT) / bins
    base = HEIGHT - _BOTTOM
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        hourly=hourly,
        bars=_bars(everything, width, top),
        bars_unexplained=_bars(unexplained, width, top),
        grid=f"M{_LEFT} {base}H{WIDTH}M{_LEFT} {_TOP}H{WIDTH}",
        ticks=tuple(_ticks(origin, bins, step, width)),
        top=top,
        peak=peak,
        peak_at=origin + peak_bin * step,
        bins=bins,
        busy_bins=len(everything),
    )


def _floor(instant: datetime, *, hourly: bool) -> datetime:
    utc = instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return utc if hourly else utc.replace(hour=0)


def _round_up(peak: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that is not below ``peak``."""
    scale = 1
    while True:
        for digit in _ROUND_TOPS:
            if digit * scale >= peak:
                return digit * scale
        scale *= 10


def _bars(counts: Counter[int], width: float, top: int) -> str:
    base, full = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    gap = min(0.6, width * 0.2)
    return "".join(
        f"M{_LEFT + position * width:.2f} {base}v-{max(full * count / top, 0.4):.2f}h{width - gap:.2f}V{base}z"
        for position, count in sorted(counts.items())
    )


def _ticks(origin: datetime, bins: int, step: timedelta, width: float) -> Sequence[Tick]:
    end = origin + bins * step
    midnight = origin.replace(hour=0)
    days = [midnight + timedelta(days=offset) for offset in range((end - midnight) // _DAY + 1)]
    days = [day for day in days if origin <= day < end]
    every = -(-len(days) // _MOST_TICKS) or 1
    return [Tick(round(_LEFT + (day - origin) / step * width, 2), f"{day:%m-%d}") for day in days[::every]]
