"""The files of a case that hold one list of entries each, and the columns of its tables."""

from pydantic import Field

from shirase.domain.actor import ActorEntry
from shirase.domain.bilingual import CaseModel
from shirase.domain.catalogue import ActionKind
from shirase.domain.customer import Customer
from shirase.domain.incident import TimelineEntry


class TimelineFile(CaseModel):
    """``timeline.toml``."""

    entries: tuple[TimelineEntry, ...] = Field(description="What happened, in any order.")


class ActionsFile(CaseModel):
    """``actions.toml``: the catalogue of actions."""

    actions: tuple[ActionKind, ...] = Field(description="One entry for each action code.")


LATER_COLUMNS = ("data_copy",)
"""Columns at the end of ``customers.csv`` that a header may leave out; then every row has the default."""

CUSTOMER_COLUMNS = tuple(name for name in Customer.model_fields if name not in LATER_COLUMNS)
"""The header of ``customers.csv``, in order, as far as it must be there."""

ACTOR_COLUMNS = tuple(ActorEntry.model_fields)
"""The header of ``actors.csv``, in order."""

LIST_COLUMNS = frozenset({"tenant_ids", "domains", "languages", "recipients"})
"""Columns whose cells hold several values."""

LIST_SEPARATOR = ";"
