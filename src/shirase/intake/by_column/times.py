"""Times by column: those that are written alike at once, all others value by value."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from shirase.domain.action import TimeQuality
from shirase.domain.profile import TimeFormat
from shirase.evidence.columns import to_micros
from shirase.evidence.instants import PLAIN_LENGTH, read_plain_instants
from shirase.intake.by_column.columns import TimeColumn
from shirase.intake.records import RecordError

_NUMBERS = {
    TimeFormat.EPOCH_S: (re.compile(r"(?:[1-9]\d{8,9}\n)*", re.ASCII), 1_000_000, TimeQuality.SECOND),
    TimeFormat.EPOCH_MS: (re.compile(r"(?:[1-9]\d{11,12}\n)*", re.ASCII), 1_000, TimeQuality.EXACT),
}
"""Whole numbers that are instants for certain: how they look, microseconds of a unit, how far they can be trusted."""

_OFFSET = "+0000\n"


class Times(NamedTuple):
    """Instants in microseconds since 1970, and how far they can be trusted."""

    micros: Sequence[int]
    qualities: Sequence[TimeQuality]


def read_times(texts: Sequence[str], column: TimeColumn, left: set[int]) -> Times:
    """The instants that ``texts`` mean; places of those that cannot be read are added to ``left``."""
    return read_alike(texts, column.format) or _read_each(texts, column, left)


def leave_contradictions(texts: Sequence[str], again: Sequence[str | None], column: TimeColumn, left: set[int]) -> None:
    """Add to ``left`` the places where the time printed once more is another one."""
    agrees = column.agrees
    assert agrees is not None
    if column.all_agree is not None and column.all_agree(texts, again):
        return
    for place, (text, other) in enumerate(zip(texts, again, strict=True)):
        if other and place not in left:
            try:
                if agrees(text, other):
                    continue
            except RecordError:
                pass
            left.add(place)


def read_alike(texts: Sequence[str], written: TimeFormat) -> Times | None:
    """The instants that ``texts`` mean, where all are written in the most frequent way."""
    whole = "\n".join(texts) + "\n"
    if written is TimeFormat.RFC3339:
        if len(whole) == len(texts) * (PLAIN_LENGTH + len(_OFFSET) - 1) and whole.count(_OFFSET) == len(texts):
            whole = whole.replace(_OFFSET, "Z\n")
            texts = whole.split("\n")[:-1]
        if len(whole) != len(texts) * (PLAIN_LENGTH + 1):
            return None
        micros = read_plain_instants(texts, whole)
        return Times(micros, [TimeQuality.EXACT] * len(texts)) if micros is not None else None
    if written in _NUMBERS:
        pattern, unit, quality = _NUMBERS[written]
        if pattern.fullmatch(whole):
            return Times([int(text) * unit for text in texts], [quality] * len(texts))
    return None


def _read_each(texts: Sequence[str], column: TimeColumn, left: set[int]) -> Times:
    micros, qualities = [], []
    for place, text in enumerate(texts):
        try:
            moment, quality = column.parse(text)
        except RecordError:
            left.add(place)
            micros.append(0)
            qualities.append(TimeQuality.CONFLICT)
            continue
        micros.append(to_micros(moment))
        qualities.append(quality)
    return Times(micros, qualities)
