"""Facts that people state rather than logs show: each with the state of knowledge it stands in.

Which facts a notice needs follows from GDPR Art. 33(3), EU 2021/915 clause 9.2 and Art. 8(1) of the
APPI enforcement rules.
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shirase.domain.bilingual import CaseModel, Paired


class FactState(StrEnum):
    """How far a fact is known. A fact without a state is not printed."""

    KNOWN = "known"
    APPROXIMATE = "approximate"
    UNDER_INVESTIGATION = "under_investigation"
    NONE_FOUND = "none_found"
    NOT_APPLICABLE = "not_applicable"
    WITHHELD = "withheld_law_enforcement"


class Topic(StrEnum):
    """What a fact is about, in the order of the report."""

    NATURE = "nature"
    DISCOVERY = "discovery"
    AWARENESS = "awareness"
    MALICE = "malice"
    SUBPROCESSOR = "subprocessor"
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
    AUTHORITIES = "authorities"
    PUBLICATION = "publication"
    INDIVIDUALS = "individuals"


INCIDENT = (Topic.NATURE, Topic.DISCOVERY, Topic.AWARENESS, Topic.MALICE, Topic.SUBPROCESSOR)
"""What section 3 of the report says."""

PERSONAL_DATA = (
    Topic.DATA_ITEMS, Topic.SUBJECT_CATEGORIES, Topic.SUBJECT_COUNT, Topic.RECORD_CATEGORIES, Topic.RECORD_COUNT,
    Topic.SPECIAL_CATEGORIES, Topic.PROTECTION,
)  # fmt: skip
"""What section 5 says."""

CONSEQUENCES = (Topic.CONSEQUENCES, Topic.SECONDARY_HARM, Topic.FINANCIAL_HARM)
"""What section 6 says."""

NOTIFICATIONS = (Topic.AUTHORITIES, Topic.PUBLICATION, Topic.INDIVIDUALS)
"""What section 11 says."""

COUNTED = frozenset({Topic.SUBJECT_COUNT, Topic.RECORD_COUNT})
"""Topics whose value is a number."""


class StatedFact(CaseModel):
    """One entry of ``facts.toml``.

    Attributes:
        about: What the fact is about.
        state: How far it is known.
        number: The value of a topic that counts.
        text: The value of any other topic; for not_applicable the reason; for under_investigation what is being done.
        searched: For none_found: what was examined. The report adds the period and the date by itself.
    """

    about: Topic
    state: FactState
    number: int | None = Field(default=None, ge=0)
    text: Paired | None = None
    searched: Paired | None = None

    @model_validator(mode="after")
    def _says_what_its_state_needs(self) -> Self:
        valued = self.state in (FactState.KNOWN, FactState.APPROXIMATE)
        if self.number is not None and not (valued and self.about in COUNTED):
            raise ValueError("a number belongs to subject_count and record_count that are known or approximate")
        if valued and self.about in COUNTED and self.number is None:
            raise ValueError(f"{self.state.value} needs number")
        if (valued and self.about not in COUNTED and self.text is None) or (
            self.state is FactState.NOT_APPLICABLE and self.text is None
        ):
            raise ValueError(f"{self.state.value} needs text")
        if (self.state is FactState.NONE_FOUND) != (self.searched is not None):
            raise ValueError("none_found, and no other state, needs searched: what was examined")
        return self


class StatedFacts(CaseModel):
    """``facts.toml``: one entry for every topic."""

    facts: tuple[StatedFact, ...] = Field(description="One entry for each topic, in any order.")

    @model_validator(mode="after")
    def _every_topic_once(self) -> Self:
        topics = [fact.about for fact in self.facts]
        repeated = sorted({topic.value for topic in topics if topics.count(topic) > 1})
        missing = [topic.value for topic in Topic if topic not in topics]
        if repeated:
            raise ValueError(f"stated twice: {', '.join(repeated)}")
        if missing:
            raise ValueError(f"not stated: {', '.join(missing)}; state what is not known yet as under_investigation")
        return self

    def of(self, topics: tuple[Topic, ...]) -> tuple[StatedFact, ...]:
        """The facts about ``topics``, in their order."""
        by_topic = {fact.about: fact for fact in self.facts}
        return tuple(by_topic[topic] for topic in topics)

    def open_points(self) -> tuple[StatedFact, ...]:
        """The facts still under investigation, in the order of the report."""
        return tuple(fact for fact in self.of(tuple(Topic)) if fact.state is FactState.UNDER_INVESTIGATION)
