"""Instants of many texts at once, where all of them are written in the most frequent way."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

PLAIN_LENGTH = len("2022-01-20T23:18:04.645Z")

_PLAIN = re.compile(r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3}Z\n)*", re.ASCII)
_EARLIEST = -62_135_596_800_000_000
"""0001-01-01 in microseconds: the first date there is."""


def read_plain_instants(texts: Sequence[str], lines: str) -> list[int] | None:
    """Microseconds since the epoch of times like 2022-01-20T23:18:04.645Z.

    None when one of them is written otherwise, or is no date.

    Args:
        texts: The times.
        lines: The same, each with a line feed behind it.
    """
    if _PLAIN.fullmatch(lines) is None:
        return None
    try:
        micros: list[int] = (
            pc.cast(pa.array(texts, pa.string()), pa.timestamp("us", "UTC")).cast(pa.int64()).to_pylist()
        )
    except pa.ArrowInvalid:
        return None
    return micros if min(micros) >= _EARLIEST else None
