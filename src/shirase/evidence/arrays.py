"""Arrow arrays of columns that are mostly of one kind: one value repeated, or lists of one or none.

What they hold is what ``pa.array`` would make of the same values; they are made several times faster.
"""

from collections.abc import Sequence
from itertools import accumulate, chain, repeat
from typing import Any, NamedTuple

import pyarrow as pa


class Repeated(NamedTuple):
    """A column that holds the same in every row."""

    value: Any


Column = Sequence[Any] | Repeated

_ZERO = pa.scalar(0, pa.int32())


def join_columns(columns: Sequence[Column], sizes: Sequence[int]) -> Column:
    """Columns of some sizes, one after the other."""
    first = columns[0]
    if len(columns) == 1 or (isinstance(first, Repeated) and all(column == first for column in columns)):
        return first
    both = zip(columns, sizes, strict=True)
    return list(chain.from_iterable(repeat(it.value, size) if isinstance(it, Repeated) else it for it, size in both))


def build_column(column: Column, count: int, kind: pa.DataType) -> pa.Array:
    """The array of a column of ``count`` rows."""
    if isinstance(column, range):
        return pa.arange(column.start, column.stop, column.step).cast(kind)
    if not isinstance(column, Repeated):
        return build_array(column, kind)
    if column.value is None:
        return pa.nulls(count, kind)
    if pa.types.is_string(kind):
        return pa.repeat(pa.scalar(str(column.value), kind), count)
    if pa.types.is_list(kind) and not column.value:
        return _empty_lists(count, kind)
    return build_array([column.value] * count, kind)


def build_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The array of ``values``; structs are given as tuples, in the order of their fields."""
    first = values[0]
    if values[-1] is first and isinstance(values, list | tuple) and values.count(first) == len(values):
        if first is None:
            return pa.nulls(len(values), kind)
        if pa.types.is_string(kind):
            return pa.repeat(pa.scalar(str(first), kind), len(values))
        if pa.types.is_list(kind) and not first:
            return _empty_lists(len(values), kind)
    if pa.types.is_list(kind) and None not in values:
        flat = _build_flat(list(chain.from_iterable(values)), kind.value_type)
        return pa.ListArray.from_arrays(_offsets(values), flat)
    return pa.array(values, kind)


def _empty_lists(count: int, kind: pa.DataType) -> pa.Array:
    return pa.ListArray.from_arrays(pa.repeat(_ZERO, count + 1), pa.array([], kind.value_type), kind)


def _offsets(values: Sequence[Any]) -> pa.Array:
    """Where each of some lists begins in all of them together, and where the last one ends."""
    if set(map(len, values)) == {1}:
        return pa.arange(0, len(values) + 1).cast(pa.int32())
    return pa.array(list(accumulate(map(len, values), initial=0)), pa.int32())


def _build_flat(values: list[Any], kind: pa.DataType) -> pa.Array:
    if not values:
        return pa.array([], kind)
    if pa.types.is_struct(kind):
        columns = zip(*values, strict=True)
        arrays = [build_array(column, field.type) for field, column in zip(kind, columns, strict=True)]
        return pa.StructArray.from_arrays(arrays, fields=list(kind))
    return build_array(values, kind)
