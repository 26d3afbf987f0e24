"""Work that is spread over processes comes back in order, and what it raises is raised."""

import os

import pytest

from shirase.pipeline.spread import FEW, workers


def squared(number: int) -> int:
    return number * number


def where(number: int) -> int:
    return os.getpid()


def refused(number: int) -> int:
    if number == 5:
        raise ValueError("five")
    return number


@pytest.mark.parametrize(("count", "jobs"), [(3, 2), (FEW + 12, 1), (FEW + 12, 2)])
def test_results_come_in_the_order_of_what_was_given(count: int, jobs: int) -> None:
    """Done here or in a pool."""
    with workers(count, jobs=jobs) as hands:
        assert list(hands.each(squared, range(count))) == [number * number for number in range(count)]


def test_few_pieces_start_no_process() -> None:
    """And many are done elsewhere."""
    with workers(FEW, jobs=2) as hands:
        assert set(hands.each(where, range(FEW))) == {os.getpid()}
    with workers(FEW + 1, jobs=2) as hands:
        assert os.getpid() not in set(hands.each(where, range(FEW + 1)))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_work_raises_is_raised(jobs: int) -> None:
    """At the place of that piece, and the pool ends."""
    done: list[int] = []
    with pytest.raises(ValueError, match="five"), workers(20, jobs=jobs) as hands:
        done.extend(hands.each(refused, range(20)))
    with workers(20, jobs=jobs) as hands:
        assert next(iter(hands.each(squared, [4] * 20))) == 16
