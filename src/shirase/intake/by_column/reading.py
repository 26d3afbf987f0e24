"""Read runs of records by column; what is odd is left, to be read by itself.

Two ways lead to columns. Records are parsed, taken out of their wrappers, and their values collected by way, whatever
keys they have beside. Where most records of a file are laid out alike, a pattern is made of one of them
(:mod:`shirase.intake.by_column.layout`), which finds the same values without parsing.

Of every run and declaration one record is read both ways: a difference stops the reading.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.assemble import Assembler
from shirase.intake.by_column.columns import Columns, Steps
from shirase.intake.by_column.layout import Layout, at_way, split_sensitive
from shirase.intake.by_column.parts import Parts
from shirase.intake.by_column.rows import Made, Where, columns_of
from shirase.intake.by_column.values import ColumnReader, Values
from shirase.intake.framing.items import Run
from shirase.intake.json_records import Record, parse_record, parse_records
from shirase.intake.meaning import WRITTEN_BY_OTHERS
from shirase.intake.minimise import Minimiser
from shirase.intake.sources.contract import Aside, Opened, Reader
from shirase.intake.summary import FileTally

Row = tuple[Any, ...]
_Found = tuple[str | None, ...]
Sayer = Callable[[list[int]], Values]

_MOST_LAYOUTS = 4
_MOST_TRIALS = 4
"""Records from which no pattern could be made, after which no more are tried: a pattern costs as much as a hundred."""

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


class _Known(NamedTuple):
    layout: Layout
    values: ColumnReader


class RunReader:
    """Reads the runs of one file."""

    def __init__(self, reader: Reader, minimiser: Minimiser, assembler: Assembler) -> None:
        self._reader = reader
        self._minimiser = minimiser
        self._assembler = assembler
        self._sensitive: dict[Steps, str] = {tuple(path.split(".")): kind for path, kind in reader.sensitive.items()}
        self._layouts: dict[int, list[_Known]] = {}
        self._forms: dict[tuple[int, Hashable], tuple[ColumnReader, Columns] | None] = {}
        self._trials = 0
        self._idle = 0

    def read(self, run: Run, path: str, tally: FileTally) -> Made | list[Row | None]:
        """All of ``run`` by column; or one row for each record, None for those that have to be read by themselves.

        What was read is counted.
        """
        task = _Task(run, path, tally)
        whole = self._read_by_layout(task) if self._layouts else None
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
        known = sum(map(len, self._layouts.values()))
        if known >= _MOST_LAYOUTS or self._trials >= _MOST_TRIALS or opened.carried:
            return
        if len(some) < _ALIKE or len(run.raws) != len(opened.records):
            return
        place = some[len(some) // 2]
        raw, record = run.raws[opened.places[place]], opened.records[place]
        whole = parsed[opened.places[place]]
        if whole is None or self._reader.fields(whole) is not record or at_way(whole, opened.inside) is not record:
            return
        if b"\\" in raw or len(raw) > _LONGEST_SAMPLE:
            return
        self._trials += 1
        text = raw.decode()
        layout = self._lay_out(text, columns, (whole, record), opened.inside)
        if layout is None:
            return
        tried = [run.raws[opened.places[some[at * len(some) // _ALIKE]]] for at in range(_ALIKE)]
        if layout.fullmatch(text) is None or sum(map(bool, map(layout.fullmatch, _decode(tried)))) < _ALIKE - 2:
            return
        self._layouts.setdefault(text.count('"'), []).append(_Known(layout, ColumnReader(columns)))

    def _lay_out(self, text: str, columns: Columns, sample: tuple[Record, Record], inside: Steps) -> Layout | None:
        """The layout of a sample: with its wrapper, and without it."""
        sensitive = split_sensitive(sample[1], self._sensitive)
        try:
            return Layout(text, columns, sensitive, sorted(self._reader.unknown(sample[0])), inside)
        except (ValueError, RecursionError, OverflowError, re.error):
            return None

    def _read_by_layout(self, task: "_Task") -> Made | None:
        run = task.run
        for (layout, values), matched, found_in_all in self._match(_decode(run.raws)):
            if len(matched) < _WORTHWHILE:
                continue

            def say(
                kept: list[int],
                layout: Layout = layout,
                values: ColumnReader = values,
                found: list[_Found] = found_in_all,
            ) -> Values:
                some = found if len(kept) == len(found) else [found[place] for place in kept]
                return self._look_over(values.read(len(some), layout.column(some)))

            said, kept = _say_all(say, list(range(len(matched))))
            if not kept:
                continue
            places = matched if len(kept) == len(matched) else [matched[place] for place in kept]
            made = Made(said.count, columns_of(said, _where(run, places), self._assembler, task.path))
            self._hold_against(made.row(0), task, places[0])
            _tell(said, task.tally)
            self._tell_of_layout(layout, [found_in_all[place] for place in kept], task.tally)
            if said.count == len(run.raws):
                return made
            task.put(places, made)
        return None

    def _match(self, texts: list[str]) -> Iterator[tuple[_Known, list[int], list[_Found]]]:
        """Which records fit which layout, and their values. The number of quotes tells most layouts apart."""
        left: Mapping[int, list[int]] = {count: list(range(len(texts))) for count in self._layouts}
        if len(self._layouts) > 1:
            left = defaultdict(list)
            for place, text in enumerate(texts):
                left[text.count('"')].append(place)
        for count, known in self._layouts.items():
            places = left.get(count, [])
            for entry in known:
                if not places:
                    break
                tried = texts if len(places) == len(texts) else [texts[place] for place in places]
                matches = list(map(entry[0].fullmatch, tried))
                found = [match.groups() for match in matches if match is not None]
                if len(found) == len(places):
                    yield entry, places, found
                    places = []
                elif found:
                    paired = list(zip(places, matches, strict=True))
                    yield entry, [place for place, match in paired if match is not None], found
                    places = [place for place, match in paired if match is None]

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

    def _tell_of_layout(self, layout: Layout, found: list[_Found], tally: FileTally) -> None:
        for name in layout.unknown:
            tally.unknown_columns[name] += len(found)
        for kind in layout.sensitive:
            self._minimiser.counts[kind] += len(found)
        for way, kind in layout.sensitive_ways.items():
            place = layout.places[way]
            self._minimiser.counts[kind] += sum(1 for values in found if values[place])


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


def _decode(raws: list[bytes]) -> list[str]:
    """The records as text; an empty one for what is no UTF-8, which fits no layout."""
    try:
        return list(map(bytes.decode, raws))
    except UnicodeDecodeError:
        return [_decoded(raw) for raw in raws]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""
