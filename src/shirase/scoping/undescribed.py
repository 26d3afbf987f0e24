"""Actions in scope that nobody has described: adapters know more codes than a catalogue may have."""

from pathlib import Path

import duckdb

from shirase.domain.catalogue import Catalogue
from shirase.scoping.queries import UNDESCRIBED, rows


def find_undescribed(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, catalogue: Catalogue
) -> tuple[tuple[str, str, int], ...]:
    """(source, the source's own code, lines) of every in-scope action without an entry in ``actions.toml``, sorted."""
    found = rows(connection, UNDESCRIBED, [str(decided_path), sorted(catalogue.by_code)])
    return tuple((source, native, lines) for source, native, lines in found)
