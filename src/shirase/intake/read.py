"""Edge: read every evidence file of a case, in order of path, into the evidence store and the reject file."""

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
class IntakeOutput:
    """Where intake writes: the evidence store's lines, and the rejects."""

    lines: LineWriter
    rejects: RejectWriter


def arrive(root: Path, path: str, source: SourceSection, profile: Profile) -> IntakeFile:
    """Take in one file: size and SHA-256 are established here, before a line of it is read."""
    return IntakeFile(path, source, profile, hash_file(root, path))


def read_evidence(
    root: Path, files: tuple[IntakeFile, ...], *, output: IntakeOutput, bytes_read: BytesRead
) -> IntakeSummary:
    """Read ``files`` below ``root`` in the order of their paths, so that the order they are named in means nothing.

    Raises:
        EvidenceError: When a file cannot be read to its end, or its lines do not add up.
    """
    ordered = sorted(files, key=lambda file: file.path)
    return IntakeSummary(tuple(_read_file(root, file, output, bytes_read) for file in ordered))


def refuse_too_many_rejects(summary: IntakeSummary, limit: float) -> None:
    """Stop the run when more lines are unusable than the case allows.

    Raises:
        EvidenceError: Naming the files with most rejects and where to look.
    """
    share = summary.reject_count / summary.records if summary.records else 0.0
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


def _read_file(root: Path, file: IntakeFile, output: IntakeOutput, bytes_read: BytesRead) -> FileSummary:
    reading = _Reading(file, output)
    with open_lines(root, file.path) as lines:
        reading.read(reading.count(lines, bytes_read))
    summary = close_tally(file.source.id, file.facts, reading.tally)
    if not summary.count.balances():
        raise EvidenceError(Problem(f"its lines do not add up: {summary.count}", file.path, "report this: it is a bug"))
    return summary


class _Reading:
    """One file being read: each record is put where it belongs, and counted."""

    def __init__(self, file: IntakeFile, output: IntakeOutput) -> None:
        self.tally = FileTally()
        self._file = file
        self._output = output
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
            self._output.lines.write_no_action(NoAction(file.source.id, ref, mapped.action_native, line.digest))
            return
        tally.actions += 1
        tally.time_qualities[mapped.action.time_quality.value] += 1
        if mapped.action_native not in file.profile.action_codes:
            tally.unmapped_actions[mapped.action_native] += 1
        if mapped.outcome_unmapped is not None:
            tally.unmapped_outcomes[mapped.outcome_unmapped] += 1
        self._output.lines.write_action(mapped.action, mapped.content_digest)

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
        self._output.lines.write_reject(reject)
        self._output.rejects.write(reject)
