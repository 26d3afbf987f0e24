"""Actions: what the logs say somebody did, with the observations that prove it.

Made a hundred thousand times a run, hence slotted dataclasses and not validated models (see ADR 0004).
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shirase.domain.clues import Clue


class Effect(StrEnum):
    """What an action does to the object, in the order in which a customer worries about it.

    OCSF API Activity ``activity_id``: create 1; view, search, export, authenticate 2; change, reset, impersonate,
    authorise 3; delete 4; communicate and other 99.
    """

    IMPERSONATE = "impersonate"
    RESET = "reset"
    DELETE = "delete"
    CREATE = "create"
    CHANGE = "change"
    AUTHORISE = "authorise"
    EXPORT = "export"
    SEARCH = "search"
    VIEW = "view"
    AUTHENTICATE = "authenticate"
    COMMUNICATE = "communicate"
    OTHER = "other"


class Outcome(StrEnum):
    """Whether the action took place. ``unknown`` is said, never read as success."""

    SUCCESS = "success"
    FAILURE = "failure"
    DENIED = "denied"
    UNKNOWN = "unknown"


class TimeQuality(StrEnum):
    """How much the time of an action can be trusted."""

    EXACT = "exact"
    SECOND = "second"
    ASSUMED_ZONE = "assumed_zone"
    CONFLICT = "conflict"


class ActorKind(StrEnum):
    """What acted."""

    PERSON = "person"
    SERVICE = "service"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """How an attribute that the log may not carry was derived."""

    LOGGED = "logged"
    ROSTER = "roster"
    FILE = "file"
    DECISION = "decision"
    JOIN = "join"
    TEXT = "text"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class EvidenceRef:
    """Where a log line stands: file below the case folder, line (1-based), byte offset (0-based, decompressed)."""

    path: str
    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Observation:
    """One log line that shows an action.

    Attributes:
        source_id: Source in ``incident.toml``.
        source_instance: SHA-256 of the evidence file.
        ref: Where the line stands.
        native_uid: The source's own id of the event, if it has one.
        native_time_text: The time exactly as logged.
        raw_digest: SHA-256 of the line's bytes without its line end.
        received_at: When the source or a carrier took it in.
        via: The system that carried it, for example ``splunk``.
        carrier_uid: The carrier's own id of the record; ``native_uid`` stays that of the system that logged first.
        origin: Adapter that gave the meaning: equal for a record read directly and one that a carrier forwarded.
    """

    source_id: str
    source_instance: str
    ref: EvidenceRef
    native_uid: str | None
    native_time_text: str
    raw_digest: str
    received_at: datetime | None = None
    via: str | None = None
    carrier_uid: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class ActorNative:
    """The actor as logged."""

    id: str
    name: str | None = None
    email: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An object acted on, and the tenant it belongs to where the log says so."""

    type: str | None
    id: str | None
    name: str | None
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field changed by an action, as logged."""

    field: str
    old: str | None
    new: str | None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Justification:
    """Why the actor acted, as logged: a kind of reason, a ticket, free words."""

    type: str | None
    ticket_id: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """How an action hangs together with another: effect_of, authorised_by, part_of, possible_duplicate_of.

    ``action_uid`` is empty where the other line is no action. Of ``effect_of``, told of a cause, ``seen`` is the
    effect.
    """

    kind: str
    action_uid: str
    seen: Observation | None = None


@dataclass(frozen=True, slots=True)
class SupportAction:
    """One logged thing an actor did, with at least one observation.

    ``tenant_ids`` has more than one member when the action touched several tenants; it is empty when the log
    names none. ``actor_uid`` is the identity after resolution; until sources are joined it equals the native id.
    """

    action_uid: str
    time: datetime
    time_quality: TimeQuality
    actor_uid: str
    actor_native: ActorNative
    actor_kind: ActorKind
    action_code: str
    action_native: str
    outcome: Outcome
    tenant_ids: tuple[str, ...]
    tenant_basis: Basis
    observations: tuple[Observation, ...]
    time_end: datetime | None = None
    acting_as: str | None = None
    targets: tuple[Target, ...] = ()
    changes: tuple[Change, ...] = ()
    justification: Justification | None = None
    src_ip: str | None = None
    src_text: str | None = None
    user_agent: str | None = None
    session_uid: str | None = None
    transaction_uid: str | None = None
    relations: tuple[Relation, ...] = ()
    flags: frozenset[str] = field(default_factory=frozenset)
    clues: tuple[Clue, ...] = ()

    @property
    def primary(self) -> Observation:
        """The observation the action's own values come from."""
        return self.observations[0]
