"""Edge: read an evidence file, record by record, into a part of the evidence store and a part of the reject file."""

from pathlib import Path

from shirase.domain.errors import CaseError, EvidenceError, Problem
from shirase.domain.incident import MAPPED, SourceSection
from shirase.domain.profile import Profile
from shirase.evidence.store import LineWriter
from shirase.intake.framing.frame import frame_in_runs, lay_out, lay_out_mapped
from shirase.intake.framing.items import Run
from shirase.intake.framing.shape import HEAD_BYTES
from shirase.intake.intake_file import IntakeFile, IntakeParts
from shirase.intake.progress import ByteProgress, BytesRead
from shirase.intake.reading import Reading
from shirase.intake.rejects import RejectWriter
from shirase.intake.sources.contract import Adapter, Options, Reader
from shirase.intake.sources.registry import find_adapters
from shirase.intake.sources.wrapped import WrappedReader
from shirase.intake.streams import hash_file, open_lines, read_head
from shirase.intake.summary import FileSummary, IntakeSummary, close_tally


def choose_reader(source: SourceSection, profile: Profile | None) -> tuple[Adapter, Reader]:
    """The adapter of a source, and a reader for one of its files.

    Raises:
        CaseError: When there is no such adapter, or it needs something that the source does not declare.
    """
    adapter = find_adapters().find(source.adapter)
    if profile is not None and "profile" not in adapter.card.needs and source.origin != MAPPED:
        mend = "remove profile, or read by adapter = 'mapped'"
        what = f"adapter {source.adapter} reads no profile"
        raise CaseError(Problem(what, f"incident.toml, source {source.id!r}", mend))
    options = Options(source.zone, source.locale, source.site, source.tenant_id, profile, source.origin)
    try:
        reader = adapter.reader(options)
        return adapter, reader if source.record is None else WrappedReader(reader, source.record)
    except ValueError as error:
        where = f"incident.toml, source {source.id!r}"
        raise CaseError(Problem(f"adapter {source.adapter}: {error}", where, "`shirase sources` tells more")) from error


def read_file(root: Path, file: IntakeFile, parts: IntakeParts, bytes_read: BytesRead) -> FileSummary:
    """Read one file below ``root`` to its end. Files know nothing of each other, so any number may be read at once.

    Raises:
        CaseError: When the source's adapter cannot be used.
        EvidenceError: When the file cannot be read to its end, or its lines do not add up.
    """
    with LineWriter(parts.lines) as lines, RejectWriter(parts.rejects) as rejects:
        adapter, reader = choose_reader(file.source, file.profile)
        head = read_head(root, file.path, HEAD_BYTES)
        if file.source.adapter == MAPPED and file.profile is not None:
            layout = lay_out_mapped(head, file.profile)
        else:
            layout = lay_out(head, adapter.framing, file.path)
        reading = Reading(file, reader, lines, rejects)
        with open_lines(root, file.path) as opened:
            progress = ByteProgress(opened, bytes_read)
            for item in frame_in_runs(opened, file.path, layout, adapter.framing, reading.units):
                reading.take(item)
                progress.step(many=isinstance(item, Run))
            progress.tell()
            digest = opened.digest()
        if (digest or hash_file(root, file.path).digest) != file.facts.digest:
            what = "is not the file any more whose SHA-256 was taken when the run began"
            raise EvidenceError(Problem(what, file.path, "stop what writes it and run again"))
        remarks = reading.close()
        summary = close_tally(file.source.id, file.facts, reading.tally, remarks)
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
