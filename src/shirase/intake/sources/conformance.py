"""What every adapter must do, whoever wrote it. For tests: ``assert examine(ADAPTER, {"small.json": b"…"}) == ()``.

Give it a few exports as the source writes them, made up. They are read as intake reads evidence, then damaged in every
way that keeps their shape: fields taken away, values of other types, values nobody has heard of. An adapter may refuse
a record, by :class:`RecordError`; it may not crash, lose one, guess, or let pass what it says is sensitive.
"""

import copy
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from shirase.domain.bilingual import Paired
from shirase.domain.incident import MAPPED, SourceSection
from shirase.domain.reject import NoAction, Reject
from shirase.domain.resolution import TenantResolver
from shirase.evidence.arrays import Column
from shirase.evidence.columns import LINE_SCHEMA
from shirase.intake.assemble import Assembler
from shirase.intake.by_column.rows import Made
from shirase.intake.framing.frame import frame, frame_in_runs, lay_out, lay_out_mapped
from shirase.intake.framing.items import Cut
from shirase.intake.framing.shape import HEAD_BYTES
from shirase.intake.intake_file import arrive
from shirase.intake.meaning import Aside, Meaning
from shirase.intake.reading import Reading
from shirase.intake.records import PhysicalLine, RecordError
from shirase.intake.sources.contract import Adapter, Card, Options, Record, RecordContext
from shirase.intake.streams import open_lines, read_head
from shirase.intake.summary import FileSummary, close_tally

PLANTED = "zz-planted-7391-zz"
ODD_VALUES: tuple[Any, ...] = (None, "", " ", "x", 0, -1, 10**30, True, [], {}, [None], {"a": None}, [[]], "\x00\u202e")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_STRUCTURAL = ("line", "offset", "raw_digest")


@dataclass(frozen=True, slots=True)
class ReadExport:
    """One export that was read to its end.

    Attributes:
        summary: The counts of intake.
        rows: Rows of the store for actions, by column.
        rejects: What could not be used.
        others: Lines that are no action.
        cuts: The records, as framing cut them.
    """

    summary: FileSummary
    rows: tuple[dict[str, Any], ...]
    rejects: tuple[Reject, ...]
    others: tuple[NoAction | Reject, ...]
    cuts: tuple[Cut, ...]


def read_export(
    adapter: Adapter,
    content: bytes,
    options: Options = Options(),  # noqa: B008  frozen
    *,
    in_runs: bool = False,
    resolver: TenantResolver | None = None,
) -> ReadExport:
    """Read ``content`` record by record; or as intake reads a file of evidence, by column what can be read so.

    Args:
        adapter: The adapter.
        content: The bytes of the file.
        options: What a case would declare for it.
        in_runs: Whether to read by column.
        resolver: Finds the tenant of records that name none.

    Raises:
        EvidenceError: When its outer structure is broken.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "export").write_bytes(content)
        source = _source(adapter, options)
        file = replace(arrive(folder, "export", source, options.profile), resolver=resolver)
        kept = _Kept()
        reading = Reading(file, adapter.reader(options), kept, kept)
        head = read_head(folder, "export", HEAD_BYTES)
        if adapter.card.name == MAPPED and options.profile is not None:
            layout = lay_out_mapped(head, options.profile)
        else:
            layout = lay_out(head, adapter.framing, "export")
        with open_lines(folder, "export") as lines:
            cut = frame_in_runs if in_runs else frame
            for item in cut(lines, "export", layout, adapter.framing, reading.units):
                if isinstance(item, Cut):
                    kept.cuts.append(item._replace(record=copy.deepcopy(item.record)))
                reading.take(item)
        remarks = reading.close()
        summary = close_tally(source.id, file.facts, reading.tally, remarks)
        return ReadExport(
            summary,
            tuple(sorted(kept.rows, key=itemgetter("path", "line"))),
            tuple(kept.rejects),
            tuple(kept.others),
            tuple(kept.cuts),
        )


def examine(adapter: Adapter, exports: Mapping[str, bytes], options: Options = Options()) -> tuple[str, ...]:  # noqa: B008
    """Everything that is wrong with ``adapter``, in words; nothing when it conforms.

    Args:
        adapter: The adapter.
        exports: Exports as its source writes them, by a name for messages. Together they hold an action.
        options: What a case would declare for them.
    """
    wrong = list(_wrong_card(adapter.card))
    actions = known = 0
    for name, content in exports.items():
        found = read_export(adapter, content, options)
        actions += len(found.rows)
        known += sum(adapter.knows(cut.record, cut.context) for cut in found.cuts)
        wrong += [f"{name}: {what}" for what in _wrong_reading(adapter, content, found, options)]
        for cut in found.cuts[:20]:
            wrong += [f"{name}: {what}" for what in _wrong_records(adapter, cut, options)]
    if not actions:
        wrong.append("no export holds an action")
    if not known and adapter.card.name != MAPPED and "profile" not in adapter.card.needs:
        wrong.append("it knows none of its own records")
    return tuple(dict.fromkeys(wrong))


def _wrong_card(card: Card) -> Iterator[str]:
    if _NAME.fullmatch(card.name) is None:
        yield f"card.name {card.name!r} is more than small letters, digits and hyphens"
    option_names = {entry.name for entry in fields(Options)}
    for entry in fields(Card):
        if entry.name != "needs" and not getattr(card, entry.name).strip():
            yield f"card.{entry.name} says nothing"
    for need in card.needs:
        if need not in option_names:
            yield f"card.needs names {need!r}, which no source can declare"


def _wrong_reading(adapter: Adapter, content: bytes, found: ReadExport, options: Options) -> Iterator[str]:
    count = found.summary.count
    if not count.balances():
        yield f"its records do not add up: {count}"
    if len(found.rows) + len(found.others) != count.records:
        yield f"{count.records} records were counted, {len(found.rows) + len(found.others)} written"
    if read_export(adapter, content, options).rows != found.rows:
        yield "read twice, it says two things"
    in_runs = read_export(adapter, content, options, in_runs=True)
    if (in_runs.summary, in_runs.rows, in_runs.rejects) != (found.summary, found.rows, found.rejects):
        yield "read by column, it says something else than read record by record"
    for row in found.rows:
        if not row["time_text"] or not row["actor_uid"] or not row["action_native"]:
            yield "an action lacks its time as printed, its actor or its code"


def _wrong_records(adapter: Adapter, cut: Cut, options: Options) -> Iterator[str]:
    reader = adapter.reader(options)

    def say(record: Record) -> Meaning | Aside | None:
        return adapter.reader(options).read(record, cut.context)

    before = copy.deepcopy(cut.record)
    _try(lambda: say(cut.record))
    if cut.record != before:
        yield "reading a record changes it"
    for record, where in _damaged(cut.record):
        failure = _try(lambda record=record: say(record))  # type: ignore[misc]
        if failure is not None:
            yield f"a record with {where} crashes it: {failure}"
        failure = _try(lambda record=record: adapter.reader(options).columns(record))  # type: ignore[misc]
        if failure is not None:
            yield f"a record with {where} crashes its columns: {failure}"
    inner = reader.fields(cut.record)
    for path in reader.sensitive:
        planted = copy.deepcopy(cut.record)
        if not _plant(reader.fields(planted) if inner is cut.record else planted, path.split(".")):
            continue
        if PLANTED in _everything_said(_answer(adapter, planted, cut.context, options)):
            yield f"{path} is said to be sensitive, and gets past intake"


def _damaged(record: Record) -> Iterator[tuple[Record, str]]:
    """``record`` without each value, and with odd ones in its place, at any depth."""
    for path in _paths(record):
        parent_path, last = path[:-1], path[-1]
        where = ".".join(map(str, path))
        without = copy.deepcopy(record)
        del _at(without, parent_path)[last]
        yield without, f"no {where}"
        for odd in ODD_VALUES:
            changed = copy.deepcopy(record)
            _at(changed, parent_path)[last] = copy.deepcopy(odd)
            yield changed, f"{odd!r:.30} at {where}"


def _paths(value: Any, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(entries)[:60]:
        yield (*prefix, key)
        yield from _paths(inner, (*prefix, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _plant(record: Record, steps: list[str]) -> bool:
    for step in steps[:-1]:
        inner = record.setdefault(step, {})
        if not isinstance(inner, dict):
            return False
        record = inner
    record[steps[-1]] = PLANTED
    return True


def _try(call: Callable[[], object]) -> str | None:
    try:
        call()
    except RecordError:
        return None
    # Whatever else a foreign adapter raises is what this function is there to find.
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error!s:.100}"
    return None


def _answer(adapter: Adapter, record: Record, context: RecordContext, options: Options) -> Meaning | Aside | None:
    try:
        return adapter.reader(options).read(record, context)
    except RecordError:
        return None


def _everything_said(said: Meaning | Aside | None) -> str:
    """All that would be written of a meaning: clues that are only shown to the resolver are not."""
    if not isinstance(said, Meaning):
        return ""
    source = SourceSection(id="x", name=Paired(ja="x", en="x"), adapter="x", files=("x",))
    line = PhysicalLine(1, 0, b"", "", 0, terminated=True)
    row = Assembler(source, "", None).row(said, line, "")
    return repr([value for name, value in zip(LINE_SCHEMA.names, row, strict=True) if name not in _STRUCTURAL])


def _source(adapter: Adapter, options: Options) -> SourceSection:
    reads_profile = options.profile is not None or MAPPED in (adapter.card.name, options.origin)
    return SourceSection(
        id="examined",
        name=Paired(ja="examined", en="examined"),
        adapter=adapter.card.name,
        profile="profiles/given.toml" if reads_profile else None,
        files=("export",),
        tenant_id=options.tenant_id,
        site=options.site,
        origin=options.origin,
    )


@dataclass(slots=True)
class _Kept:
    """Keeps all that intake would write."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    others: list[NoAction | Reject] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)

    def write_row(self, row: tuple[Any, ...]) -> None:
        self.rows.append(dict(zip(LINE_SCHEMA.names, row, strict=True)))

    def write_columns(self, columns: Sequence[Column], count: int) -> None:
        for row in Made(count, tuple(columns)).rows():
            self.write_row(row)

    def write_other(self, line: NoAction | Reject) -> None:
        self.others.append(line)

    def write(self, reject: Reject) -> None:
        self.rejects.append(reject)
