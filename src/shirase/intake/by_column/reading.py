"""Read runs of records by column: learn the layouts of a file, match records with them, leave the odd ones.

A layout is learned from a record that was read by itself as an action, and only if reading it by column gives the very
same row. The first record of every run and layout is read both ways as well: a difference stops the reading.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.assemble import Assembler
from shirase.intake.by_column.columns import Steps
from shirase.intake.by_column.layout import Layout, split_sensitive
from shirase.intake.by_column.rows import Made, Where, columns_of
from shirase.intake.by_column.values import ColumnReader, Values
from shirase.intake.framing.items import Cut, Run
from shirase.intake.json_records import Record, parse_record
from shirase.intake.meaning import WRITTEN_BY_OTHERS
from shirase.intake.minimise import Minimiser
from shirase.intake.sources.contract import Aside, Reader
from shirase.intake.summary import FileTally

Row = tuple[Any, ...]
_Known = tuple[Layout, ColumnReader]
_Found = tuple[str | None, ...]
_T = TypeVar("_T")

_MOST_LAYOUTS = 24
_ALIKE = 16
"""Records that look alike and were read by themselves, after which one of them is learned from."""

_MOST_TRIALS = 16
"""Records from which nothing could be learned, after which no more are tried."""

_MOST_LOOKS = 4_096
_WORTHWHILE = 16
"""Records of one layout below which reading them one by one is as fast."""

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
        self._layouts: dict[int, list[_Known]] = {}
        self._seen: Counter[tuple[int, int, int]] = Counter()
        self._count = 0
        self._trials = 0

    # --- learning ------------------------------------------------------------------------------------------------

    def learn(self, cut: Cut, unknown: list[str], row: Row, path: str) -> None:
        """Learn the layout of a record that was read as an action and became ``row``, if one like it came before."""
        if not self._is_worth_trying(cut.line.raw):
            return
        self._trials += 1
        text = cut.line.raw.decode()
        layout = self._lay_out(text, cut.record, unknown)
        match = layout.fullmatch(text) if layout is not None else None
        if layout is None or match is None:
            return
        values = ColumnReader(layout)
        said = values.read([match.groups()])
        where = Where([cut.line.number], [cut.line.offset], [cut.line.digest])
        if said.left or Made(1, columns_of(said, where, self._assembler, path)).row(0) != row:
            return
        self._layouts.setdefault(text.count('"'), []).append((layout, values))
        self._count += 1
        self._trials -= 1

    def _is_worth_trying(self, raw: bytes) -> bool:
        """Whether enough records came that look like this one: a pattern costs as much as a hundred records."""
        if self._count >= _MOST_LAYOUTS or self._trials >= _MOST_TRIALS or b"\\" in raw or len(raw) > _LONGEST_SAMPLE:
            return False
        looks = (raw.count(b'"'), raw.count(b"{"), raw.count(b"["))
        if len(self._seen) > _MOST_LOOKS:
            self._seen.clear()
        self._seen[looks] += 1
        return self._seen[looks] % _ALIKE == 0

    def _lay_out(self, text: str, sample: Record, unknown: list[str]) -> Layout | None:
        columns = self._reader.columns(sample)
        if columns is None:
            return None
        try:
            return Layout(text, columns, split_sensitive(sample, self._sensitive), unknown)
        except (ValueError, RecursionError, OverflowError, re.error):
            return None

    # --- reading -------------------------------------------------------------------------------------------------

    def read(self, run: Run, path: str, tally: FileTally) -> Made | list[Row | None]:
        """All of ``run`` by column; or one row for each record, None for those that have to be read by themselves.

        What was read is counted.
        """
        rows: list[Row | None] = [None] * len(run.raws)
        if not self._layouts:
            return rows
        texts = _decode(run.raws)
        for (layout, values), matched, found_in_all in self._match(texts):
            if len(matched) < _WORTHWHILE:
                continue
            said, places, found = self._say_all(values, matched, found_in_all)
            if not found:
                continue
            made = Made(said.count, columns_of(said, _where(run, places), self._assembler, path))
            self._hold_against(made.row(0), run, places[0], path)
            self._tell(said, layout, found, tally)
            if said.count == len(rows):
                return made
            for place, row in zip(places, made.rows(), strict=True):
                rows[place] = row
        return rows

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

    def _say_all(
        self, values: ColumnReader, places: list[int], found: list[_Found]
    ) -> tuple[Values, list[int], list[_Found]]:
        """What records say, without those that are left to be read by themselves."""
        said = self._say(values, found)
        if not said.left:
            return said, places, found
        places, found = _without(places, said.left), _without(found, said.left)
        return self._say(values, found) if found else said, places, found

    def _say(self, values: ColumnReader, found: list[_Found]) -> Values:
        """What records say; those that hold a secret, or whose tenant has to be looked for, are left."""
        said = values.read(found)
        columns = [said.address_texts, *(said.texts.get(name, ()) for name in WRITTEN_BY_OTHERS)]
        names = [target[2] for targets in said.targets for target in targets]
        suspects = self._minimiser.suspects((*columns, names))
        if suspects:
            for column in columns:
                said.left.update(place for place, text in enumerate(column) if text in suspects)
            for place, targets in enumerate(said.targets):
                if any(target[2] in suspects for target in targets):
                    said.left.add(place)
        if self._assembler.looks_for_tenants and self._assembler.tenant_id is None:
            both = enumerate(zip(said.clues, said.tenant_ids, strict=True))
            said.left.update(place for place, (clues, tenants) in both if clues and not tenants)
        return said

    def _hold_against(self, row: Row, run: Run, place: int, path: str) -> None:
        line = run.line(place)
        meaning = self._reader.read(parse_record(line.raw), run.context)
        if isinstance(meaning, Aside) or self._assembler.row(self._minimiser.clean(meaning), line, path) != row:
            what = "read by column this record says something else than read by itself"
            raise EvidenceError(Problem(what, f"{path}, record {line.number}", "report this: it is a bug"))

    def _tell(self, said: Values, layout: Layout, found: list[_Found], tally: FileTally) -> None:
        tally.actions += said.count
        tally.time_qualities.update(said.qualities)
        for name in layout.unknown:
            tally.unknown_columns[name] += said.count
        if OTHER_CODE in said.codes:
            both = zip(said.actions, said.codes, strict=True)
            tally.unmapped_actions.update(action for action, code in both if code == OTHER_CODE)
        tally.unmapped_outcomes.update(word for word in said.outcomes_unmapped if word is not None)
        for kind in layout.sensitive:
            self._minimiser.counts[kind] += said.count
        for way, kind in layout.sensitive_ways.items():
            place = layout.places[way]
            self._minimiser.counts[kind] += sum(1 for values in found if values[place])


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


def _without(listed: list[_T], places: set[int]) -> list[_T]:
    return [entry for place, entry in enumerate(listed) if place not in places]
