"""Read runs of records by column; what is odd is left, to be read by itself.

Two ways lead to columns. Records are parsed, taken out of their wrappers, and their values collected by way, whatever
keys they have beside. Where most records of a file are laid out alike, a pattern is made of one of them
(:mod:`shirase.intake.by_column.layout`), which finds the same values without parsing.

Of every run and declaration one record is read both ways: a difference stops the reading.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.assemble import Assembler
from shirase.intake.by_column.columns import Steps
from shirase.intake.by_column.escapes import Escaped, as_they_stand, escaped, meant
from shirase.intake.by_column.layout import Found, Layout
from shirase.intake.by_column.layouts import Known, Matched
from shirase.intake.by_column.learning import Declared, Learner, Parsed
from shirase.intake.by_column.parts import Parts
from shirase.intake.by_column.rows import Made, Where, columns_of
from shirase.intake.by_column.texts import Texts
from shirase.intake.by_column.values import ColumnReader, Values
from shirase.intake.framing.items import Run
from shirase.intake.json_records import parse_record, parse_records
from shirase.intake.meaning import WRITTEN_BY_OTHERS
from shirase.intake.minimise import Minimiser, count_sensitive, ways_of
from shirase.intake.sources.contract import Aside, Opened, Reader
from shirase.intake.summary import FileTally

Row = tuple[Any, ...]
_T = TypeVar("_T")
Sayer = Callable[[list[int]], Values]

_WORTHWHILE = 8
"""Records below which reading them one by one is as fast."""

_MOST_FORMS = 256
_IDLE_RUNS = 4
"""Runs of which nothing was read by column, after which no more are tried."""

_sha256 = hashlib.sha256


class ReadRun(NamedTuple):
    """A run that was read.

    Attributes:
        made: Rows of those of its records that were read by column, in any order.
        left: Places of the others, in their order.
    """

    made: list[Made]
    left: list[int]


class RunReader:
    """Reads the runs of one file."""

    def __init__(self, reader: Reader, minimiser: Minimiser, assembler: Assembler) -> None:
        self._reader = reader
        self._minimiser = minimiser
        self._assembler = assembler
        self._learner = Learner(reader)
        self._forms: dict[tuple[int, Hashable], Declared | None] = {}
        self._idle = 0

    def read(self, run: Run, path: str, tally: FileTally) -> ReadRun:
        """What of ``run`` is read by column, and counted; and what has to be read by itself."""
        task = _Task(run, path, tally)
        self._read_by_layout(task)
        if task.left and self._idle < _IDLE_RUNS:
            self._read_parsed(task)
        return ReadRun(task.made, task.left)

    # --- parsed --------------------------------------------------------------------------------------------------

    def _read_parsed(self, task: "_Task") -> None:
        places = task.left
        raws = _at(task.run.raws, places)
        records = parse_records(raws)
        for opened in self._reader.open(records, task.run.context):
            parsed = Parsed(places, raws, records, opened, task.run.context, len(task.run.raws))
            for form, some in _by_form(opened).items():
                known = self._declared(opened, form, some[0])
                if known is not None and len(some) >= _WORTHWHILE:
                    kept = self._read_form(task, parsed, some, known.values)
                    self._learner.learn(parsed, kept, known)
        self._idle = self._idle + 1 if len(task.left) == len(places) else 0

    def _declared(self, opened: Opened, form: Hashable, place: int) -> Declared | None:
        key = (id(opened.reader), form)
        if key not in self._forms:
            if len(self._forms) > _MOST_FORMS:
                self._forms.clear()
            columns = opened.reader.columns(opened.records[place])
            self._forms[key] = Declared(ColumnReader(columns), columns) if columns is not None else None
        return self._forms[key]

    def _read_form(self, task: "_Task", parsed: Parsed, some: list[int], values: ColumnReader) -> list[int]:
        """Read records of one form; those that are odd are left. Gives the places among the opened of those read."""
        opened = parsed.opened

        def say(kept: list[int]) -> Values:
            inside = opened.records if len(kept) == len(opened.records) else [opened.records[place] for place in kept]
            parts = Parts(inside)
            said = self._look_over(values.read(len(kept), parts.column))
            said.left |= parts.left
            return said

        said, kept = _say_all(say, some)
        if not kept:
            return kept
        whole = len(kept) == len(opened.records)
        inside = opened.records if whole else [opened.records[place] for place in kept]
        outside = [opened.places[place] for place in kept]
        places = [parsed.places[place] for place in outside]
        carried = opened.carried if whole or opened.carried is None else opened.carried.at(kept)
        where = _where(task.run, places)
        made = Made(said.count, columns_of(said, where, self._assembler, task.path, carried))
        self._hold_against(made.row(0), task, places[0])
        _tell(said, task.tally)
        task.tally.unknown_columns.update(opened.unknown(inside))
        if opened.beside is not None:
            task.tally.unknown_columns.update(opened.beside(outside))
        self._minimiser.counts.update(count_sensitive(inside, ways_of(opened.reader.sensitive)))
        task.put(places, made)
        return kept

    # --- laid out alike --------------------------------------------------------------------------------------------

    def _read_by_layout(self, task: "_Task") -> None:
        for layouts, texts_of in ((self._learner.layouts, escaped), (self._learner.carriers, as_they_stand)):
            within = task.left
            texts = texts_of(_at(task.run.raws, within)) if layouts and within else Escaped(())
            for matched in layouts.match(texts):
                places = _at(within, matched.places)
                self._read_matched(task, matched._replace(places=places), stood_in=texts.stood_in)

    def _read_matched(self, task: "_Task", matched: Matched, *, stood_in: bool) -> None:
        """Read records of one layout; odd ones are left."""
        layout, known, places, found = matched
        if len(found) < _WORTHWHILE or known.envelope not in (None, task.run.context.envelope):
            return

        def say(kept: list[int]) -> Values:
            column = layout.column(_at(found, kept), known.ways)
            return self._look_over(known.values.read(len(kept), _meant(column) if stood_in else column))

        said, kept = _say_all(say, list(range(len(found))))
        places, found = _at(places, kept), _at(found, kept)
        carried = known.carriage.say(layout.column(found)) if kept and known.carriage is not None else None
        if not kept or (known.carriage is not None and carried is None):
            return
        made = Made(said.count, columns_of(said, _where(task.run, places), self._assembler, task.path, carried))
        self._hold_against(made.row(0), task, places[0])
        _tell(said, task.tally)
        self._tell_of_layout(layout, known, found, task.tally)
        task.put(places, made)

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
        counted = Counter(self._reader.stripped)
        meaning = self._reader.read(parse_record(line.raw), task.run.context)
        self._reader.stripped.clear()
        self._reader.stripped.update(counted)
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
        self.made: list[Made] = []
        self.left = list(range(len(run.raws)))

    def put(self, places: list[int], made: Made) -> None:
        """Take what was read of the records at ``places``."""
        self.made.append(made)
        gone = frozenset(places)
        self.left = [place for place in self.left if place not in gone] if len(gone) < len(self.left) else []


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
