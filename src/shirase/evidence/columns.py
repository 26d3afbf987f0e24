"""The columns of the evidence store, and the way between them and :class:`SupportAction`.

One row is one log line. Instants are microseconds since 1970-01-01 UTC, so that no reader applies a zone.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from shirase.domain.action import (
    ActorKind,
    ActorNative,
    Basis,
    Change,
    EvidenceRef,
    Justification,
    Observation,
    Outcome,
    Relation,
    SupportAction,
    Target,
    TimeQuality,
)
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.reject import NoAction, Reject
from shirase.domain.sighting import LinkKind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

TARGET_TYPE = pa.struct([(name, pa.string()) for name in ("type", "id", "name", "tenant_id")])

CHANGE_TYPE = pa.struct([("field", pa.string()), ("old", pa.string()), ("new", pa.string()), ("truncated", pa.bool_())])

CLUE_TYPE = pa.struct([("kind", pa.string()), ("value", pa.string())])

LINE_SCHEMA = pa.schema(
    [
        ("source_id", pa.string()),
        ("path", pa.string()),
        ("line", pa.int64()),
        ("offset", pa.int64()),
        ("raw_digest", pa.string()),
        ("state", pa.string()),
        ("reject_reason", pa.string()),
        ("content_digest", pa.string()),
        ("native_uid", pa.string()),
        ("action_uid", pa.string()),
        ("source_instance", pa.string()),
        ("time_us", pa.int64()),
        ("time_text", pa.string()),
        ("time_quality", pa.string()),
        ("actor_uid", pa.string()),
        ("actor_name", pa.string()),
        ("actor_email", pa.string()),
        ("actor_organisation", pa.string()),
        ("actor_kind", pa.string()),
        ("action_code", pa.string()),
        ("action_native", pa.string()),
        ("outcome", pa.string()),
        ("tenant_ids", pa.list_(pa.string())),
        ("tenant_basis", pa.string()),
        ("targets", pa.list_(TARGET_TYPE)),
        ("acting_as", pa.string()),
        ("reason_type", pa.string()),
        ("reason_text", pa.string()),
        ("ticket_id", pa.string()),
        ("src_ip", pa.string()),
        ("src_text", pa.string()),
        ("user_agent", pa.string()),
        ("session_uid", pa.string()),
        ("transaction_uid", pa.string()),
        ("flags", pa.list_(pa.string())),
        ("origin", pa.string()),
        ("via", pa.string()),
        ("carrier_uid", pa.string()),
        ("received_us", pa.int64()),
        ("time_end_us", pa.int64()),
        ("changes", pa.list_(CHANGE_TYPE)),
        ("clues", pa.list_(CLUE_TYPE)),
        ("candidates", pa.list_(pa.string())),
        ("confidence", pa.string()),
    ]
)
"""One row per log line, as intake leaves it."""

_LINE_NAMES = tuple(LINE_SCHEMA.names)

DECISION_SCHEMA = pa.schema(
    [
        ("disposition", pa.string()),
        ("rule", pa.string()),
        ("customer_ids", pa.list_(pa.string())),
        ("organisation_id", pa.string()),
        ("open", pa.bool_()),
        ("customers_if_inside", pa.list_(pa.string())),
    ]
)
"""What scoping adds to each row. ``customers_if_inside``: who would be told if the window held the line."""

ALSO_TYPE = pa.struct(
    [
        ("kind", pa.string()),
        ("source_id", pa.string()),
        ("path", pa.string()),
        ("line", pa.int64()),
        ("time_us", pa.int64()),
        ("time_text", pa.string()),
        ("source_instance", pa.string()),
        ("native_uid", pa.string()),
        ("raw_digest", pa.string()),
        ("via", pa.string()),
        ("action_uid", pa.string()),
    ]
)

RECONCILED_SCHEMA = pa.schema([("actor_identity", pa.string()), ("also", pa.list_(ALSO_TYPE))])
"""What reconciliation adds to each row: who the actor is, and the other lines it hangs together with."""

DECIDED_SCHEMA = pa.schema([*LINE_SCHEMA, *DECISION_SCHEMA, *RECONCILED_SCHEMA])


def to_micros(instant: datetime) -> int:
    """Microseconds since the epoch, exactly."""
    return (instant - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC instant that many microseconds after the epoch."""
    return EPOCH + timedelta(microseconds=micros)


def flatten_action(action: SupportAction, content_digest: str) -> tuple[Any, ...]:
    """One row of :data:`LINE_SCHEMA`, in the order of its columns, for a usable line."""
    seen = action.primary
    reason = action.justification
    return (
        seen.source_id,
        seen.ref.path,
        seen.ref.line,
        seen.ref.offset,
        seen.raw_digest,
        "action",
        None,
        content_digest,
        seen.native_uid,
        action.action_uid,
        seen.source_instance,
        to_micros(action.time),
        seen.native_time_text,
        action.time_quality.value,
        action.actor_uid,
        action.actor_native.name,
        action.actor_native.email,
        action.actor_native.organisation,
        action.actor_kind.value,
        action.action_code,
        action.action_native,
        action.outcome.value,
        action.tenant_ids,
        action.tenant_basis.value,
        [(target.type, target.id, target.name, target.tenant_id) for target in action.targets],
        action.acting_as,
        reason.type if reason else None,
        reason.text if reason else None,
        reason.ticket_id if reason else None,
        action.src_ip,
        action.src_text,
        action.user_agent,
        action.session_uid,
        action.transaction_uid,
        sorted(action.flags),
        seen.origin,
        seen.via,
        seen.carrier_uid,
        to_micros(seen.received_at) if seen.received_at is not None else None,
        to_micros(action.time_end) if action.time_end is not None else None,
        [(change.field, change.old, change.new, change.truncated) for change in action.changes],
        [(clue.kind.value, clue.value) for clue in action.clues],
        (),
        None,
    )


def flatten_other(line: Reject | NoAction) -> tuple[Any, ...]:
    """One row of :data:`LINE_SCHEMA` for a line that is no action; what it does not have is absent."""
    known = {
        "source_id": line.source_id,
        "path": line.ref.path,
        "line": line.ref.line,
        "offset": line.ref.offset,
        "raw_digest": line.raw_digest,
    }
    if isinstance(line, Reject):
        known |= {"state": "quarantined", "reject_reason": line.reason.value}
    else:
        known |= {"state": "no_action", "action_native": line.action_native}
        known |= {"time_us": to_micros(line.time) if line.time is not None else None}
    return tuple(map(known.get, _LINE_NAMES))


def inflate_action(row: dict[str, Any]) -> SupportAction:
    """The action that :func:`flatten_action` made ``row`` from."""
    observation = Observation(
        source_id=row["source_id"],
        source_instance=row["source_instance"],
        ref=EvidenceRef(row["path"], row["line"], row["offset"]),
        native_uid=row["native_uid"],
        native_time_text=row["time_text"],
        raw_digest=row["raw_digest"],
        received_at=_instant(row["received_us"]),
        via=row["via"],
        carrier_uid=row["carrier_uid"],
        origin=row["origin"],
    )
    also = row.get("also") or ()
    has_reason = row["reason_type"] or row["reason_text"] or row["ticket_id"]
    return SupportAction(
        action_uid=row["action_uid"],
        time=from_micros(row["time_us"]),
        time_quality=TimeQuality(row["time_quality"]),
        actor_uid=row.get("actor_identity") or row["actor_uid"],
        actor_native=ActorNative(row["actor_uid"], row["actor_name"], row["actor_email"], row["actor_organisation"]),
        actor_kind=ActorKind(row["actor_kind"]),
        action_code=row["action_code"],
        action_native=row["action_native"],
        outcome=Outcome(row["outcome"]),
        tenant_ids=tuple(row["tenant_ids"]),
        tenant_basis=Basis(row["tenant_basis"]),
        observations=(observation, *(_also_seen(entry) for entry in also if entry["kind"] in _COUNTED_ONCE)),
        acting_as=row["acting_as"],
        targets=tuple(
            Target(target["type"], target["id"], target["name"], target["tenant_id"]) for target in row["targets"]
        ),
        justification=(Justification(row["reason_type"], row["ticket_id"], row["reason_text"]) if has_reason else None),
        src_ip=row["src_ip"],
        src_text=row["src_text"],
        user_agent=row["user_agent"],
        session_uid=row["session_uid"],
        transaction_uid=row["transaction_uid"],
        flags=frozenset(row["flags"]),
        time_end=_instant(row["time_end_us"]),
        changes=tuple(Change(**change) for change in row["changes"]),
        clues=tuple(Clue(ClueKind(clue["kind"]), clue["value"]) for clue in row["clues"]),
        relations=tuple(
            Relation(entry["kind"], entry["action_uid"] or "", _also_seen(entry))
            for entry in also
            if entry["kind"] not in _COUNTED_ONCE
        ),
    )


_COUNTED_ONCE = frozenset({LinkKind.COPY, LinkKind.MATCH})


def _also_seen(entry: dict[str, Any]) -> Observation:
    return Observation(
        source_id=entry["source_id"],
        source_instance=entry["source_instance"] or "",
        ref=EvidenceRef(entry["path"], entry["line"], 0),
        native_uid=entry["native_uid"],
        native_time_text=entry["time_text"] or "",
        raw_digest=entry["raw_digest"],
        via=entry["via"],
    )


def _instant(micros: int | None) -> datetime | None:
    return from_micros(micros) if micros is not None else None
