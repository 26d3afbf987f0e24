"""Edge: look at one file and say which adapter reads it, and what would become of its records. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from shirase.domain.bilingual import Paired
from shirase.domain.errors import CaseError, EvidenceError, Problem
from shirase.domain.incident import MAPPED, SourceSection
from shirase.domain.profile import Profile
from shirase.domain.reject import NoAction, Reject
from shirase.evidence.arrays import Column
from shirase.evidence.columns import LINE_SCHEMA
from shirase.intake.by_column.rows import Made
from shirase.intake.framing.frame import Layout, frame, lay_out, lay_out_mapped
from shirase.intake.framing.items import Cut, Item
from shirase.intake.framing.shape import HEAD_BYTES
from shirase.intake.framing.units import Units
from shirase.intake.intake_file import arrive
from shirase.intake.progress import ByteProgress, BytesRead
from shirase.intake.reading import Reading
from shirase.intake.sources.contract import Adapter, Fit, Options
from shirase.intake.sources.registry import find_adapters
from shirase.intake.sources.wrapped import WrappedReader
from shirase.intake.streams import open_lines, read_head
from shirase.intake.summary import FileSummary, close_tally
from shirase.intake.values import dig

LOOKED_AT = 200
"""Records that decide which adapter fits."""

SHOWN = 5
_SMALLEST_SHARE = 0.1
_PLACES = {name: place for place, name in enumerate(LINE_SCHEMA.names)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An adapter that knows some of the first records, and inside what, where they are wrapped."""

    adapter: str
    fit: Fit
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is.

    Attributes:
        path: The file.
        adapter: The adapter that fits best, or that was asked for.
        candidates: Every adapter that knows a record, the best first.
        summary: What reading the whole file gave; ``actions`` there includes those counted in ``duplicates``.
        duplicates: Actions that repeat one before: same id, and everything they say.
        first_actions: The first actions, by column of the store.
        first_rejects: The first records that cannot be used.
    """

    path: str
    adapter: str
    candidates: tuple[Candidate, ...]
    summary: FileSummary
    duplicates: int
    first_actions: tuple[dict[str, Any], ...]
    first_rejects: tuple[Reject, ...]


def sniff(
    file: Path,
    options: Options,
    *,
    adapter: str | None = None,
    record: str | None = None,
    bytes_read: BytesRead = lambda _: None,
) -> Sniffed:
    """Say which adapter reads ``file``, and read all of it with that one.

    Args:
        file: The file.
        options: What is declared about it.
        adapter: The adapter to use instead of the one that fits best.
        record: Path to the record inside each object, where one is wrapped; looked for when nothing fits without.
        bytes_read: Told how far the file is.

    Raises:
        EvidenceError: When no adapter fits, or the file cannot be read to its end.
        CaseError: When the adapter needs something that is not declared.
    """
    root, path = file.parent, file.name
    candidates = tuple(_candidates(root, path, record))
    known = next((entry.record for entry in candidates if entry.adapter == adapter), None)
    record = record if record is not None else known
    if adapter is None and options.profile is not None:
        adapter = MAPPED
    if adapter is None:
        if not candidates:
            mend = "map it with a profile (docs/how-to/map-a-log.md), or write an adapter (docs/how-to/add-a-source.md)"
            raise EvidenceError(Problem("no adapter knows the records of this file", path, mend))
        adapter, record = candidates[0].adapter, candidates[0].record
    return replace(_read(root, path, (adapter, record), options, bytes_read), candidates=candidates)


def _candidates(root: Path, path: str, record: str | None) -> list[Candidate]:
    head = read_head(root, path, HEAD_BYTES)
    found: list[tuple[float, int, Candidate]] = []
    for place, adapter in enumerate(find_adapters().adapters.values()):
        try:
            layout = lay_out(head, adapter.framing, path)
            first = _first_records(root, path, adapter, layout)
        except EvidenceError:
            continue
        for within in [record] if record is not None else [None, *_wrappers(first)]:
            fit = _fit(adapter, first, within)
            if fit.share >= _SMALLEST_SHARE:
                found.append((-fit.share + (within is not None), place, Candidate(adapter.card.name, fit, within)))
                break
    return [candidate for _, _, candidate in sorted(found, key=lambda entry: entry[:2])]


def _first_records(root: Path, path: str, adapter: Adapter, layout: Layout) -> list[Cut]:
    with open_lines(root, path) as lines:
        items = frame(lines, path, layout, adapter.framing, Units())
        return [item for item in _first(items) if isinstance(item, Cut)]


def _wrappers(first: list[Cut]) -> list[str]:
    """Names under which records hold an object: any of them may be a wrapper."""
    names = (name for cut in first[:3] for name, value in cut.record.items() if isinstance(value, dict))
    return list(dict.fromkeys(names))


def _fit(adapter: Adapter, first: list[Cut], within: str | None) -> Fit:
    """How many of the first records the adapter knows; what breaks later in the file is said when it is read."""
    steps = within.split(".") if within is not None else ()
    inner = ((dig(cut.record, *steps), cut.context) for cut in first)
    known = sum(isinstance(record, dict) and adapter.knows(record, context) for record, context in inner)
    place = f", each inside {within!r}" if within is not None else ""
    return Fit(known, len(first), f"{known} of the first {len(first)} records have its fields{place}")


def _first(items: Iterator[Item]) -> Iterator[Item]:
    try:
        yield from islice(items, LOOKED_AT)
    except EvidenceError:
        return


def _read(root: Path, path: str, how: tuple[str, str | None], options: Options, bytes_read: BytesRead) -> Sniffed:
    name, record = how
    chosen = find_adapters().find(name)
    try:
        reader = chosen.reader(options)
        if record is not None:
            reader = WrappedReader(reader, record)
    except ValueError as error:
        raise CaseError(Problem(f"adapter {name} fits, but {error}", path, "give it as an option")) from error
    source = _source(name, options, path)
    arrived = arrive(root, path, source, options.profile)
    lines, rejects = _Lines(), _Rejects()
    reading = Reading(arrived, reader, lines, rejects)
    layout = _layout(root, path, chosen, options.profile)
    with open_lines(root, path) as opened:
        progress = ByteProgress(opened, bytes_read)
        for item in frame(opened, path, layout, chosen.framing, reading.units):
            reading.take(item)
            progress.step()
    remarks = reading.close()
    summary = close_tally(source.id, arrived.facts, reading.tally, remarks)
    return Sniffed(path, name, (), summary, lines.duplicates, tuple(lines.first), tuple(rejects.first))


def _layout(root: Path, path: str, adapter: Adapter, profile: Profile | None) -> Layout:
    head = read_head(root, path, HEAD_BYTES)
    if adapter.card.name == MAPPED and profile is not None:
        return lay_out_mapped(head, profile)
    return lay_out(head, adapter.framing, path)


def _source(name: str, options: Options, path: str) -> SourceSection:
    needs_profile = MAPPED in (name, options.origin)
    return SourceSection(
        id="sniffed",
        name=Paired(ja=name, en=name),
        adapter=name,
        profile="profiles/given.toml" if needs_profile or options.profile is not None else None,
        files=(path,),
        tenant_id=options.tenant_id,
        site=options.site,
        origin=options.origin,
    )


@dataclass(slots=True)
class _Lines:
    """Keeps the first actions and counts repeats."""

    first: list[dict[str, Any]] = field(default_factory=list)
    duplicates: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def write_row(self, row: tuple[Any, ...]) -> None:
        if len(self.first) < SHOWN or row[_PLACES["line"]] < self.first[-1]["line"]:
            self.first.append(dict(zip(LINE_SCHEMA.names, row, strict=True)))
            self.first.sort(key=itemgetter("line"))
            del self.first[SHOWN:]
        uid = row[_PLACES["native_uid"]]
        if uid is not None:
            key = (uid, row[_PLACES["content_digest"]])
            self.duplicates += key in self._seen
            self._seen.add(key)

    def write_columns(self, columns: Sequence[Column], count: int) -> None:
        for row in Made(count, tuple(columns)).rows():
            self.write_row(row)

    def write_other(self, line: Reject | NoAction) -> None:
        """Nothing: these are counted already."""


@dataclass(slots=True)
class _Rejects:
    """Keeps the first rejects."""

    first: list[Reject] = field(default_factory=list)

    def write(self, reject: Reject) -> None:
        if len(self.first) < SHOWN:
            self.first.append(reject)
