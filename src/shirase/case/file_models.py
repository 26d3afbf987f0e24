"""The files of a case that hold one list of entries each, and the columns of its tables."""

from pydantic import Field

from shirase.domain.actor import ActorEntry
from shirase.domain.bilingual import CaseModel
from shirase.domain.catalogue import ActionKind
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import Customer
from shirase.domain.impact import Inquiry
from shirase.domain.incident import TimelineEntry
from shirase.domain.tickets import Ticket


class TimelineFile(CaseModel):
    """``timeline.toml``."""

    entries: tuple[TimelineEntry, ...] = Field(description="What happened, in any order.")


class ActionsFile(CaseModel):
    """``actions.toml``: the catalogue of actions."""

    actions: tuple[ActionKind, ...] = Field(description="One entry for each action code.")


CUSTOMER_COLUMNS = (
    "customer_id", "name_ja", "name_en", "tenant_ids", "domains", "languages", "time_zone", "status", "recipients",
    "delivery_policy",
)  # fmt: skip
"""The columns that every ``customers.csv`` has, in order."""

CUSTOMER_OPTIONAL = tuple(name for name in Customer.model_fields if name not in CUSTOMER_COLUMNS)
"""Columns that may follow them, each or none, in order."""

INQUIRY_COLUMNS = tuple(Inquiry.model_fields)
"""The header of ``inquiries.csv``, in order."""

ACTOR_OPTIONAL = ("other_ids",)
"""Columns that may follow the others of ``actors.csv``."""

ACTOR_COLUMNS = tuple(name for name in ActorEntry.model_fields if name not in ACTOR_OPTIONAL)
"""The header of every ``actors.csv``, in order."""

TICKET_COLUMNS = tuple(Ticket.model_fields)
"""The header of ``tickets.csv``, in order."""

ACCOUNT_COLUMNS = tuple(Account.model_fields)
"""The header of ``accounts.csv``, in order."""

CONTACT_COLUMNS = tuple(PhoneContact.model_fields)
"""The header of ``contacts.csv``, in order."""

LIST_COLUMNS = frozenset({"tenant_ids", "domains", "languages", "recipients", "phones", "regimes", "other_ids"})
"""Columns whose cells hold several values."""

LIST_SEPARATOR = ";"
