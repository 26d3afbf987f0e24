"""Edge: feeds the rules of reconciliation from the evidence store, a group of lines at a time, and keeps the links."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.sighting import Link, LinkKind, Sighting
from shirase.evidence.columns import EPOCH
from shirase.scoping.queries import rows, stream
from shirase.scoping.reconciliation import tables
from shirase.scoping.reconciliation.clocks import MistakenZone, OffsetCount, clock_offsets, nearest_quarter
from shirase.scoping.reconciliation.consequences import authorisations_of, effects_of, parts_of
from shirase.scoping.reconciliation.same_id import join_by_id
from shirase.scoping.reconciliation.same_time import match_by_time

Row = dict[str, Any]

_BATCH_LINKS = 16_384


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What reconciliation knows of a source.

    Attributes:
        source_id: Source in ``incident.toml``.
        tolerance_us: How far its clock may be off.
        own_tenant: The tenant whose own log it is, if it is one.
    """

    source_id: str
    tolerance_us: int
    own_tenant: str | None


@dataclass(frozen=True, slots=True)
class DayStanding:
    """One UTC day of a source and of one that carries copies of it: how many events who has.

    Attributes:
        source_id: The system itself.
        carrier_id: The source that has copies.
        day: UTC day.
        only_source: Events that only the system itself has.
        only_carrier: Events that only the carrier has: the system's own log lost them, or they were deleted.
        both: Events that both have and say the same of.
        conflict: Events of which they say different things.
    """

    source_id: str
    carrier_id: str
    day: date
    only_source: int
    only_carrier: int
    both: int
    conflict: int

    @property
    def gap(self) -> str | None:
        """The source that has nothing of this day although the other one has: its log has a gap, or was cut."""
        if self.both or self.conflict:
            return None
        if self.only_carrier and not self.only_source:
            return self.source_id
        return self.carrier_id if self.only_source and not self.only_carrier else None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What reconciling found besides the links.

    Attributes:
        links: Links by source, primary source and kind.
        clocks: Microseconds by which a source's clock is ahead of the primary ones', by source.
        days: Completeness by source and day.
    """

    links: tuple[tuple[str, str, str, int], ...]
    clocks: tuple[tuple[str, int], ...]
    days: tuple[DayStanding, ...]


def reconcile(
    connection: duckdb.DuckDBPyConnection, lines_path: Path, facts: Iterable[SourceFacts], identities: Mapping[str, str]
) -> Reconciliation:
    """Find every link between the lines of ``lines_path`` and keep it in the engine, for :data:`RECONCILED_LINES`.

    Raises:
        EvidenceError: When the clocks of two sources differ by whole quarters of an hour: nothing is matched then.
    """
    path = [str(lines_path)]
    connection.execute(tables.MARKED, path)
    connection.execute(tables.LINKS)
    connection.execute(tables.SOURCES)
    connection.execute(tables.IDENTITIES)
    listed = [(entry.source_id, rank, entry.tolerance_us, entry.own_tenant) for rank, entry in enumerate(facts)]
    connection.executemany("INSERT INTO sources VALUES ($1, $2, $3, $4)", listed)
    if identities:
        connection.executemany("INSERT INTO identities VALUES ($1, $2)", [list(item) for item in identities.items()])
    connection.execute(tables.SIGHTINGS, path)
    deltas: dict[str, list[int]] = defaultdict(list)
    _keep(connection, _watch(_by_id(connection), deltas))
    _refuse_mistaken(_zones_of_copies(connection))
    counts: dict[tuple[str, str], OffsetCount] = defaultdict(OffsetCount)
    _keep(connection, _watch(_by_time(connection, counts), deltas))
    _refuse_mistaken(count.verdict(theirs, ours) for (ours, theirs), count in sorted(counts.items()))
    _keep(connection, _effects(connection))
    _keep(connection, _explanations(connection, path))
    return Reconciliation(
        links=tuple(rows(connection, tables.LINK_COUNTS, [])),
        clocks=tuple(sorted(clock_offsets(deltas).items())),
        days=tuple(_day(*found) for found in rows(connection, tables.COMPLETENESS, [])),
    )


def _by_id(connection: duckdb.DuckDBPyConnection) -> Iterator[Link]:
    for _, group in groupby(_sightings(connection, tables.ONE_ID), key=lambda one: (one.origin, one.uid)):
        yield from join_by_id(list(group))


def _by_time(connection: duckdb.DuckDBPyConnection, counts: dict[tuple[str, str], OffsetCount]) -> Iterator[Link]:
    found = _sightings(connection, tables.ONE_KEY)
    for _, group in groupby(found, key=lambda one: (one.actor, one.tenants, one.code)):
        members = list(group)
        links = list(match_by_time(members))
        yield from links
        matched = {place for each in links for place in ((each.path, each.line), (each.to_path, each.to_line))}
        _count_offsets([one for one in members if (one.path, one.line) not in matched], counts)


def _count_offsets(unmatched: list[Sighting], counts: dict[tuple[str, str], OffsetCount]) -> None:
    by_source: dict[str, list[Sighting]] = defaultdict(list)
    for one in sorted(unmatched, key=lambda one: (one.order, one.time_us)):
        by_source[one.source_id].append(one)
    for ours, theirs in combinations(by_source, 2):
        times = sorted(one.time_us for one in by_source[ours])
        for one in by_source[theirs]:
            counts[ours, theirs].add(one, times)


def _zones_of_copies(connection: duckdb.DuckDBPyConnection) -> Iterator[MistakenZone | None]:
    for (theirs, ours), group in groupby(rows(connection, tables.COPY_DELTAS, []), key=lambda row: row[:2]):
        count = OffsetCount()
        for _, _, delta_us in group:
            count.lines += 1
            count.by_quarter.update([quarter] if (quarter := nearest_quarter(delta_us)) else [])
        yield count.verdict(theirs, ours)


def _refuse_mistaken(found: Iterable[MistakenZone | None]) -> None:
    problems = [
        Problem(
            f"its times are {zone.offset_us / 3_600_000_000:+.2f} h against those of source {zone.than} "
            f"in {zone.lines} of {zone.of} lines that could be the same",
            f"source {zone.source_id}",
            "a time zone is mistaken: mend zone in incident.toml or in the profile; nothing was matched",
        )
        for zone in found
        if zone is not None
    ]
    if problems:
        raise EvidenceError(*problems)


def _effects(connection: duckdb.DuckDBPyConnection) -> Iterator[Link]:
    found = _rows(connection, tables.ONE_EFFECT, [])
    for _, group in groupby(found, key=lambda row: (row["tenants"], row["deed"], row["person"])):
        members = list(group)
        yield from effects_of(
            [_sighting(row) for row in members if not row["is_record"]],
            [_sighting(row) for row in members if row["is_record"]],
        )


def _explanations(connection: duckdb.DuckDBPyConnection, path: list[str]) -> Iterator[Link]:
    for _, group in groupby(_rows(connection, tables.ONE_OWN_LOG, path), key=lambda row: row["tenants"]):
        parts: dict[str, list[Sighting]] = defaultdict(list)
        for row in group:
            parts[row["part"]].append(_sighting(row))
        yield from authorisations_of(parts["start"], parts["grant"])
        sessions = {one.session for one in parts["start"] if one.session is not None}
        for session in sorted(sessions):
            yield from parts_of(
                *([one for one in parts[part] if one.session == session] for part in ("start", "end", "action"))
            )


def _watch(links: Iterable[Link], deltas: dict[str, list[int]]) -> Iterator[Link]:
    for found in links:
        if found.kind in (LinkKind.COPY, LinkKind.MATCH):
            deltas[found.source_id].append(found.delta_us)
        yield found


def _keep(connection: duckdb.DuckDBPyConnection, links: Iterable[Link]) -> None:
    """Keep ``links``, once they all are found: a query is being read while they come."""
    held = list(links)
    for start in range(0, len(held), _BATCH_LINKS):
        part = held[start : start + _BATCH_LINKS]
        columns = {column.name: [getattr(found, column.name) for found in part] for column in fields(Link)}
        connection.register("found_links", pa.table(columns))
        connection.execute("INSERT INTO links BY NAME SELECT * FROM found_links")
        connection.unregister("found_links")


def _sightings(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Sighting]:
    return (_sighting(row) for row in _rows(connection, sql, []))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> Iterator[Row]:
    for batch in stream(connection, sql, parameters):
        yield from batch.to_pylist()


def _sighting(row: Row) -> Sighting:
    values = {name: row[name] for name in tables.COLUMNS}
    return Sighting(**values | {"tenants": tuple(row["tenants"]), "copied_by": tuple(row.get("copied_by") or ())})


def _day(ours: str, theirs: str, day: int, *counts: int) -> DayStanding:
    only_source, only_carrier, both, conflict = counts
    return DayStanding(
        ours, theirs, (EPOCH + timedelta(days=day)).date(), only_source, only_carrier, both, conflict,
    )  # fmt: skip
