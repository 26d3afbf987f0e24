"""Edge: run the rules over every line of the store and write ``actions.parquet``, in order of path and line."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from shirase.domain.disposition import Decision, Disposition
from shirase.domain.sighting import LinkKind
from shirase.evidence.columns import DECIDED_SCHEMA, DECISION_SCHEMA, LINE_SCHEMA, RECONCILED_SCHEMA, from_micros
from shirase.evidence.store import parquet_writer
from shirase.scoping.queries import stream
from shirase.scoping.reconciliation.tables import RECONCILED_LINES
from shirase.scoping.rules import LineFacts, Scope, decide, decide_inside

LinesDecided = Callable[[int], None]
"""Told how many lines were decided since the last call."""

_FACTS = (
    "state", "is_repeat", "time_us", "actor_identity", "actor_organisation", "tenant_ids", "raw_digest", "absorbed_as",
    "source_id", "action_native", "candidates",
)  # fmt: skip


def decide_lines(
    connection: duckdb.DuckDBPyConnection, lines_path: Path, decided_path: Path, *, scope: Scope, decided: LinesDecided
) -> None:
    """Write one row per line of ``lines_path``, with its decision, to ``decided_path``; it is reconciled already."""
    with parquet_writer(decided_path, DECIDED_SCHEMA) as writer:
        for batch in stream(connection, RECONCILED_LINES, [str(lines_path)]):
            writer.write_batch(_decide_batch(batch, scope))
            decided(batch.num_rows)


def _decide_batch(batch: pa.RecordBatch, scope: Scope) -> pa.RecordBatch:
    rows = [_decision_row(facts, scope) for facts in _facts(batch)]
    decisions = pa.RecordBatch.from_pylist(rows, schema=DECISION_SCHEMA)
    columns = {name: batch.column(name) for name in LINE_SCHEMA.names}
    columns |= _mark_conflicts(batch)
    columns |= {name: decisions.column(name) for name in DECISION_SCHEMA.names}
    columns |= {name: batch.column(name) for name in RECONCILED_SCHEMA.names}
    return pa.RecordBatch.from_arrays(
        [columns[field.name].cast(field.type) for field in DECIDED_SCHEMA], schema=DECIDED_SCHEMA
    )


def _facts(batch: pa.RecordBatch) -> Iterator[LineFacts]:
    columns = (batch.column(name).to_pylist() for name in _FACTS)
    for state, is_repeat, time_us, actor_id, organisation, tenant_ids, digest, absorbed, *rest in zip(
        *columns, strict=True
    ):
        source_id, native, candidates = rest
        yield LineFacts(
            state,
            is_repeat,
            from_micros(time_us) if time_us is not None else None,
            actor_id or "",
            organisation,
            tuple(tenant_ids or ()),
            digest,
            LinkKind(absorbed) if absorbed is not None else None,
            f"{source_id}/{native}",
            bool(candidates),
        )


def _decision_row(facts: LineFacts, scope: Scope) -> dict[str, Any]:
    decision = decide(facts, scope)
    return {
        "disposition": decision.disposition.value,
        "rule": decision.rule.value,
        "customer_ids": decision.customer_ids,
        "organisation_id": decision.organisation_id,
        "open": decision.open,
        "customers_if_inside": _customers_if_inside(facts, decision, scope),
    }


def _customers_if_inside(facts: LineFacts, decision: Decision, scope: Scope) -> tuple[str, ...]:
    if decision.disposition is Disposition.OUTSIDE_WINDOW:
        return decide_inside(facts, scope).customer_ids
    return decision.customer_ids


def _mark_conflicts(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """Flag what disagrees; an action whose id another line uses for something else gets an identifier of its own."""
    conflicts = batch.column("id_conflict").to_pylist()
    marks = {name: batch.column(name).to_pylist() for name in ("field_conflict", "possible_duplicate")}
    if not any(map(any, (conflicts, *marks.values()))):
        return {}
    flags, uids = batch.column("flags").to_pylist(), batch.column("action_uid").to_pylist()
    contents = batch.column("content_digest").to_pylist()
    for position, in_conflict in enumerate(conflicts):
        if in_conflict:
            flags[position] = [*flags[position], "id_conflict"]
            uids[position] = hashlib.sha256(f"{uids[position]}\x00{contents[position]}".encode()).hexdigest()
    for mark, marked in marks.items():
        for position, is_marked in enumerate(marked):
            if is_marked:
                flags[position] = [*flags[position], mark]
    flags = [sorted(set(found)) if found is not None else None for found in flags]
    return {
        "flags": pa.array(flags, type=LINE_SCHEMA.field("flags").type),
        "action_uid": pa.array(uids, type=pa.string()),
    }
