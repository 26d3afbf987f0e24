"""Writing and reading the Parquet files of the store, a batch of rows at a time: memory does not grow with the log."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from shirase.domain.action import SupportAction
from shirase.domain.disposition import Rule
from shirase.domain.reject import NoAction, Reject
from shirase.domain.scoped import ScopedAction
from shirase.evidence.arrays import Column, build_array, build_column, join_columns
from shirase.evidence.columns import LINE_SCHEMA, flatten_action, flatten_other, inflate_action

BATCH_ROWS = 16_384
"""Rows of a row group, at least."""

_PIECED_ROWS = 4_096
"""Rows that came by column in pieces and are made one."""

_WHOLE_ROWS = 512
"""Rows of a piece that is not kept waiting for others."""

_REPEATED = [
    "source_id", "path", "state", "reject_reason", "source_instance", "time_quality", "actor_uid", "actor_name",
    "actor_email", "actor_organisation", "actor_kind", "action_code", "action_native", "outcome", "tenant_basis",
    "acting_as", "reason_type", "src_ip", "user_agent", "origin", "via",
]  # fmt: skip
"""Columns whose values come again and again."""


_COMPRESSION = {
    field.name: "none" if field.name in ("raw_digest", "content_digest", "action_uid") else "lz4"
    for field in LINE_SCHEMA
}


class LineWriter:
    """Writes one row per log line, in any order, to a file that appears only when all is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        # Read once, by the next stage: digests, which never repeat, are not looked up in dictionaries, nor compressed.
        self._writer = pq.ParquetWriter(
            self._part, LINE_SCHEMA, compression=_COMPRESSION, use_dictionary=_REPEATED, write_statistics=False
        )
        self._batches: list[pa.RecordBatch] = []
        self._rows: list[tuple[Any, ...]] = []
        self._pieces: list[tuple[Sequence[Column], int]] = []
        self._in_pieces = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
            self._write_batches()
            self._writer.close()
            self._part.replace(self._path)
        else:
            self._writer.close()
            self._part.unlink(missing_ok=True)

    def write_action(self, action: SupportAction, content_digest: str) -> None:
        """Add a usable line."""
        self._add(flatten_action(action, content_digest))

    def write_row(self, row: tuple[Any, ...]) -> None:
        """Add a usable line that stands in the order of the columns already."""
        self._add(row)

    def write_columns(self, columns: Sequence[Column], count: int) -> None:
        """Add many usable lines by column, in the order of the columns."""
        self._pieces.append((columns, count))
        self._in_pieces += count
        if self._in_pieces >= _PIECED_ROWS or count >= _WHOLE_ROWS:
            self._put_together()

    def write_other(self, line: Reject | NoAction) -> None:
        """Add a line that is no action, or cannot be used."""
        self._add(flatten_other(line))

    def _add(self, row: tuple[Any, ...]) -> None:
        self._rows.append(row)
        self._flush_full()

    def _flush_full(self) -> None:
        if len(self._rows) >= BATCH_ROWS:
            self._flush()

    def _put_together(self) -> None:
        """Columns of few rows each are made one: an array costs as much as hundreds of values."""
        pieces, self._pieces, self._in_pieces = self._pieces, [], 0
        if pieces:
            sizes, columns = [size for _, size in pieces], zip(*(columns for columns, _ in pieces), strict=True)
            joined = [join_columns(some, sizes) for some in columns]
            both = zip(joined, LINE_SCHEMA, strict=True)
            arrays = [build_column(column, sum(sizes), field.type) for column, field in both]
            self._keep(pa.RecordBatch.from_arrays(arrays, schema=LINE_SCHEMA))

    def _flush(self) -> None:
        self._put_together()
        rows, self._rows = self._rows, []
        if rows:
            columns = zip(LINE_SCHEMA, zip(*rows, strict=True), strict=True)
            arrays = [build_array(values, field.type) for field, values in columns]
            self._keep(pa.RecordBatch.from_arrays(arrays, schema=LINE_SCHEMA))

    def _keep(self, batch: pa.RecordBatch) -> None:
        """Row groups are made of at least :data:`BATCH_ROWS`, whatever the batches."""
        self._batches.append(batch)
        if sum(kept.num_rows for kept in self._batches) >= BATCH_ROWS:
            self._write_batches()

    def _write_batches(self) -> None:
        batches, self._batches = self._batches, []
        if batches:
            self._writer.write_table(pa.Table.from_batches(batches))


@contextmanager
def parquet_writer(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A Parquet writer whose file appears under ``path`` only when the block ends without an error."""
    part = path.with_name(path.name + ".part")
    # Without dictionaries and statistics a small row group is written several times faster; nothing reads them here.
    writer = pq.ParquetWriter(part, schema, compression="zstd", use_dictionary=False, write_statistics=False)
    try:
        yield writer
    except BaseException:
        writer.close()
        part.unlink(missing_ok=True)
        raise
    writer.close()
    part.replace(path)


class ScopedActions:
    """The actions of all customers, to be read one customer after the other.

    The file is opened once: what it says of its row groups grows with the number of customers.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: pq.ParquetFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def read(self, row_groups: Iterable[int]) -> tuple[ScopedAction, ...]:
        """The actions of one customer, from the row groups that hold them, in report order."""
        if self._file is None:
            self._file = pq.ParquetFile(self._path)
        return _inflated(self._file.read_row_groups(list(row_groups)).to_pylist())


def read_scoped_actions(path: Path, row_groups: Iterable[int]) -> tuple[ScopedAction, ...]:
    """The actions of one customer, where no other is wanted."""
    with ScopedActions(path) as file:
        return file.read(row_groups)


def _inflated(rows: list[dict[str, Any]]) -> tuple[ScopedAction, ...]:
    return tuple(
        ScopedAction(
            action=inflate_action(row),
            rule=Rule(row["rule"]),
            organisation_id=row["organisation_id"],
            customer_count=len(row["customer_ids"]),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One line of ``actions.parquet``: where it stands, what was decided; ``time_us`` is 0 where there is no time."""

    path: str
    line: int
    time_us: int
    disposition: str
    rule: str
    customer_ids: tuple[str, ...]
    flags: tuple[str, ...] = ()


def read_decisions(path: Path) -> Iterator[DecidedLine]:
    """Every decided line, in order of path and line."""
    columns = ["path", "line", "time_us", "disposition", "rule", "customer_ids", "flags"]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=columns):
            for row in batch.to_pylist():
                yield DecidedLine(
                    row["path"], row["line"], row["time_us"] or 0, row["disposition"], row["rule"],
                    tuple(row["customer_ids"]), tuple(row["flags"] or ()),
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinePair:
    """Two lines of different sources that hang together: where each stands, and how."""

    place: tuple[str, int]
    kind: str
    other: tuple[str, int]


def read_pairs(path: Path) -> Iterator[LinePair]:
    """Every line that a decided line names besides itself."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=["path", "line", "source_id", "also"]):
            for row in batch.to_pylist():
                for seen in row["also"] or ():
                    if seen["source_id"] != row["source_id"]:
                        yield LinePair((row["path"], row["line"]), seen["kind"], (seen["path"], seen["line"]))


def count_rows(path: Path) -> int:
    """Rows of a file of the store."""
    rows: int = pq.read_metadata(path).num_rows
    return rows
