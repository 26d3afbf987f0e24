"""Edge: the actions of each customer, written together, so that each report reads its own rows and no others."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from shirase.evidence.columns import DECIDED_SCHEMA
from shirase.evidence.store import parquet_writer
from shirase.scoping.queries import ACTIONS_BY_CUSTOMER, stream

GROUPED_SCHEMA = pa.schema(
    [("customer_id", pa.string()), *(field for field in DECIDED_SCHEMA if field.name != "customers_if_inside")]
)

MAX_GROUP_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class CustomerRows:
    """Where the actions of one customer stand.

    Attributes:
        customer_id: Whose they are.
        action_count: How many.
        row_groups: Parquet row groups that hold them and nothing of anybody else.
    """

    customer_id: str
    action_count: int
    row_groups: tuple[int, ...]


def group_by_customer(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, grouped_path: Path
) -> tuple[CustomerRows, ...]:
    """Write in-scope actions sorted by customer, time, path and line; a row group never holds two customers."""
    index: dict[str, list[int]] = {}
    counts: dict[str, int] = {}
    with parquet_writer(grouped_path, GROUPED_SCHEMA) as writer:
        for position, (customer_id, table) in enumerate(_runs(connection, decided_path)):
            writer.write_table(table, row_group_size=MAX_GROUP_ROWS)
            index.setdefault(customer_id, []).append(position)
            counts[customer_id] = counts.get(customer_id, 0) + table.num_rows
    return tuple(CustomerRows(key, counts[key], tuple(groups)) for key, groups in index.items())


def _runs(connection: duckdb.DuckDBPyConnection, decided_path: Path) -> Iterator[tuple[str, pa.Table]]:
    """Runs of at most :data:`MAX_GROUP_ROWS` rows of one customer, joined over batch borders."""
    held: list[pa.RecordBatch] = []
    held_rows, held_for = 0, ""
    for batch in stream(connection, ACTIONS_BY_CUSTOMER, [str(decided_path)]):
        for customer_id, piece in _split(batch):
            if held and (customer_id != held_for or held_rows + piece.num_rows > MAX_GROUP_ROWS):
                yield held_for, pa.Table.from_batches(held).cast(GROUPED_SCHEMA)
                held, held_rows = [], 0
            held.append(piece)
            held_rows += piece.num_rows
            held_for = customer_id
    if held:
        yield held_for, pa.Table.from_batches(held).cast(GROUPED_SCHEMA)


def _split(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Cut a sorted batch wherever the customer changes or a row group is full."""
    ids = batch.column("customer_id").to_pylist()
    start = 0
    for position in range(1, len(ids) + 1):
        if position == len(ids) or ids[position] != ids[start] or position - start == MAX_GROUP_ROWS:
            yield ids[start], batch.slice(start, position - start)
            start = position
