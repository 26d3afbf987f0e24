"""Files that repeat others in finer cuts: hourly event log files beside the daily ones.

Their rows have no id. Equal rows count once, as everywhere; what only the finer file has is a late or a lost row of
the other, and is said. Told by content: a file lies inside another if all its rows of a kind do, and some are equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shirase.scoping.queries import rows

_NESTED = """
WITH listed AS (
    SELECT source_id, path, action_native, time_us, content_digest FROM read_parquet($1)
    WHERE state = 'action' AND native_uid IS NULL AND list_contains($2, source_id)
), spans AS (
    SELECT source_id, path, action_native, min(time_us) AS first, max(time_us) AS last FROM listed GROUP BY ALL
), nested AS (
    SELECT finer.source_id, finer.path, finer.action_native, whole.path AS whole
    FROM spans AS finer JOIN spans AS whole USING (source_id, action_native)
    WHERE finer.path <> whole.path AND finer.first >= whole.first AND finer.last <= whole.last
      AND finer.last - finer.first < whole.last - whole.first
), contents AS (SELECT DISTINCT source_id, path, action_native, content_digest FROM listed)
SELECT nested.source_id, nested.path, nested.whole, count(*), count(contents.content_digest)
FROM nested JOIN listed USING (source_id, path, action_native)
LEFT JOIN contents ON contents.source_id = nested.source_id AND contents.path = nested.whole
    AND contents.action_native = nested.action_native AND contents.content_digest = listed.content_digest
GROUP BY ALL HAVING count(contents.content_digest) > 0 ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class NestedFile:
    """A file whose rows are those of another, in a finer cut.

    Attributes:
        source_id: Their source.
        path: The finer file.
        whole: The file it lies in.
        rows: Its rows of the kinds that lie in the other.
        also_there: Those of them that the other has as well; each counts once.
    """

    source_id: str
    path: str
    whole: str
    rows: int
    also_there: int

    @property
    def only_here(self) -> int:
        """Rows that the other lacks, and that count."""
        return self.rows - self.also_there


def find_nested_files(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, source_ids: Iterable[str]
) -> tuple[NestedFile, ...]:
    """Files of ``source_ids`` that repeat others in finer cuts."""
    return tuple(NestedFile(*found) for found in rows(connection, _NESTED, [str(decided_path), list(source_ids)]))
