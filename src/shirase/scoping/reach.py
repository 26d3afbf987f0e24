"""How far the log of each source reaches, and the days of the window on which it says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from shirase.domain.window import Window
from shirase.evidence.columns import EPOCH, from_micros, to_micros
from shirase.scoping.queries import BUSY_DAYS, ID_GAPS, REACH, rows


@dataclass(frozen=True, slots=True)
class SourceReach:
    """The times that the log of one source has.

    A line counts whatever became of it, also a repeat or a heartbeat: it shows that the source was logging. Unusable
    lines have no time.

    Attributes:
        source_id: Source in ``incident.toml``.
        first_at: Earliest time, UTC; None when no line has one.
        last_at: Latest time, UTC.
        silent_days: UTC days that the window touches on which, inside the window, no line stands.
        missing_ids: Numbers missing between its ids, from and to, where ids count up. A record that was rejected
            leaves a gap as well.
    """

    source_id: str
    first_at: datetime | None
    last_at: datetime | None
    silent_days: tuple[date, ...]
    missing_ids: tuple[tuple[int, int], ...] = ()


def reach_of_sources(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, window: Window, source_ids: Iterable[str]
) -> tuple[SourceReach, ...]:
    """The reach of each source in ``source_ids``, in their order, also of those without a line."""
    path = str(decided_path)
    ends = {source: (first, last) for source, first, last in rows(connection, REACH, [path])}
    busy: dict[str, set[date]] = {}
    for source, day in rows(connection, BUSY_DAYS, [path, to_micros(window.start_at), to_micros(window.end_at)]):
        busy.setdefault(source, set()).add((EPOCH + timedelta(days=day)).date())
    return tuple(
        SourceReach(
            source_id=source,
            first_at=from_micros(ends[source][0]) if source in ends else None,
            last_at=from_micros(ends[source][1]) if source in ends else None,
            silent_days=tuple(day for day in window.utc_days() if day not in busy.get(source, ())),
        )
        for source in source_ids
    )


def with_missing_ids(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, reach: Iterable[SourceReach], serial: Iterable[str]
) -> tuple[SourceReach, ...]:
    """``reach`` with the numbers that are missing between the ids of the sources in ``serial``, which count up."""
    gaps: dict[str, list[tuple[int, int]]] = {}
    for source, first, last in rows(connection, ID_GAPS, [str(decided_path), list(serial)]):
        gaps.setdefault(source, []).append((first, last))
    return tuple(replace(entry, missing_ids=tuple(gaps.get(entry.source_id, ()))) for entry in reach)
