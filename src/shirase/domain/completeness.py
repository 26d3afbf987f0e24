"""Checklists of what a notice has to state, and how far one report states it. Never whether anybody complies.

Sources of the checklists: ``locales/regimes.toml``, with the article or rule behind every item.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty, Paired
from shirase.domain.stated import CONSEQUENCES, INCIDENT, NOTIFICATIONS, PERSONAL_DATA, Topic

CONTRACT = "contract"
"""Id of the list that a case writes by itself."""


class Particular(StrEnum):
    """Something that a report states: each topic of ``facts.toml``, and what other parts of the report say."""

    ADDRESSEE = "addressee"
    ISSUED = "issued"
    STAGE = "stage"
    AS_OF = "as_of"
    SUMMARY = "summary"
    TIMELINE = "timeline"
    NATURE = "nature"
    DISCOVERY = "discovery"
    AWARENESS = "awareness"
    MALICE = "malice"
    SUBPROCESSOR = "subprocessor"
    IMPACT = "impact"
    DATA_ITEMS = "data_items"
    SUBJECT_CATEGORIES = "subject_categories"
    SUBJECT_COUNT = "subject_count"
    RECORD_CATEGORIES = "record_categories"
    RECORD_COUNT = "record_count"
    SPECIAL_CATEGORIES = "special_categories"
    PROTECTION = "protection"
    CONSEQUENCES = "consequences"
    SECONDARY_HARM = "secondary_harm"
    FINANCIAL_HARM = "financial_harm"
    CAUSE = "cause"
    MEASURES = "measures"
    REQUESTS = "requests"
    PREVENTION = "prevention"
    AUTHORITIES = "authorities"
    PUBLICATION = "publication"
    INDIVIDUALS = "individuals"
    OPEN_POINTS = "open_points"
    NEXT_UPDATE = "next_update"
    CONTACT = "contact"
    ACTIONS = "actions"
    METHOD = "method"
    OWN_LOG = "own_log"


_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0", (Particular.ADDRESSEE, Particular.ISSUED)),
    ("2", (Particular.STAGE, Particular.AS_OF)),
    ("3", (Particular.SUMMARY, Particular.TIMELINE, *INCIDENT)),
    ("4", (Particular.IMPACT,)),
    ("5", PERSONAL_DATA),
    ("6", CONSEQUENCES),
    ("7", (Particular.CAUSE,)),
    ("8", (Particular.MEASURES,)),
    ("9", (Particular.REQUESTS,)),
    ("10", (Particular.PREVENTION,)),
    ("11", NOTIFICATIONS),
    ("12", (Particular.OPEN_POINTS, Particular.NEXT_UPDATE)),
    ("13", (Particular.CONTACT,)),
    ("A", (Particular.ACTIONS,)),
    ("B", (Particular.METHOD,)),
    ("C", (Particular.OWN_LOG,)),
)
PLACES: Mapping[Particular, str] = {
    Particular(str(name)): section for section, names in _SECTIONS for name in names
}  # fmt: skip
"""Where the report states each: number of a section (0: above the first), or letter of an annex."""

TOPICS: Mapping[Particular, Topic] = {Particular(topic.value): topic for topic in Topic}
"""Those that ``facts.toml`` states, each with its state of knowledge."""


class Level(StrEnum):
    """How strongly an item is asked for. What must be there and is not blocks approval."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Standing(StrEnum):
    """How far something is stated.

    Under investigation is *pending* only when the report lists it as an open point and names the day of the next
    report; otherwise it is missing. *Yours* is what only the recipient can add.
    """

    PRESENT = "present"
    PARTIAL = "partial"
    PENDING = "pending"
    MISSING = "missing"
    YOURS = "yours"


class ChecklistItem(CaseModel):
    """One thing that has to be stated.

    Attributes:
        id: Short identifier, unique in its list.
        level: How strongly.
        text: What.
        source: Article, rule or clause.
        particulars: Everything in the report that has to be there for it; none where only the recipient can add it.
        valid_from: First day on which it is asked for.
        valid_until: Last such day.
    """

    id: NonEmpty
    level: Level = Level.MUST
    text: Paired
    source: Paired
    particulars: tuple[Particular, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def is_yours(self) -> bool:
        """Whether only the recipient can add it."""
        return not self.particulars

    def is_valid(self, on: date) -> bool:
        """Whether it is asked for on that day."""
        return (self.valid_from or on) <= on <= (self.valid_until or on)


class Regime(CaseModel):
    """A checklist.

    Attributes:
        id: Short identifier, as in ``regimes`` of ``incident.toml``.
        title: Law or contract, and who tells whom.
        valid_from: First day on which it applies; no limit when left out.
        valid_until: Last such day.
        items: What has to be stated.
    """

    id: str = Field(default=CONTRACT, pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Paired
    valid_from: date | None = None
    valid_until: date | None = None
    items: tuple[ChecklistItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        ids = [item.id for item in self.items]
        if repeated := sorted({key for key in ids if ids.count(key) > 1}):
            raise ValueError(f"listed twice: {', '.join(repeated)}")
        return self

    def is_valid(self, on: date) -> bool:
        """Whether it applies on that day."""
        return (self.valid_from or on) <= on <= (self.valid_until or on)


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """How far one item is stated.

    Attributes:
        item: Which.
        standing: How far.
        places: Sections and annexes that state it, in the order of the report.
        missing: What is not there.
    """

    item: ChecklistItem
    standing: Standing
    places: tuple[str, ...]
    missing: tuple[Particular, ...]

    @property
    def blocks(self) -> bool:
        """Whether the report must not be approved like this."""
        return bool(self.missing) and self.item.level is Level.MUST


@dataclass(frozen=True, slots=True)
class RegimeStanding:
    """How far one report states what a checklist asks for; ``items`` is empty when it is not in force yet."""

    regime: Regime
    items: tuple[ItemStanding, ...]


def applicable(regimes: Iterable[Regime], chosen: Iterable[str]) -> tuple[Regime, ...]:
    """Those chosen, in the order of ``regimes``; and the contract of the case, which always applies."""
    wanted = {*chosen, CONTRACT}
    return tuple(regime for regime in regimes if regime.id in wanted)


def assess(regime: Regime, stated: Mapping[Particular, Standing], on: date) -> RegimeStanding:
    """Hold what is stated against a checklist.

    Args:
        regime: The checklist.
        stated: How far each particular is stated: present, pending, or missing; one that is not named is missing.
        on: Day of issue, which decides what is asked for.
    """
    items = [item for item in regime.items if item.is_valid(on)] if regime.is_valid(on) else []
    return RegimeStanding(regime, tuple(_assess_item(item, stated) for item in items))


def _assess_item(item: ChecklistItem, stated: Mapping[Particular, Standing]) -> ItemStanding:
    standings = [stated.get(particular, Standing.MISSING) for particular in item.particulars]
    missing = tuple(
        particular
        for particular, standing in zip(item.particulars, standings, strict=True)
        if standing is Standing.MISSING
    )
    places = tuple(dict.fromkeys(PLACES[each] for each in sorted(item.particulars, key=_order) if each not in missing))
    if item.is_yours:
        overall = Standing.YOURS
    elif len(set(standings)) == 1:
        overall = standings[0]
    else:
        overall = Standing.PARTIAL
    return ItemStanding(item, overall, places, missing)


def _order(particular: Particular) -> int:
    return list(PLACES).index(particular)
