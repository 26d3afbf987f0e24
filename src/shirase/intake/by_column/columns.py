"""What an adapter may say besides ``read``: where, in records of one layout, each part of the meaning stands.

Declared once for a layout, it lets intake read thousands of records at a time. ``read`` stays the definition; records
that the declaration does not cover are read by it, and both are held against each other (``docs/how-to/add-a-source``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from shirase.domain.action import ActorKind, Outcome, TimeQuality
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.profile import TimeFormat

Steps = tuple[str | int, ...]
"""The way to a value inside a record: keys, and places in lists."""

TargetRow = tuple[str | None, str | None, str | None, str | None]
"""Kind, id, name and tenant of an object acted on."""

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
        again: Where the same time is printed once more; empty for nowhere.
        agrees: Whether the time and what stands at ``again`` are the same, both as printed; records in which they are
            not are left to ``read``. May raise ``RecordError``.
        all_agree: Whether that is certain of many at once; if not, each is looked at.
    """

    ways: tuple[Steps, ...]
    format: TimeFormat
    parse: Callable[[str], tuple[datetime, TimeQuality]]
    again: Steps = ()
    agrees: Callable[[str, str], bool] | None = None
    all_agree: Callable[[Sequence[str], Sequence[str | None]], bool] | None = None


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


Said_co = TypeVar("Said_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Derived(Generic[Said_co]):
    """What an adapter makes of several values of a record, by a function that its ``read`` calls as well.

    Attributes:
        of: Where those values stand: at least one.
        make: Gets their texts, in the order of ``of``, None for what is absent. It depends on nothing else and raises
            nothing.
    """

    of: tuple[TextColumn, ...]
    make: Callable[..., Said_co]

    def __post_init__(self) -> None:
        if not self.of:
            raise ValueError("what is made of nothing is the same for all records")


AnyText = TextColumn | Derived[str | None]


@dataclass(frozen=True, slots=True)
class ChangeColumns:
    """Where name, old and new value of one change stand; an empty way for what is not there."""

    field: tuple[Steps, ...]
    old: tuple[Steps, ...] = ()
    new: tuple[Steps, ...] = ()


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
        code: What gives the code instead, where it depends on more than the source's own.
        found: What gives code, objects acted on and clues, where all are found in the same values; then nothing else
            is said of them.
        by_record: Own codes of which ``read`` says more, or says that they are no actions: those are left to it.
        address: Where the address of the actor stands.
        outcomes: The source's words for an outcome.
        actor_kinds: The source's words for what acted.
        actor_kind_else: What acted when the word is another one.
        tenant_ids: The ways to tenants, one each.
        is_one_tenant: Whether a text is one tenant as it stands; records of which it is not are left to ``read``.
        targets: The objects acted on.
        targets_made: What gives them instead, where they stand in no fixed places.
        drops_empty_targets: Whether an object without kind, id and name is none.
        changes: The values that were changed.
        clue: Kind of the one clue, and where it stands.
        clues: What gives the clues instead, where there may be several.
        odd: What a text begins with that ``read`` takes for something else: such records are left to it.
        pinned: Ways to values that the declaration depends on: another value there is another layout.
    """

    time: TimeColumn
    actor_id: AnyText
    action: AnyText
    texts: Mapping[str, AnyText] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    code: Derived[str] | None = None
    by_record: frozenset[str] = frozenset()
    address: AnyText | None = None
    outcome: TextColumn | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    actor_kind: AnyText | None = None
    actor_kinds: Mapping[str, ActorKind] = field(default_factory=dict)
    actor_kind_else: ActorKind = ActorKind.UNKNOWN
    tenant_ids: tuple[Steps, ...] = ()
    is_one_tenant: Callable[[str], bool] = bool
    targets: tuple[TargetColumns, ...] = ()
    targets_made: Derived[list[TargetRow]] | None = None
    drops_empty_targets: bool = False
    changes: tuple[ChangeColumns, ...] = ()
    clue: tuple[ClueKind, Steps] | None = None
    clues: Derived[tuple[Clue, ...]] | None = None
    found: Derived[tuple[str, list[TargetRow], tuple[Clue, ...]]] | None = None
    odd: str = ""
    pinned: tuple[Steps, ...] = ()

    def ways(self) -> set[Steps]:
        """Every way that is read."""
        found = {*self.time.ways, *self.tenant_ids}
        if self.time.again:
            found.add(self.time.again)
        columns = (self.actor_id, self.action, self.code, *self.texts.values(), self.address, self.outcome,
                   self.actor_kind, self.targets_made, self.clues, self.found)  # fmt: skip
        for column in columns:
            if column is not None:
                found.update(_ways(column))
        for target in self.targets:
            found.update(target.type + target.id + target.name + target.tenant_id)
        for change in self.changes:
            found.update(change.field + change.old + change.new)
        if self.clue is not None:
            found.add(self.clue[1])
        return found


def _ways(column: TextColumn | Derived[object]) -> tuple[Steps, ...]:
    if isinstance(column, TextColumn):
        return column.ways
    return tuple(way for part in column.of for way in part.ways)
