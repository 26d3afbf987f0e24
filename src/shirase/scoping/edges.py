"""What each end of the window decides: lines and customers that moving it would add or remove."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from shirase.domain.window import Window
from shirase.evidence.columns import to_micros
from shirase.scoping.queries import EDGE, rows

MOVES = (timedelta(hours=-24), timedelta(hours=-1), timedelta(hours=1), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class EdgeMove:
    """One end moved by some hours, and what that would change.

    Attributes:
        end: ``start`` or ``end`` of the window.
        hours: How far it is moved; negative is earlier.
        lines: Log lines in scope gained (negative: lost).
        customers: Customers with a report gained (negative: lost).
    """

    end: str
    hours: int
    lines: int
    customers: int


def edge_report(connection: duckdb.DuckDBPyConnection, decided_path: Path, window: Window) -> tuple[EdgeMove, ...]:
    """Each end of ``window`` moved by ±1 h and ±24 h; a move that would turn the window over is left out."""
    moves = []
    for end in ("start", "end"):
        for move in MOVES:
            moved = window.moved(start=move) if end == "start" else window.moved(end=move)
            if moved.start_at > moved.end_at:
                continue
            parameters = [str(decided_path), to_micros(moved.start_at), to_micros(moved.end_at)]
            lines, customers = rows(connection, EDGE, parameters)[0]
            moves.append(EdgeMove(end, move // timedelta(hours=1), lines, customers))
    return tuple(moves)
