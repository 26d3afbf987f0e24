"""One file being read: each item is put where it belongs, and counted."""

from collections.abc import Sequence
from typing import Any, Protocol

from shirase.domain.action import EvidenceRef
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.errors import Problem
from shirase.domain.incident import MAPPED
from shirase.domain.reject import NoAction, Reject
from shirase.evidence.arrays import Column
from shirase.intake.assemble import Assembler
from shirase.intake.by_column.reading import RunReader
from shirase.intake.framing.items import Cut, Item, Passed, Run
from shirase.intake.framing.json_lines import read_line
from shirase.intake.framing.units import Units
from shirase.intake.intake_file import IntakeFile
from shirase.intake.json_records import Record
from shirase.intake.meaning import Aside, AsideKind
from shirase.intake.minimise import Minimiser
from shirase.intake.records import MAX_KEPT_BYTES, BadRecord, PhysicalLine, RecordError
from shirase.intake.sources.contract import FileFacts, Reader, Remark
from shirase.intake.summary import FileTally

_FIRST_PART = 32
"""Records that are read before the layouts they taught are tried; twice as many each time."""

_LARGEST_PART = 1 << 16


class LineSink(Protocol):
    """Where the lines of a file go, in any order: each row says where it stands."""

    def write_row(self, row: tuple[Any, ...]) -> None:
        """Take a usable line, in the order of the columns."""

    def write_columns(self, columns: Sequence[Column], count: int) -> None:
        """Take many, by column."""

    def write_other(self, line: Reject | NoAction) -> None:
        """Take a line that is no action, or cannot be used."""


class RejectSink(Protocol):
    """Where the lines go that cannot be used, in the order they stand."""

    def write(self, reject: Reject) -> None:
        """Take one."""


class Reading:
    """Takes the items of one file.

    Attributes:
        tally: The running count.
        units: What framing counts, held against the tally at the end.
    """

    def __init__(self, file: IntakeFile, reader: Reader, lines: LineSink, rejects: RejectSink) -> None:
        self.tally = FileTally()
        self.units = Units()
        self._file = file
        self._reader = reader
        self._lines = lines
        self._rejects = rejects
        self._minimiser = Minimiser(reader.sensitive)
        self._assembler = Assembler(file.source, file.facts.digest, file.resolver)
        self._runs = RunReader(reader, self._minimiser, self._assembler)
        self._part = _FIRST_PART
        self._redacts = file.source.adapter != MAPPED

    def take(self, item: Item | Run) -> None:
        """Put one item, or many records, where they belong."""
        if type(item) is Cut:
            self._take(item)
        elif isinstance(item, Run):
            self._take_run(item)
        elif isinstance(item, BadRecord):
            self._reject(item, None)
        elif isinstance(item, Passed):
            self._pass(item)

    def close(self) -> tuple[Problem, ...]:
        """End the file: what must be said about it as a whole."""
        tally = self.tally
        tally.physical = self.units.seen
        tally.stripped.update(self._minimiser.counts)
        tally.stripped.update(self._reader.stripped)
        records = tally.actions + tally.no_actions + tally.previews + sum(tally.rejects.values())
        remarks = [*self._reader.close(FileFacts(records, tally.asides, tuple(self.units.envelopes)))]
        if unread := self.units.unread:
            what = f"{len(unread)} files inside it hold no records that are read: {', '.join(unread[:5])}"
            remarks.append(Remark(what, "look into them yourself; they may be attachments, or logs of another kind"))
        return tuple(Problem(remark.what, self._file.path, remark.mend) for remark in remarks)

    def _take(self, cut: Cut) -> None:
        try:
            self._read(cut)
        except RecordError as error:
            self._reject(BadRecord(cut.line, error.reason, error.detail), cut)
        self.tally.continuation += cut.span - 1

    def _take_run(self, run: Run) -> None:
        """Many by column, as far as their layouts are known; the others one by one, in their order."""
        place = 0
        while place < len(run.raws):
            # What a part teaches of layouts serves the next one.
            end = min(len(run.raws), place + self._part)
            self._take_part(run.part(place, end))
            self._part = min(2 * self._part, _LARGEST_PART)
            place = end

    def _take_part(self, run: Run) -> None:
        made, left = self._runs.read(run, self._file.path, self.tally)
        for some in made:
            self._lines.write_columns(some.columns, some.size)
        for place in left:
            item = read_line(run.line(place), run.context)
            if isinstance(item, Cut):
                self._take(item)
            else:
                self.take(item)

    def _read(self, cut: Cut) -> None:
        reader, tally = self._reader, self.tally
        meaning = reader.read(cut.record, cut.context)
        fields = reader.fields(cut.record)
        tally.unknown_columns.update(reader.unknown(cut.record))
        if reader.sensitive:
            self._minimiser.note(fields)
        if isinstance(meaning, Aside):
            self._set_aside(meaning, cut)
            return
        cleaned = self._minimiser.clean(meaning)
        self._lines.write_row(self._assembler.row(cleaned, cut.line, self._path(cut)))
        tally.actions += 1
        tally.time_qualities[meaning.time.quality] += 1
        if meaning.code == OTHER_CODE:
            tally.unmapped_actions[meaning.action] += 1
        if meaning.outcome_unmapped is not None:
            tally.unmapped_outcomes[meaning.outcome_unmapped] += 1

    def _set_aside(self, aside: Aside, cut: Cut) -> None:
        self.tally.asides[aside.kind.value] += 1
        if aside.kind is AsideKind.PREVIEW:
            self.tally.previews += 1
        elif aside.kind is AsideKind.HEADER:
            self.tally.header += 1
        elif aside.kind is AsideKind.FOOTER:
            self.tally.footer += 1
        else:
            self.tally.no_actions += 1
            ref = EvidenceRef(self._path(cut), cut.line.number, cut.line.offset)
            self._lines.write_other(NoAction(self._file.source.id, ref, aside.action, cut.line.digest, aside.at))

    def _pass(self, passed: Passed) -> None:
        if passed.kind is AsideKind.HEADER:
            self.tally.header += passed.span
        elif passed.kind is AsideKind.FOOTER:
            self.tally.footer += passed.span
        else:
            self.tally.blank += passed.span

    def _path(self, cut: Cut) -> str:
        return f"{self._file.path}!{cut.context.member}" if cut.context.member else self._file.path

    def _reject(self, bad: BadRecord, cut: Cut | None) -> None:
        line = bad.line
        self.tally.rejects[bad.reason.value] += 1
        reject = Reject(
            source_id=self._file.source.id,
            ref=EvidenceRef(self._path(cut) if cut is not None else self._file.path, line.number, line.offset),
            reason=bad.reason,
            detail=bad.detail,
            raw_digest=line.digest,
            raw=self._kept(line, cut.record if cut is not None else None),
            raw_size=line.size,
            redacted=self._redacts,
        )
        self._lines.write_other(reject)
        self._rejects.write(reject)

    def _kept(self, line: PhysicalLine, record: Record | None) -> bytes:
        """What of an unusable record may be written: all of it only where a profile reads it."""
        if not self._redacts:
            return line.raw[:MAX_KEPT_BYTES]
        fields = self._reader.fields(record) if record is not None else None
        return self._minimiser.redact(fields, self._reader.known)[:MAX_KEPT_BYTES]
