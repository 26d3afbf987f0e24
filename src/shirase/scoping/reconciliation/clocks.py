"""Clocks: how far a source's clock is from another's, and whether a constant offset gives away a mistaken time zone."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from shirase.domain.sighting import Sighting

QUARTER_US = 15 * 60 * 1_000_000
"""Zones differ by whole hours, by half hours and by quarters of an hour (Nepal is 5:45 ahead)."""

FARTHEST = 26 * 4
"""Quarters of an hour between the easternmost and the westernmost zone."""

FEWEST = 10
"""Lines below which no share is a sign of anything."""

MISTAKEN_SHARE = 0.8
"""More than this share of otherwise unmatched lines at one offset is no chance."""

_NEAR_US = 3_000_000


@dataclass(frozen=True, slots=True)
class MistakenZone:
    """Two sources that disagree about the time by a constant number of quarters of an hour.

    Attributes:
        source_id: Source that is later (or earlier, where ``offset_us`` is negative).
        than: Source it is compared with.
        offset_us: By how much.
        lines: Lines that show it.
        of: Lines that could have been matched.
    """

    source_id: str
    than: str
    offset_us: int
    lines: int
    of: int


@dataclass(slots=True)
class OffsetCount:
    """Lines of one source that found no counterpart in another, by offsets at which one stands."""

    lines: int = 0
    by_quarter: Counter[int] = field(default_factory=Counter)

    def add(self, theirs: Sighting, our_times: Sequence[int]) -> None:
        """Count one line against the sorted times of the other source's lines of the same key."""
        self.lines += 1
        for quarter in range(-FARTHEST, FARTHEST + 1):
            if quarter and _has_near(our_times, theirs.time_us - quarter * QUARTER_US, _NEAR_US):
                self.by_quarter[quarter] += 1

    def verdict(self, source_id: str, than: str) -> MistakenZone | None:
        """The offset that is no chance, if there is one."""
        if self.lines < FEWEST or not self.by_quarter:
            return None
        quarter, lines = min(self.by_quarter.items(), key=lambda item: (-item[1], abs(item[0]), item[0]))
        if lines <= MISTAKEN_SHARE * self.lines:
            return None
        return MistakenZone(source_id, than, quarter * QUARTER_US, lines, self.lines)


def nearest_quarter(delta_us: int) -> int:
    """The whole quarter of an hour that ``delta_us`` is; 0 where it is none."""
    quarter = round(delta_us / QUARTER_US)
    return quarter if abs(delta_us - quarter * QUARTER_US) <= _NEAR_US else 0


def clock_offsets(deltas: Mapping[str, Iterable[int]]) -> dict[str, int]:
    """Median of the differences of each source, microseconds; a median is not moved by a few late lines."""
    return {source: median_low(found) for source, values in deltas.items() if (found := sorted(values))}


def _has_near(times: Sequence[int], at: int, within: int) -> bool:
    place = bisect_left(times, at - within)
    return place < len(times) and times[place] <= at + within
