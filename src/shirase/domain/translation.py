"""Pairs of texts, and who confirmed that both say the same: an edit of either text takes the confirmation away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TranslationState(StrEnum):
    """How far a translation can be relied on."""

    CONFIRMED = "confirmed"
    STALE = "stale"
    """The source was changed after the translation had been confirmed."""
    EDITED = "edited"
    """The translation itself was changed after it had been confirmed."""
    NEW = "new"
    """Nobody has confirmed this pair in any form."""


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """One text of a case in the language it was drafted in, and in the other.

    Attributes:
        place: Where it stands, for example ``timeline.toml entries[2].text`` or ``narrative/cause, block 1``.
        source: As drafted.
        target: Its translation.
    """

    place: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ConfirmedPair:
    """Two texts of which somebody said, by name, that they say the same."""

    place: str
    source: str
    target: str
    confirmed_by: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class JudgedUnit:
    """A unit and its state; ``confirmed`` is the pair it is, or was before the edit, None when new."""

    unit: TranslationUnit
    state: TranslationState
    confirmed: ConfirmedPair | None


def judge_units(units: Iterable[TranslationUnit], memory: Sequence[ConfirmedPair]) -> tuple[JudgedUnit, ...]:
    """The state of each unit.

    Confirmations hold for texts, wherever they stand: moving a paragraph or an entry takes none away. Where one text of
    a pair is found, a pair confirmed at the same place is preferred.
    """
    pairs = {(pair.source, pair.target): pair for pair in memory}
    by_source: dict[str, list[ConfirmedPair]] = {}
    by_target: dict[str, list[ConfirmedPair]] = {}
    for pair in memory:
        by_source.setdefault(pair.source, []).append(pair)
        by_target.setdefault(pair.target, []).append(pair)
    judged = []
    for unit in units:
        if found := pairs.get((unit.source, unit.target)):
            judged.append(JudgedUnit(unit, TranslationState.CONFIRMED, found))
        elif found := _nearest(unit, by_target.get(unit.target, ())):
            judged.append(JudgedUnit(unit, TranslationState.STALE, found))
        elif found := _nearest(unit, by_source.get(unit.source, ())):
            judged.append(JudgedUnit(unit, TranslationState.EDITED, found))
        else:
            judged.append(JudgedUnit(unit, TranslationState.NEW, None))
    return tuple(judged)


def _nearest(unit: TranslationUnit, pairs: Sequence[ConfirmedPair]) -> ConfirmedPair | None:
    return next((pair for pair in pairs if pair.place == unit.place), pairs[0] if pairs else None)


def waiting(judged: Iterable[JudgedUnit]) -> tuple[JudgedUnit, ...]:
    """The units that nobody has confirmed as they stand."""
    return tuple(entry for entry in judged if entry.state is not TranslationState.CONFIRMED)
