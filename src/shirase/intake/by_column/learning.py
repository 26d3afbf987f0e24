"""Make layouts of records that were parsed."""

from collections import Counter
from typing import NamedTuple

from shirase.intake.by_column.columns import Columns
from shirase.intake.by_column.escapes import Escaped, as_they_stand, escaped
from shirase.intake.by_column.layout import at_way, split_sensitive
from shirase.intake.by_column.layouts import Known, Layouts
from shirase.intake.by_column.values import ColumnReader
from shirase.intake.json_records import Record
from shirase.intake.minimise import ways_of
from shirase.intake.sources.contract import Opened, Reader, RecordContext

_ALIKE = 16
"""Records that are tried on a new pattern, and how many of them there have to be."""

_PART_ALIKE = 4
"""A pattern is made of records that are one in so many of a run: it costs as much as reading hundreds."""

_LONGEST_SAMPLE = 64 << 10
"""Bytes of the longest record that a pattern is made of."""


class Declared(NamedTuple):
    """What an adapter says of the records of one form."""

    values: ColumnReader
    columns: Columns


class Parsed(NamedTuple):
    """Records of a run: where and as they stand, as they were parsed, and out of their wrappers."""

    places: list[int]
    raws: list[bytes]
    records: list[Record | None]
    opened: Opened
    context: RecordContext
    run_size: int


class Learner:
    """Learns the layouts of one file.

    Attributes:
        layouts: Those of records that are read as they stand.
        carriers: Those of a carrier's records, together with what they carry.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.layouts = Layouts()
        self.carriers = Layouts()

    def learn(self, parsed: Parsed, some: list[int], declared: Declared) -> None:
        """Make a pattern of one of some records that stand there as they are, if many are laid out so.

        They are of one form; records of one form that have the same number of quotes are mostly laid out alike.
        """
        opened = parsed.opened
        layouts = self.layouts if opened.carried is None else self.carriers
        quotes = [parsed.raws[opened.places[place]].count(b'"') for place in some] if layouts.may_grow() else []
        for count, times in Counter(quotes).items():
            if times < max(_ALIKE, parsed.run_size // _PART_ALIKE):
                continue
            alike = [place for place, of_place in zip(some, quotes, strict=True) if of_place == count]
            self._learn_one(parsed, alike, declared, layouts)

    def _learn_one(self, parsed: Parsed, some: list[int], declared: Declared, layouts: Layouts) -> None:
        opened, columns = parsed.opened, declared.columns
        place = some[len(some) // 2]
        whole, record = parsed.records[opened.places[place]], opened.records[place]
        raws = [parsed.raws[opened.places[place]] for place in (place, *some[:: len(some) // _ALIKE])]
        if whole is None or len(raws[0]) > _LONGEST_SAMPLE:
            return
        always, looked_at = split_sensitive(record, ways_of(opened.reader.sensitive))
        ways = {way: opened.stands(place, way) for way in columns.ways().union(columns.pinned, looked_at)}
        if opened.carried is not None:
            unknown = sorted(opened.unknown([record]).elements())
            known = Known(declared.values, unknown, always, looked_at, ways)
            self._learn_carrier(whole, known, as_they_stand(raws), columns, parsed.context)
        elif self._reader.fields(whole) == record and all(
            at_way(record, way) == at_way(whole, stands) for way, stands in ways.items()
        ):
            unknown = sorted(self._reader.unknown(whole))
            layouts.add(Known(declared.values, unknown, always, looked_at, ways), escaped(raws), columns)

    def _learn_carrier(
        self, whole: Record, known: Known, alike: Escaped, columns: Columns, context: RecordContext
    ) -> None:
        """The layout of the carrier's record, together with that of the record it carries."""
        carriage = self._reader.carriage(whole, context) if not self._reader.sensitive else None
        if carriage is not None:
            ways = {way: carriage.raw + stands for way, stands in known.ways.items()}
            known = known._replace(ways=ways, carriage=carriage, envelope=dict(context.envelope))
            self.carriers.add(known, alike, columns)
