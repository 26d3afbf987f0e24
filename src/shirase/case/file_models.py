"""The files of a case that hold one list of entries each, and the columns of its tables."""

from pydantic import Field

from shirase.domain.actor import ActorEntry
from shirase.domain.bilingual import CaseModel
from shirase.domain.catalogue import ActionKind
from shirase.domain.customer import Customer
from shirase.domain.incident import TimelineEntry
from shirase.domain.tickets import Ticket


class TimelineFile(CaseModel):
    """``timeline.toml``."""

    entries: tuple[TimelineEntry, ...] = Field(description="What happened, in any order.")


class ActionsFile(CaseModel):
    """``actions.toml``: the catalogue of actions."""

    actions: tuple[ActionKind, ...] = Field(description="One entry for each action code.")


CUSTOMER_COLUMNS = tuple(Customer.model_fields)
"""The header of ``customers.csv``, in order."""

ACTOR_COLUMNS = tuple(ActorEntry.model_fields)
"""The header of ``actors.csv``, in order."""

TICKET_COLUMNS = tuple(Ticket.model_fields)
"""The header of ``tickets.csv``, in order."""

LIST_COLUMNS = frozenset({"tenant_ids", "domains", "languages", "recipients"})
"""Columns whose cells hold several values."""

LIST_SEPARATOR = ";"
