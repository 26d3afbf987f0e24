"""The sample of reports that are made again."""

import pytest

from shirase.pipeline.receipts import Receipt
from shirase.pipeline.reproduce import sample_of


def receipts(number: int) -> list[Receipt]:
    return [Receipt(f"R-{n}", f"C-{n}", "f", "p", "d", None, 20, 1, "run") for n in range(number)]


@pytest.mark.parametrize(("reports", "sample"), [(0, 0), (1, 1), (100, 1), (101, 2), (366, 4)])
def test_one_in_a_hundred_and_at_least_one(reports: int, sample: int) -> None:
    """A batch however small has one report that was made twice; none has none."""
    assert len(sample_of(receipts(reports), None)) == sample


def test_the_sample_is_that_of_the_run_whatever_the_order() -> None:
    """Nobody picks it: the same reports of the same run have the same sample."""
    assert sample_of(receipts(50), 5) == sample_of(receipts(50)[::-1], 5)
    assert len(sample_of(receipts(50), 0)) == 0
