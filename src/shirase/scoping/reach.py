"""How far the log of each source reaches, and the days of the window on which it says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from shirase.domain.window import Window
from shirase.evidence.columns import EPOCH, from_micros, to_micros
from shirase.scoping.queries import BUSY_DAYS, REACH, rows


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
    """

    source_id: str
    first_at: datetime | None
    last_at: datetime | None
    silent_days: tuple[date, ...]


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
