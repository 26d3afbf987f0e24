"""Annex C: what the customer's own log must show, and the queries that find it, filled for this customer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shirase.domain.bilingual import Paired
from shirase.domain.catalogue import ActionKind
from shirase.domain.report import Report, ReportAction


@dataclass(frozen=True, slots=True)
class OwnLogLine:
    """A kind of action that leaves entries in the customer's log: how many there must be, and when."""

    kind: ActionKind
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FilledQuery:
    """A query to paste."""

    name: Paired
    text: str


@dataclass(frozen=True, slots=True)
class OwnLog:
    """What Annex C prints.

    Attributes:
        lines: Kinds that leave entries, most frequent first.
        without_trace: Kinds that leave none.
        queries: Filled with the events of ``lines``, or of the whole catalogue where nothing is recorded.
        kept_until: Last whole day (UTC) on which the log has the earliest entry to look for; None when it keeps all.
    """

    lines: tuple[OwnLogLine, ...]
    without_trace: tuple[ActionKind, ...]
    queries: tuple[FilledQuery, ...]
    kept_until: date | None


def build_own_log(report: Report) -> OwnLog | None:
    """Annex C of ``report``; None when the case knows of no log that the customer keeps."""
    checks = report.batch.self_check
    if checks is None:
        return None
    by_code: dict[str, list[ReportAction]] = defaultdict(list)
    for action in report.actions:
        by_code[action.action_code].append(action)
    lines = tuple(
        OwnLogLine(kind, len(by_code[kind.code]), by_code[kind.code][0].at, by_code[kind.code][-1].at)
        for kind in report.kinds
        if kind.own_log_events and by_code[kind.code]
    )
    events = tuple(dict.fromkeys(event for line in lines for event in line.kind.own_log_events))
    events = events or report.batch.own_log_events
    first = min((line.first_at for line in lines), default=report.batch.window.start_at)
    last = max((line.last_at for line in lines), default=report.batch.window.end_at)
    return OwnLog(
        lines=lines,
        without_trace=tuple(kind for kind in report.kinds if by_code[kind.code] and not kind.own_log_events),
        queries=tuple(FilledQuery(query.name, query.fill(events, first, last)) for query in checks.queries if events),
        kept_until=_kept_until(first, checks.retention_days),
    )


def _kept_until(first: datetime, days: int | None) -> date | None:
    """The last whole day on which an entry of ``first`` is surely still there."""
    if days is None:
        return None
    return (first + timedelta(days=days)).astimezone(UTC).date() - timedelta(days=1)
