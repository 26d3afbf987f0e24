"""Edge: DuckDB over the Parquet files of the evidence store. Joins, windows and sorts spill to disk when they must."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

BATCH_ROWS = 16_384


@contextmanager
def open_engine(scratch: Path, *, memory_mib: int = 1024) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB that may use ``memory_mib`` and spills below ``scratch``.

    Rows keep the order a query asks for; nothing depends on the number of threads.
    """
    connection = duckdb.connect(config={"memory_limit": f"{memory_mib}MiB", "temp_directory": str(scratch)})
    try:
        yield connection
    finally:
        connection.close()


def stream(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> Iterator[pa.RecordBatch]:
    """The result of ``sql``, a batch at a time."""
    yield from pa.RecordBatchReader.from_stream(connection.sql(sql, params=parameters).to_arrow_reader(BATCH_ROWS))


def rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """The whole result of a small query."""
    return connection.execute(sql, parameters).fetchall()


ACTIONS_BY_CUSTOMER = """
SELECT unnest(customer_ids) AS customer_id, * EXCLUDE (customers_if_inside)
FROM read_parquet($1) WHERE disposition = 'in_scope'
ORDER BY customer_id, time_us, path, line
"""

DISPOSITION_COUNTS = """
SELECT source_id, disposition, rule, count(*) FROM read_parquet($1) GROUP BY ALL ORDER BY ALL
"""

UNKNOWN_ORGANISATIONS = """
SELECT actor_uid, actor_name, actor_organisation, count(*) AS lines FROM read_parquet($1)
WHERE rule = 'organisation_unknown' GROUP BY ALL ORDER BY ALL
"""

CONTRADICTIONS = """
SELECT action_code, count(*) AS lines, arg_min(path, (path, line)), arg_min(line, (path, line)) FROM read_parquet($1)
WHERE state = 'action' AND outcome NOT IN ('failure', 'denied') AND list_contains($2, action_code)
GROUP BY action_code ORDER BY action_code
"""
"""Codes of a list that were logged and not refused, with the first line of each."""

TOUCHED = """
SELECT DISTINCT customer_ids, target.tenant_id, target.name, target.id
FROM (SELECT customer_ids, unnest(targets) AS target FROM read_parquet($1) WHERE disposition = 'in_scope')
ORDER BY ALL
"""

OPEN_LINES = """
SELECT path, line, raw_digest, tenant_ids, rule, candidates, clues FROM read_parquet($1) WHERE open ORDER BY path, line
"""

OPEN_LINES_COUNT = "SELECT count(*) FROM read_parquet($1) WHERE open"

CONFLICTS = """
SELECT source_id, native_uid, count(*) FROM read_parquet($1)
WHERE list_contains(flags, 'id_conflict') GROUP BY ALL ORDER BY ALL
"""

TENANTS_AFFECTED = """
SELECT count(DISTINCT tenant_id) FROM (
    SELECT unnest(tenant_ids) AS tenant_id FROM read_parquet($1) WHERE disposition = 'in_scope')
WHERE NOT starts_with(tenant_id, 'customer:')
"""

UNDESCRIBED = """
SELECT source_id, action_native, count(*) FROM read_parquet($1)
WHERE disposition = 'in_scope' AND NOT list_contains($2, action_code) GROUP BY ALL ORDER BY ALL
"""
"""In-scope actions whose code is not in the list $2: the catalogue does not describe them."""

EDGE = """
WITH told AS (
    SELECT unnest(customers_if_inside) AS customer_id, path, line,
           disposition = 'in_scope' AS now_inside,
           time_us BETWEEN $2 AND $3 AS then_inside
    FROM read_parquet($1) WHERE len(customers_if_inside) > 0
), by_customer AS (
    SELECT customer_id, bool_or(now_inside) AS now_told, bool_or(then_inside) AS then_told FROM told GROUP BY ALL
)
SELECT
    (SELECT count(DISTINCT (path, line)) FROM told WHERE then_inside AND NOT now_inside)
        - (SELECT count(DISTINCT (path, line)) FROM told WHERE now_inside AND NOT then_inside),
    (SELECT count(*) FROM by_customer WHERE then_told AND NOT now_told)
        - (SELECT count(*) FROM by_customer WHERE now_told AND NOT then_told)
"""
"""Lines and customers that a window from $2 to $3 (microseconds, both included) would add, less what it would lose."""

REACH = """
SELECT source_id, min(time_us), max(time_us) FROM read_parquet($1) WHERE time_us IS NOT NULL GROUP BY ALL ORDER BY ALL
"""

ID_GAPS = """
WITH numbered AS (
    SELECT DISTINCT source_id, regexp_extract(native_uid, '^(.*/)?([0-9]{1,18})$', 1) AS site,
           try_cast(regexp_extract(native_uid, '^(.*/)?([0-9]{1,18})$', 2) AS BIGINT) AS number
    FROM read_parquet($1) WHERE list_contains($2, source_id) AND native_uid IS NOT NULL
), following AS (
    SELECT *, lead(number) OVER (PARTITION BY source_id, site ORDER BY number) AS next
    FROM numbered WHERE number IS NOT NULL
)
SELECT source_id, number + 1, next - 1 FROM following WHERE next > number + 1 ORDER BY ALL
"""
"""Numbers that are missing between the ids of the sources in $2, from and to; each site counts by itself."""

BUSY_DAYS = """
SELECT DISTINCT source_id, time_us // 86400000000 AS day FROM read_parquet($1)
WHERE time_us BETWEEN $2 AND $3 ORDER BY ALL
"""
"""UTC days, counted from 1970-01-01, on which a source has a line between $2 and $3 (microseconds, both included)."""
