"""Arrays that are made in a shorter way hold what Arrow makes of the same values."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirase.evidence.arrays import Column, Repeated, build_array, build_column, join_columns

TEXT = pa.string()
TEXTS = pa.list_(pa.string())
PAIRS = pa.list_(pa.struct([("kind", pa.string()), ("value", pa.string())]))

VALUES: dict[pa.DataType, st.SearchStrategy[Any]] = {
    TEXT: st.none() | st.text(max_size=3),
    pa.int64(): st.none() | st.integers(-5, 5),
    TEXTS: st.none() | st.lists(st.none() | st.text(max_size=2), max_size=2),
    PAIRS: st.lists(st.tuples(st.text(max_size=2), st.none() | st.text(max_size=2)), max_size=2),
}


def plain(values: list[Any], kind: pa.DataType) -> list[Any]:
    """What Arrow by itself gives back."""
    return pa.array(values, kind).to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", VALUES, ids=str)
@given(data=st.data())
def test_an_array_holds_its_values(kind: pa.DataType, data: st.DataObject) -> None:
    """Whether they are all the same, all empty, or of one length."""
    values = data.draw(st.lists(VALUES[kind], min_size=1, max_size=6) | VALUES[kind].map(lambda value: [value] * 4))
    array = build_array(values, kind)
    assert (array.type, array.to_pylist()) == (kind, plain(values, kind))
    array.validate(full=True)


@pytest.mark.parametrize("kind", VALUES, ids=str)
@given(data=st.data())
def test_columns_that_follow_each_other_are_one(kind: pa.DataType, data: st.DataObject) -> None:
    """Some repeat one value, some do not."""
    pieces = data.draw(st.lists(st.tuples(VALUES[kind], st.integers(1, 4), st.booleans()), min_size=1, max_size=4))
    columns: list[Column] = [Repeated(value) if repeats else [value] * size for value, size, repeats in pieces]
    sizes = [size for _, size, _ in pieces]
    array = build_column(join_columns(columns, sizes), sum(sizes), kind)
    assert array.to_pylist() == plain([value for value, size, _ in pieces for _ in range(size)], kind)
    array.validate(full=True)


@given(start=st.integers(0, 5), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_numbers_of_lines_follow_each_other(start: int, sizes: list[int]) -> None:
    """As ranges, alone and together."""
    columns: list[Column] = []
    for size in sizes:
        columns.append(range(start, start + size))
        start += size + 1
    array = build_column(join_columns(columns, sizes), sum(sizes), pa.int64())
    assert array.type == pa.int64()
    assert array.to_pylist() == [number for column in columns for number in column]
