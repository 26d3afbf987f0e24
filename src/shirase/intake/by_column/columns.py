"""What an adapter may say besides ``read``: where, in records of one layout, each part of the meaning stands.

Declared once for a layout, it lets intake read thousands of records at a time. ``read`` stays the definition; records
that the declaration does not cover are read by it, and both are held against each other (``docs/how-to/add-a-source``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shirase.domain.action import ActorKind, Outcome, TimeQuality
from shirase.domain.clues import ClueKind
from shirase.domain.profile import TimeFormat

Steps = tuple[str | int, ...]
"""The way to a value inside a record: keys, and places in lists."""

TEXT_FIELDS = (
    "actor_name", "actor_email", "actor_organisation", "event_id", "acting_as", "reason_type", "reason_text",
    "ticket_id", "user_agent", "session_id", "transaction_id",
)  # fmt: skip
"""Parts of a meaning that are plain text or absent."""


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Where the time stands.

    Attributes:
        ways: The ways to it; the first value that is not empty counts.
        format: RFC 3339 and seconds are read by column; other formats value by value.
        parse: Reads one value; raises ``RecordError`` for what is none.
    """

    ways: tuple[Steps, ...]
    format: TimeFormat
    parse: Callable[[str], tuple[datetime, TimeQuality]]


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Where a text stands.

    Attributes:
        ways: The ways to it; the first value that is not empty counts.
        absent: Words that mean nothing there.
        holds: What a value must hold to count, such as the sign in an address.
    """

    ways: tuple[Steps, ...]
    absent: frozenset[str] = frozenset()
    holds: str = ""


@dataclass(frozen=True, slots=True)
class TargetColumns:
    """Where kind, id, name and tenant of one object stand; an empty way for what is not there."""

    type: tuple[Steps, ...] = ()
    id: tuple[Steps, ...] = ()
    name: tuple[Steps, ...] = ()
    tenant_id: tuple[Steps, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the meaning stands in the records of one layout.

    Attributes:
        texts: By name of :data:`TEXT_FIELDS`.
        codes: Codes of ``actions.toml`` by the source's own.
        by_record: Own codes of which ``read`` says more, or says that they are no actions: those are left to it.
        address: Where the address of the actor stands.
        outcomes: The source's words for an outcome.
        actor_kinds: The source's words for what acted.
        actor_kind_else: What acted when the word is another one.
        tenant_ids: The ways to tenants, one each.
        is_one_tenant: Whether a text is one tenant as it stands; records of which it is not are left to ``read``.
        targets: The objects acted on.
        drops_empty_targets: Whether an object without kind, id and name is none.
        clue: Kind of the one clue, and where it stands.
        pinned: Ways to values that the declaration depends on: another value there is another layout.
    """

    time: TimeColumn
    actor_id: TextColumn
    action: TextColumn
    texts: Mapping[str, TextColumn] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    by_record: frozenset[str] = frozenset()
    address: TextColumn | None = None
    outcome: TextColumn | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    actor_kind: TextColumn | None = None
    actor_kinds: Mapping[str, ActorKind] = field(default_factory=dict)
    actor_kind_else: ActorKind = ActorKind.UNKNOWN
    tenant_ids: tuple[Steps, ...] = ()
    is_one_tenant: Callable[[str], bool] = bool
    targets: tuple[TargetColumns, ...] = ()
    drops_empty_targets: bool = False
    clue: tuple[ClueKind, Steps] | None = None
    pinned: tuple[Steps, ...] = ()

    def ways(self) -> set[Steps]:
        """Every way that is read."""
        found = {*self.time.ways, *self.tenant_ids}
        for column in (self.actor_id, self.action, *self.texts.values(), self.address, self.outcome, self.actor_kind):
            found.update(column.ways if column is not None else ())
        for target in self.targets:
            found.update(target.type + target.id + target.name + target.tenant_id)
        if self.clue is not None:
            found.add(self.clue[1])
        return found
