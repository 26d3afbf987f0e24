"""Read runs of records by column; what is odd is left, to be read by itself.

Two ways lead to columns. Records are parsed, taken out of their wrappers, and their values collected by way, whatever
keys they have beside. Where most records of a file are laid out alike, a pattern is made of one of them
(:mod:`shirase.intake.by_column.layout`), which finds the same values without parsing.

Of every run and declaration one record is read both ways: a difference stops the reading.
"""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar

from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.assemble import Assembler
from shirase.intake.by_column.columns import Columns, Steps
from shirase.intake.by_column.escapes import Escaped, as_they_stand, escaped, meant
from shirase.intake.by_column.layout import Found, Layout, at_way, split_sensitive
from shirase.intake.by_column.layouts import Known, Layouts, Matched
from shirase.intake.by_column.parts import Parts
from shirase.intake.by_column.rows import Made, Where, columns_of
from shirase.intake.by_column.texts import Texts
from shirase.intake.by_column.values import ColumnReader, Values
from shirase.intake.framing.items import Run
from shirase.intake.json_records import Record, parse_record, parse_records
from shirase.intake.meaning import WRITTEN_BY_OTHERS
from shirase.intake.minimise import Minimiser
from shirase.intake.sources.contract import Aside, Opened, Reader, RecordContext
from shirase.intake.summary import FileTally

Row = tuple[Any, ...]
_T = TypeVar("_T")
Sayer = Callable[[list[int]], Values]

_ALIKE = 16
"""Records of a form that are tried on a new pattern; it is kept if it fits nearly all of them."""

_WORTHWHILE = 8
"""Records below which reading them one by one is as fast."""

_MOST_FORMS = 256
_IDLE_RUNS = 4
"""Runs of which nothing was read by column, after which no more are tried."""

_LONGEST_SAMPLE = 64 << 10
"""Bytes of the longest record that a pattern is made of."""

_sha256 = hashlib.sha256


class RunReader:
    """Reads the runs of one file."""

    def __init__(self, reader: Reader, minimiser: Minimiser, assembler: Assembler) -> None:
        self._reader = reader
        self._minimiser = minimiser
        self._assembler = assembler
        self._sensitive: dict[Steps, str] = {tuple(path.split(".")): kind for path, kind in reader.sensitive.items()}
        self._layouts = Layouts()
        self._carriers = Layouts()
        self._forms: dict[tuple[int, Hashable], tuple[ColumnReader, Columns] | None] = {}
        self._idle = 0

    def read(self, run: Run, path: str, tally: FileTally) -> Made | list[Row | None]:
        """All of ``run`` by column; or one row for each record, None for those that have to be read by themselves.

        What was read is counted.
        """
        task = _Task(run, path, tally)
        whole = self._read_by_layout(task) if self._layouts or self._carriers else None
        if whole is None and self._idle < _IDLE_RUNS:
            whole = self._read_parsed(task)
        return whole if whole is not None else task.rows

    # --- parsed --------------------------------------------------------------------------------------------------

    def _read_parsed(self, task: "_Task") -> Made | None:
        run = task.run
        places = [place for place, row in enumerate(task.rows) if row is None]
        records = parse_records(run.raws if len(places) == len(run.raws) else [run.raws[place] for place in places])
        count = 0
        for opened in self._reader.open(records, run.context):
            for form, some in _by_form(opened).items():
                known = self._declared(opened, form, some[0])
                if known is None or len(some) < _WORTHWHILE:
                    continue
                values, columns = known
                made = self._read_form(task, opened, some, values, (places, records))
                count += made.size if made is not None else 0
                if made is not None and made.size == len(run.raws):
                    self._learn(run, opened, some, columns, records)
                    return made
                if made is not None and 2 * made.size > len(run.raws):
                    self._learn(run, opened, some, columns, records)
        self._idle = 0 if count or not places else self._idle + 1
        return None

    def _declared(self, opened: Opened, form: Hashable, place: int) -> tuple[ColumnReader, Columns] | None:
        key = (id(opened.reader), form)
        if key not in self._forms:
            if len(self._forms) > _MOST_FORMS:
                self._forms.clear()
            columns = opened.reader.columns(opened.records[place])
            self._forms[key] = (ColumnReader(columns), columns) if columns is not None else None
        return self._forms[key]

    def _read_form(
        self, task: "_Task", opened: Opened, some: list[int], values: ColumnReader, parsed: tuple[list[int], list[Any]]
    ) -> Made | None:
        """The rows of records of one form; those that are odd are left."""
        in_run, records = parsed

        def say(kept: list[int]) -> Values:
            inside = opened.records if len(kept) == len(opened.records) else [opened.records[place] for place in kept]
            parts = Parts(inside)
            said = self._look_over(values.read(len(kept), parts.column))
            said.left |= parts.left
            return said

        said, kept = _say_all(say, some)
        if not kept:
            return None
        whole = len(kept) == len(opened.records)
        inside = opened.records if whole else [opened.records[place] for place in kept]
        outside = [opened.places[place] for place in kept]
        places = [in_run[place] for place in outside]
        carried = opened.carried if whole or opened.carried is None else opened.carried.at(kept)
        where = _where(task.run, places)
        made = Made(said.count, columns_of(said, where, self._assembler, task.path, carried))
        self._hold_against(made.row(0), task, places[0])
        _tell(said, task.tally)
        task.tally.unknown_columns.update(opened.unknown(inside))
        if opened.beside is not None:
            task.tally.unknown_columns.update(opened.beside(outside))
        if self._reader.sensitive:
            fields = self._reader.fields
            self._minimiser.note_many([fields(records[place]) for place in outside])
        task.put(places, made)
        return made

    # --- laid out alike --------------------------------------------------------------------------------------------

    def _learn(
        self, run: Run, opened: Opened, some: list[int], columns: Columns, parsed: Sequence[Record | None]
    ) -> None:
        """Make a pattern of one of some records that stand there as they are, if nearly all are laid out so."""
        layouts = self._layouts if opened.carried is None else self._carriers
        if not layouts.may_grow or len(some) < _ALIKE or len(run.raws) != len(opened.records):
            return
        place = some[len(some) // 2]
        whole, record = parsed[opened.places[place]], opened.records[place]
        alike = [place, *(some[at * len(some) // _ALIKE] for at in range(_ALIKE))]
        raws = [run.raws[opened.places[place]] for place in alike]
        if whole is None or len(raws[0]) > _LONGEST_SAMPLE:
            return
        if opened.carried is not None:
            ways = {way: opened.stands(place, way) for way in columns.ways().union(columns.pinned)}
            known = Known(ColumnReader(columns), sorted(opened.unknown([record]).elements()), ways=ways)
            self._learn_carrier(whole, known, as_they_stand(raws), columns, run.context)
        elif self._reader.fields(whole) == record:
            always, looked_at = split_sensitive(record, self._sensitive)
            ways = {way: opened.stands(place, way) for way in columns.ways().union(columns.pinned, looked_at)}
            if all(at_way(record, way) == at_way(whole, stands) for way, stands in ways.items()):
                unknown = sorted(self._reader.unknown(whole))
                known = Known(ColumnReader(columns), unknown, always, looked_at, ways)
                self._layouts.add(known, escaped(raws), columns)

    def _learn_carrier(
        self, whole: Record, known: Known, alike: Escaped, columns: Columns, context: RecordContext
    ) -> None:
        """The layout of the carrier's record, together with that of the record it carries."""
        carriage = self._reader.carriage(whole, context) if not self._reader.sensitive else None
        if carriage is not None:
            ways = {way: carriage.raw + stands for way, stands in known.ways.items()}
            known = known._replace(ways=ways, carriage=carriage, envelope=context.envelope)
            self._carriers.add(known, alike, columns)

    def _read_by_layout(self, task: "_Task") -> Made | None:
        made = None
        for layouts, texts_of in ((self._layouts, escaped), (self._carriers, as_they_stand)):
            texts = texts_of(task.run.raws) if layouts else Escaped(())
            for matched in layouts.match(texts):
                made = self._read_matched(task, matched, stood_in=texts.stood_in) or made
        return made if made is not None and made.size == len(task.run.raws) else None

    def _read_matched(self, task: "_Task", matched: Matched, *, stood_in: bool) -> Made | None:
        """The rows of records of one layout; those that are odd are left."""
        layout, known, places, found = matched
        if len(found) < _WORTHWHILE or known.envelope not in ({}, task.run.context.envelope):
            return None

        def say(kept: list[int]) -> Values:
            column = layout.column(_at(found, kept), known.ways)
            return self._look_over(known.values.read(len(kept), _meant(column) if stood_in else column))

        said, kept = _say_all(say, list(range(len(found))))
        places, found = _at(places, kept), _at(found, kept)
        carried = known.carriage.say(layout.column(found)) if kept and known.carriage is not None else None
        if not kept or (known.carriage is not None and carried is None):
            return None
        made = Made(said.count, columns_of(said, _where(task.run, places), self._assembler, task.path, carried))
        self._hold_against(made.row(0), task, places[0])
        _tell(said, task.tally)
        self._tell_of_layout(layout, known, found, task.tally)
        task.put(places, made)
        return made

    # --- both --------------------------------------------------------------------------------------------------------

    def _look_over(self, said: Values) -> Values:
        """Leave those that hold a secret."""
        columns = [said.address_texts, *(said.texts.get(name, ()) for name in WRITTEN_BY_OTHERS)]
        names = [target[2] for targets in said.targets for target in targets]
        changed = [text for changes in said.changes for _, old, new, _ in changes for text in (old, new)]
        suspects = self._minimiser.suspects((*columns, names, changed))
        if suspects:
            for column in columns:
                said.left.update(place for place, text in enumerate(column) if text in suspects)
            for place, targets in enumerate(said.targets):
                if any(target[2] in suspects for target in targets):
                    said.left.add(place)
            for place, changes in enumerate(said.changes):
                if any(old in suspects or new in suspects for _, old, new, _ in changes):
                    said.left.add(place)
        return said

    def _hold_against(self, row: Row, task: "_Task", place: int) -> None:
        line = task.run.line(place)
        meaning = self._reader.read(parse_record(line.raw), task.run.context)
        if isinstance(meaning, Aside) or self._assembler.row(self._minimiser.clean(meaning), line, task.path) != row:
            what = "read by column this record says something else than read by itself"
            raise EvidenceError(Problem(what, f"{task.path}, record {line.number}", "report this: it is a bug"))

    def _tell_of_layout(self, layout: Layout, known: Known, found: Sequence[Found], tally: FileTally) -> None:
        for name in known.unknown:
            tally.unknown_columns[name] += len(found)
        for kind in known.sensitive:
            self._minimiser.counts[kind] += len(found)
        column = layout.column(found, known.ways)
        for way, kind in known.sensitive_ways.items():
            self._minimiser.counts[kind] += sum(1 for value in column(way) if value)


class _Task:
    """One run being read."""

    def __init__(self, run: Run, path: str, tally: FileTally) -> None:
        self.run = run
        self.path = path
        self.tally = tally
        self.rows: list[Row | None] = [None] * len(run.raws)

    def put(self, places: list[int], made: Made) -> None:
        """Rows where their records stand; not needed where they are all of the run."""
        if made.size < len(self.rows):
            for place, row in zip(places, made.rows(), strict=True):
                self.rows[place] = row


def _by_form(opened: Opened) -> dict[Hashable, list[int]]:
    """Places among the opened records, by form; not of those that are to be read by themselves."""
    forms = list(map(opened.reader.form, opened.records))
    if forms and forms.count(forms[0]) == len(forms):
        return {forms[0]: list(range(len(forms)))} if forms[0] is not None else {}
    found: dict[Hashable, list[int]] = {}
    for place, form in enumerate(forms):
        if form is not None:
            found.setdefault(form, []).append(place)
    return found


def _say_all(say: Sayer, places: list[int]) -> tuple[Values, list[int]]:
    """What records say, without those that are left to be read by themselves, and which they are."""
    said = say(places)
    while said.left and places:
        places = [place for at, place in enumerate(places) if at not in said.left]
        said = say(places) if places else said
    return said, places


def _tell(said: Values, tally: FileTally) -> None:
    tally.actions += said.count
    tally.time_qualities.update(said.qualities)
    if OTHER_CODE in said.codes:
        both = zip(said.actions, said.codes, strict=True)
        tally.unmapped_actions.update(action for action, code in both if code == OTHER_CODE)
    tally.unmapped_outcomes.update(word for word in said.outcomes_unmapped if word is not None)


def _where(run: Run, places: list[int]) -> Where:
    if len(places) == len(run.raws):
        numbers: Sequence[int] = range(run.number, run.number + len(run.raws))
        return Where(numbers, run.offsets, [_sha256(raw).hexdigest() for raw in run.raws])
    return Where(
        [run.number + place for place in places],
        [run.offsets[place] for place in places],
        [_sha256(run.raws[place]).hexdigest() for place in places],
    )


def _meant(column: Callable[[Steps], Texts]) -> Callable[[Steps], Texts]:
    """``column`` with what the stand-ins stand for."""
    return cache(lambda way: meant(column(way)))


def _at(values: list[_T], places: list[int]) -> list[_T]:
    """Those at ``places``, which are in order."""
    return values if len(places) == len(values) else [values[place] for place in places]
