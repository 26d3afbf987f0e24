"""Edge: read an evidence file, line by line, into a part of the evidence store and a part of the reject file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shirase.domain.action import EvidenceRef
from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.incident import SourceSection
from shirase.domain.profile import Profile, RecordFormat
from shirase.domain.reject import NoAction, Reject
from shirase.evidence.store import LineWriter
from shirase.intake.csv_records import CsvReader
from shirase.intake.mapping import Mapper
from shirase.intake.ndjson import Record, iter_ndjson
from shirase.intake.records import MAX_KEPT_BYTES, BadRecord, PhysicalLine, RecordError, iter_lines
from shirase.intake.rejects import RejectWriter
from shirase.intake.streams import EvidenceFileFacts, Lines, hash_file, open_lines
from shirase.intake.summary import FileSummary, FileTally, IntakeSummary, close_tally

PROGRESS_LINES = 2_000

BytesRead = Callable[[int], None]
"""Told how many bytes of stored files were read since the last call."""


@dataclass(frozen=True, slots=True)
class IntakeFile:
    """One file to read: where it is, which source it belongs to, and how its records are mapped."""

    path: str
    source: SourceSection
    profile: Profile
    facts: EvidenceFileFacts


@dataclass(frozen=True, slots=True)
class IntakeParts:
    """Where the lines (Parquet) and the rejects (NDJSON) of one file are written."""

    lines: Path
    rejects: Path


def arrive(root: Path, path: str, source: SourceSection, profile: Profile) -> IntakeFile:
    """Take in one file: size and SHA-256 are established here, before a line of it is read."""
    return IntakeFile(path, source, profile, hash_file(root, path))


def read_file(root: Path, file: IntakeFile, parts: IntakeParts, bytes_read: BytesRead) -> FileSummary:
    """Read one file below ``root`` to its end. Files know nothing of each other, so any number may be read at once.

    Raises:
        EvidenceError: When the file cannot be read to its end, or its lines do not add up.
    """
    with LineWriter(parts.lines) as lines, RejectWriter(parts.rejects) as rejects:
        reading = _Reading(file, lines, rejects)
        with open_lines(root, file.path) as opened:
            reading.read(reading.count(opened, bytes_read))
        if hash_file(root, file.path) != file.facts:
            what = "is not the file any more whose SHA-256 was taken when the run began"
            raise EvidenceError(Problem(what, file.path, "stop what writes it and run again"))
        summary = close_tally(file.source.id, file.facts, reading.tally)
        if not summary.count.balances():
            problem = f"its lines do not add up: {summary.count}"
            raise EvidenceError(Problem(problem, file.path, "report this: it is a bug"))
    return summary


def refuse_too_many_rejects(summary: IntakeSummary, limit: float) -> None:
    """Stop the run when more lines are unusable than the case allows.

    Raises:
        EvidenceError: Naming the files with most rejects and where to look; or when there is no line at all.
    """
    if not summary.records:
        raise EvidenceError(Problem("no log line was read", "evidence", "put the exported logs there"))
    share = summary.reject_count / summary.records
    if share <= limit:
        return
    worst = sorted(summary.files, key=lambda file: -file.reject_count)[:3]
    where = ", ".join(f"{file.facts.path} ({file.reject_count})" for file in worst if file.reject_count)
    raise EvidenceError(
        Problem(
            f"{summary.reject_count} of {summary.records} log lines cannot be used ({share:.2%}; limit {limit:.2%})",
            where,
            "read rejects.ndjson; mend the export or the profile, or raise reject_limit knowingly",
        )
    )


class _Reading:
    """One file being read: each record is put where it belongs, and counted."""

    def __init__(self, file: IntakeFile, lines: LineWriter, rejects: RejectWriter) -> None:
        self.tally = FileTally()
        self._file = file
        self._lines = lines
        self._rejects = rejects
        self._mapper = Mapper(file.source, file.profile)

    def count(self, lines: Lines, bytes_read: BytesRead) -> Iterator[PhysicalLine]:
        """Pass the physical lines on, counting them and telling how far the file is."""
        reported = 0
        for line in iter_lines(lines, self._file.path):
            self.tally.physical += 1
            if self.tally.physical % PROGRESS_LINES == 0:
                position = lines.raw_position()
                bytes_read(position - reported)
                reported = position
            yield line
        bytes_read(lines.raw_position() - reported)

    def read(self, lines: Iterator[PhysicalLine]) -> None:
        """Read every record."""
        if self._file.profile.format is RecordFormat.NDJSON:
            for item in iter_ndjson(lines):
                self._take(item)
            return
        reader = CsvReader(lines, self._file.path, self._file.profile.delimiter)
        if reader.header:
            self.tally.header += 1
        for row in reader:
            if isinstance(row, tuple):
                line, cells, span = row
                self.tally.continuation += span - 1
                self._take((line, dict(cells)))
            else:
                self._take(row)

    def _take(self, item: tuple[PhysicalLine, Record] | BadRecord | PhysicalLine) -> None:
        if isinstance(item, PhysicalLine):
            self.tally.blank += 1
        elif isinstance(item, BadRecord):
            self._reject(item)
        else:
            line, record = item
            try:
                self._map(line, self._mapper.unwrap(record))
            except RecordError as error:
                self._reject(BadRecord(line, error.reason, error.detail))

    def _map(self, line: PhysicalLine, record: Record) -> None:
        file, tally = self._file, self.tally
        mapped = self._mapper.map(record, line, path=file.path, source_instance=file.facts.digest)
        tally.unknown_columns.update(self._mapper.unknown_columns(record))
        if mapped.action is None:
            tally.no_actions += 1
            ref = EvidenceRef(file.path, line.number, line.offset)
            self._lines.write_other(NoAction(file.source.id, ref, mapped.action_native, line.digest, mapped.time))
            return
        tally.actions += 1
        tally.time_qualities[mapped.action.time_quality.value] += 1
        if mapped.action_native not in file.profile.action_codes:
            tally.unmapped_actions[mapped.action_native] += 1
        if mapped.outcome_unmapped is not None:
            tally.unmapped_outcomes[mapped.outcome_unmapped] += 1
        self._lines.write_action(mapped.action, mapped.content_digest)

    def _reject(self, bad: BadRecord) -> None:
        line = bad.line
        self.tally.rejects[bad.reason.value] += 1
        reject = Reject(
            source_id=self._file.source.id,
            ref=EvidenceRef(self._file.path, line.number, line.offset),
            reason=bad.reason,
            detail=bad.detail,
            raw_digest=line.digest,
            raw=line.raw[:MAX_KEPT_BYTES],
            raw_size=line.size,
        )
        self._lines.write_other(reject)
        self._rejects.write(reject)
