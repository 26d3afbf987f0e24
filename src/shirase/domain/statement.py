"""The public statement: the figures, the course of events and the words that everybody may read, in both languages."""

from dataclasses import dataclass

from shirase.domain.action import Effect
from shirase.domain.bilingual import Paired
from shirase.domain.report import BatchFacts


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure of the statement and the query behind it; a float is a share of 1.

    ``label`` is None for figures that every case has: templates name them.
    """

    name: str
    label: Paired | None
    value: int | float
    query: str


@dataclass(frozen=True, slots=True)
class EffectFigure:
    """Actions of one effect, and the customers they concern."""

    effect: Effect
    actions: int
    customers: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What the statement says. Nothing in here may name a customer.

    Attributes:
        batch: What every report says alike.
        text: The public section of the narrative, or its summary.
        figures: In the order in which they are printed.
        effects: Actions by what they do.
        actions_digest: SHA-256 of the ``actions.parquet`` that the queries were put to.
        zone: IANA zone printed beside UTC.
    """

    batch: BatchFacts
    text: Paired
    figures: tuple[StatedFigure, ...]
    effects: tuple[EffectFigure, ...]
    actions_digest: str
    zone: str
