"""What the scope found, in figures and lists that a person can check."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shirase.domain.accounting import Account
from shirase.domain.disposition import Disposition
from shirase.domain.window import Window
from shirase.scoping.contradictions import Contradiction
from shirase.scoping.edges import EdgeMove, edge_report
from shirase.scoping.grouping import CustomerRows
from shirase.scoping.nested_files import NestedFile
from shirase.scoping.queries import (
    CONFLICTS,
    DISPOSITION_COUNTS,
    OPEN_LINES,
    OPEN_LINES_COUNT,
    TENANTS_AFFECTED,
    UNKNOWN_ORGANISATIONS,
    rows,
)
from shirase.scoping.reach import SourceReach, reach_of_sources
from shirase.scoping.reconciliation.feed import Reconciliation

LISTED_OPEN_LINES = 1_000


@dataclass(frozen=True, slots=True)
class UnknownActor:
    """An actor in scope whose employer nobody knows: counted as the worst case, and listed."""

    actor_id: str
    actor_name: str | None
    organisation_logged: str | None
    lines: int


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that no rule could attribute and that no person has signed off.

    ``candidates`` are the customers whom clues point to; ``clues`` are those that may be written down.
    """

    path: str
    line: int
    raw_digest: str
    tenant_ids: tuple[str, ...]
    rule: str
    candidates: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScopeResult:
    """The scope of a case.

    Attributes:
        accounts: The identity per source, by source id.
        by_rule: (source, disposition, rule, lines), sorted.
        customers: Affected customers, by id, and where their actions stand.
        tenants_affected: Distinct tenants named by in-scope lines.
        edges: What each window end moves.
        unknown_actors: Actors of unknown employer that are in scope.
        open_lines: The first lines that wait for a person; all of them count in ``open_count``.
        open_count: Lines that wait for a person.
        conflicts: (source, event id, lines) where one id stands for different content.
        undescribed: (source, native code, lines) in scope that the catalogue does not describe.
        reach: How far the log of each source reaches, in the order of ``accounts``.
        contradictions: Lines that contradict what the permission matrix says the tool cannot do.
        nested_files: Files that repeat others in finer cuts.
        reconciliation: Which sources show the same events, how far their clocks are apart, and what only one has.
    """

    accounts: tuple[Account, ...]
    by_rule: tuple[tuple[str, str, str, int], ...]
    customers: tuple[CustomerRows, ...]
    tenants_affected: int
    edges: tuple[EdgeMove, ...]
    unknown_actors: tuple[UnknownActor, ...]
    open_lines: tuple[OpenLine, ...]
    open_count: int
    conflicts: tuple[tuple[str, str, int], ...]
    reach: tuple[SourceReach, ...]
    undescribed: tuple[tuple[str, str, int], ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    reconciliation: Reconciliation | None = None
    nested_files: tuple[NestedFile, ...] = ()


def collect_result(
    connection: duckdb.DuckDBPyConnection,
    decided_path: Path,
    *,
    window: Window,
    lines_read: Mapping[str, int],
    customers: tuple[CustomerRows, ...],
) -> ScopeResult:
    """Ask the decided lines for every figure of the run sheet.

    ``lines_read`` is intake's own count per source; the accounts set it against what the store holds.
    """
    path = [str(decided_path)]
    by_rule = tuple((str(a), str(b), str(c), int(n)) for a, b, c, n in rows(connection, DISPOSITION_COUNTS, path))
    return ScopeResult(
        accounts=_accounts(by_rule, lines_read),
        by_rule=by_rule,
        customers=customers,
        tenants_affected=rows(connection, TENANTS_AFFECTED, path)[0][0],
        edges=edge_report(connection, decided_path, window),
        unknown_actors=tuple(
            UnknownActor(actor, name, organisation, lines)
            for actor, name, organisation, lines in rows(connection, UNKNOWN_ORGANISATIONS, path)
        ),
        open_lines=_open_lines(connection, path),
        open_count=rows(connection, OPEN_LINES_COUNT, path)[0][0],
        conflicts=tuple((a, b, c) for a, b, c in rows(connection, CONFLICTS, path)),
        reach=reach_of_sources(connection, decided_path, window, lines_read),
    )


def _open_lines(connection: duckdb.DuckDBPyConnection, path: list[str]) -> tuple[OpenLine, ...]:
    found = rows(connection, f"{OPEN_LINES} LIMIT {LISTED_OPEN_LINES}", path)
    return tuple(
        OpenLine(file, line, digest, tuple(tenants or ()), rule, tuple(candidates or ()), _words(clues))
        for file, line, digest, tenants, rule, candidates, clues in found
    )


def _words(clues: list[dict[str, str]] | None) -> tuple[str, ...]:
    return tuple(f"{clue['kind']} {clue['value']}" for clue in clues or ())


def _accounts(by_rule: tuple[tuple[str, str, str, int], ...], lines_read: Mapping[str, int]) -> tuple[Account, ...]:
    accounts = []
    for source_id, read in lines_read.items():
        counts = dict.fromkeys(Disposition, 0)
        for source, disposition, _, lines in by_rule:
            if source == source_id:
                counts[Disposition(disposition)] += lines
        accounts.append(Account(source_id, read, counts))
    return tuple(accounts)
