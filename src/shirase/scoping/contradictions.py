"""What the permission matrix says the tool cannot do, held against everything that was logged."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shirase.domain.catalogue import Permissions
from shirase.scoping.queries import CONTRADICTIONS, rows


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Log lines that show an action which the matrix says is impossible.

    Attributes:
        position: Of the entry in ``permissions.toml`` under ``cannot``, from 1.
        code: Code of the catalogue that contradicts it.
        lines: How many lines.
        path: File of the first of them; likewise ``line``.
    """

    position: int
    code: str
    lines: int
    path: str
    line: int


def find_contradictions(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, permissions: Permissions
) -> tuple[Contradiction, ...]:
    """Lines that contradict an entry of ``cannot``, whoever acted, whenever, and on whose tenant.

    An attempt that the log says failed or was denied contradicts nothing; an outcome that is not recorded does. Actions
    that nobody has mapped cannot be judged: they are listed as undescribed, and printed raw.
    """
    return tuple(_ask(connection, decided_path, permissions))


def _ask(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, permissions: Permissions
) -> Iterable[Contradiction]:
    for position, entry in enumerate(permissions.cannot, start=1):
        parameters = [str(decided_path), list(entry.action_codes)]
        for code, lines, path, line in rows(connection, CONTRADICTIONS, parameters):
            yield Contradiction(position, code, lines, path, line)
