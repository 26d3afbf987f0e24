"""Geometry of the charts of the overview, in the units of their view boxes; templates draw it as inline SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 120
_GAP = 0.15


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars beside each other, all in one path; ``top`` is the value of the highest."""

    path: str
    top: int
    count: int
    median: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar lying on its side: what it stands for, its value, and its length as a share of the longest."""

    name: str
    value: int
    length: float


def bars(values: Sequence[int]) -> Bars | None:
    """One bar a value, the highest first; None when there is none. Heights are square roots: the range is wide."""
    ordered = sorted(values, reverse=True)
    if not ordered:
        return None
    top = max(ordered[0], 1)
    width = WIDTH / len(ordered)
    gap = width * _GAP if width > 2 else 0
    path = "".join(
        f"M{position * width:.2f} {HEIGHT}v-{HEIGHT * (value / top) ** 0.5:.2f}h{width - gap:.2f}V{HEIGHT}z"
        for position, value in enumerate(ordered)
    )
    return Bars(path, top, len(ordered), ordered[len(ordered) // 2])


def lying_bars(values: Mapping[str, int]) -> tuple[Bar, ...]:
    """One bar a name, in the order given, those without a value left out."""
    longest = max(values.values(), default=0)
    return tuple(Bar(name, value, round(value / longest, 4)) for name, value in values.items() if value)
