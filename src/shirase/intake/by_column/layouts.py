"""The layouts that were learnt of one file, and what is known of the records of each."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shirase.intake.by_column.carried import Carriage
from shirase.intake.by_column.columns import Columns, Steps
from shirase.intake.by_column.escapes import Escaped
from shirase.intake.by_column.layout import Found, Layout
from shirase.intake.by_column.values import ColumnReader

_MOST = 8
"""Layouts of a file."""

_MOST_FAILURES = 4
"""Patterns in a row that do not fit, after which no more are tried."""

_MOST_LOOKED = 64
"""Times that one is looked for in vain."""


class Known(NamedTuple):
    """What is known of all records of a layout.

    Attributes:
        values: Reads them.
        unknown: Fields that nobody knows.
        sensitive: Kinds of sensitive values.
        sensitive_ways: Ways to texts that are sensitive where they are not empty, and their kinds.
        ways: Where in a record stands what is at a way for its reader.
        carriage: Where a carrier's own marks stand, and the record that it carries.
        envelope: What has to stand around them; None where that is the same.
    """

    values: ColumnReader
    unknown: Sequence[str]
    sensitive: Sequence[str] = ()
    sensitive_ways: Mapping[Steps, str] = {}
    ways: Mapping[Steps, Steps] = {}
    carriage: Carriage | None = None
    envelope: Mapping[str, Any] | None = None


class Matched(NamedTuple):
    """Records of one layout: where they stand, and what was captured in each."""

    layout: Layout
    known: Known
    places: list[int]
    found: list[Found]


class Layouts:
    """Layouts, with what is known of each."""

    def __init__(self) -> None:
        self._by_quotes: dict[int, list[tuple[Layout, Known]]] = {}
        self._failures = 0
        self._looked = 0

    def may_grow(self) -> bool:
        """Whether another one is still looked for."""
        self._looked += 1
        if self._looked > _MOST_LOOKED or self._failures >= _MOST_FAILURES:
            return False
        return sum(map(len, self._by_quotes.values())) < _MOST

    def __bool__(self) -> bool:
        return bool(self._by_quotes)

    def add(self, known: Known, alike: Escaped, columns: Columns) -> None:
        """Take a layout, made of the first of those ``alike``, if it and nearly all others fit it."""
        layout = _lay_out(known, alike, columns) if alike.texts[0] else None
        found = layout.find(alike.texts, strict=alike.strict) if layout is not None else [None]
        if layout is None or found[0] is None or found.count(None) > len(found) // 8:
            self._failures += 1
        else:
            self._failures = self._looked = 0
            self._by_quotes.setdefault(alike.texts[0].count('"'), []).append((layout, known))

    def match(self, escaped: Escaped) -> Iterator[Matched]:
        """Which texts fit which layout. The number of quotes tells most layouts apart."""
        texts = escaped.texts
        left: Mapping[int, list[int]] = {count: list(range(len(texts))) for count in self._by_quotes}
        if len(self._by_quotes) > 1:
            left = defaultdict(list)
            for place, text in enumerate(texts):
                left[text.count('"')].append(place)
        for count, layouts in self._by_quotes.items():
            places = left.get(count, [])
            for layout, known in layouts:
                if not places:
                    break
                tried = texts if len(places) == len(texts) else [texts[place] for place in places]
                found: list[Any] = layout.find(tried, strict=escaped.strict)
                if None not in found:
                    yield Matched(layout, known, places, found)
                    break
                both = list(zip(places, found, strict=True))
                fitting = [place for place, values in both if values is not None]
                if fitting:
                    yield Matched(layout, known, fitting, [values for values in found if values is not None])
                places = [place for place, values in both if values is None]


def _lay_out(known: Known, alike: Escaped, columns: Columns) -> Layout | None:
    """The layout of the first of those ``alike``; None where it cannot be read by column."""
    captured = {known.ways[way] for way in columns.ways().union(known.sensitive_ways)}
    fixed = {known.ways[way] for way in columns.pinned}
    carries = None
    if known.carriage is not None:
        carries = known.carriage.raw
        captured.update(known.carriage.ways)
        fixed.update(known.carriage.pinned)
    try:
        return Layout(alike.texts[0], captured, strict=alike.strict, pinned=fixed, carries=carries)
    except (ValueError, IndexError, RecursionError, OverflowError, re.error):
        return None
