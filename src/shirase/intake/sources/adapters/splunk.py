"""Splunk carries what others logged: ``_raw`` is read by the adapter of the system that logged it first.

``_raw`` is a world of its own: fields of its own called ``_time`` or ``user`` are not those beside it. The record's
own id stays its id; that of the carrier, (``index``, ``_bkt``, ``_cd``), is kept beside it. Snapshots of a search that
goes on (``preview``) are dropped and counted; an export that is nothing else is refused.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.evidence.columns import to_micros
from shirase.intake.by_column.times import read_alike
from shirase.intake.json_records import parse_object, parse_records
from shirase.intake.meaning import AsideKind
from shirase.intake.minimise import count_sensitive, ways_of
from shirase.intake.sources.contract import (
    TIME_OF_CARRIER,
    Aside,
    Carriage,
    Carried,
    FileFacts,
    Instant,
    Meaning,
    Opened,
    Options,
    Reader,
    Record,
    RecordContext,
    RecordError,
    Remark,
    Steps,
)
from shirase.intake.sources.table import SourceTable, TableAdapter, TableReader
from shirase.intake.values import as_text, dig, epoch_time, iso_time

_PAIR = re.compile(r'([A-Za-z_][\w.:-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_MV_VALUE = re.compile(r"\$((?:[^$]|\$\$)*)\$(?:;|$)")
_MV = "__mv_"
_DIGITS = len("1642720684")
_PLACE = ("index", "_bkt", "_cd")
"""Where Splunk keeps an event."""


class SplunkReader(TableReader):
    """Unwraps results and hands their ``_raw`` on."""

    def __init__(self, table: SourceTable, options: Options) -> None:
        super().__init__(table, options)
        self._origins = table.origins
        self._readers: dict[str, Reader] = {}
        self._last: tuple[Reader, Record] | None = None
        if options.origin is not None:
            self._reader(options.origin)

    def fields(self, record: Record) -> Record:
        """The result inside the wrapper; extracted fields, which Splunk makes of ``_raw``, are not counted again."""
        result = record.get("result")
        inner = result if isinstance(result, dict) else record
        return {name: value for name, value in inner.items() if name in self.known} if "_raw" in inner else inner

    def unknown(self, record: Record) -> Iterable[str]:
        """Unknown fields of the result, and of the record that was read from its ``_raw``."""
        found = set(super().unknown(record))
        if self._last is not None:
            inner, carried = self._last
            found.update(f"_raw.{name}" for name in inner.unknown(carried))
        return found

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:
        """What the system that logged first says, with the carrier's marks."""
        self._last = None
        if _is_true(record.get("preview")) or _is_true(context.envelope.get("preview")):
            return Aside(AsideKind.PREVIEW, "preview")
        wrapped = record.get("result")
        result = _with_values(wrapped if isinstance(wrapped, dict) else record)
        raw = result.get("_raw")
        if not isinstance(raw, str) or not raw:
            detail = "no _raw: this is a table made by a search, and shows no events"
            raise RecordError(RejectReason.MISSING_VALUE, detail)
        origin = self._origin(result)
        inner, carried = self._reader(origin), _inner_record(raw, origin)
        timed = self._with_time(carried, result, inner)
        said = inner.read(timed.record, RecordContext())
        self._last = (inner, carried)
        self.stripped.update(count_sensitive([inner.fields(timed.record)], ways_of(inner.sensitive)))
        self.stripped.update(inner.stripped)
        inner.stripped.clear()
        if isinstance(said, Aside):
            return said
        received = as_text(result.get("_indextime"))
        place = [as_text(result.get(name)) for name in _PLACE]
        return msgspec.structs.replace(
            said,
            time=timed.time or said.time,
            flags=said.flags if timed.time is None else (*said.flags, TIME_OF_CARRIER),
            via="splunk",
            origin=origin,
            carrier_uid=_uid(place),
            received_at=epoch_time(received, TimeFormat.EPOCH_S).at if received is not None else said.received_at,
        )

    def open(self, records: Sequence[Record | None], context: RecordContext) -> Iterable[Opened]:
        """What was carried, by the system that logged it first; previews and odd results are left."""
        if _is_true(context.envelope.get("preview")):
            return
        by_origin: dict[str, list[tuple[int, str, _Marks]]] = {}
        plain: dict[tuple[str, ...], bool] = {}
        for place, record in enumerate(records):
            if record is None or _is_true(record.get("preview")):
                continue
            wrapped = record.get("result")
            result = wrapped if type(wrapped) is dict else record
            raw, marks, names = result.get("_raw"), self._marks(result), tuple(result)
            if names not in plain:
                plain[names] = not any(name.startswith(_MV) for name in names)
            if type(raw) is not str or marks is None or not raw.startswith("{") or not plain[names]:
                continue
            by_origin.setdefault(marks.origin, []).append((place, raw, marks))
        for origin, carried in by_origin.items():
            yield from self._open_carried(origin, carried)

    def _open_carried(self, origin: str, carried: "list[tuple[int, str, _Marks]]") -> Iterator[Opened]:
        places = [place for place, _, _ in carried]
        marks = Carried(
            "splunk", origin, [each.uid for _, _, each in carried], [each.received for _, _, each in carried]
        )
        inner = parse_records([raw.encode() for _, raw, _ in carried])
        for opened in self._reader(origin).open(inner, RecordContext()):
            yield replace(
                opened,
                places=[places[place] for place in opened.places],
                unknown=_prefixed(opened.unknown),
                # What stands beside a carried record is Splunk's own, and not counted again.
                beside=None,
                carried=marks.at(opened.places),
            )

    def carriage(self, record: Record, context: RecordContext) -> Carriage | None:
        """Where a result has its ``_raw`` and its marks; previews and lists of values are read one by one."""
        if _is_true(context.envelope.get("preview")) or _is_true(record.get("preview")):
            return None
        wrapped = record.get("result")
        result, inside = (wrapped, ("result",)) if type(wrapped) is dict else (record, ())
        marks = self._marks(result)
        if marks is None or any(name.startswith(_MV) for name in result):
            return None

        def say(column: Callable[[Steps], Sequence[str | None]]) -> Carried | None:
            received = _received(column((*inside, "_indextime")))
            places = [column((*inside, name)) for name in _PLACE]
            if received is None:
                return None
            if all(None not in part and "" not in part for part in places):
                return Carried("splunk", marks.origin, list(map("|".join, zip(*places, strict=True))), received)
            return Carried("splunk", marks.origin, list(map(_uid, zip(*places, strict=True))), received)

        sourcetypes = ((*inside, "sourcetype"), (*inside, "_sourcetype")) if self.options.origin is None else ()
        ways = tuple((*inside, name) for name in ("_indextime", *_PLACE))
        return Carriage((*inside, "_raw"), ways, (("preview",), *sourcetypes), say)

    def _marks(self, result: Record) -> "_Marks | None":
        """The carrier's marks of a result; None where it has to be looked at by itself."""
        get = result.get
        received, place = get("_indextime"), [as_text(get(name)) for name in _PLACE]
        try:
            micros = _epoch_micros(as_text(received)) if received not in (None, "") else None
            origin = self._origin(result)
        except RecordError:
            return None
        return _Marks(origin, _uid(place), micros)

    def close(self, file: FileFacts) -> tuple[Remark, ...]:
        """Refuse an export of nothing but snapshots: its final result is missing."""
        previews = file.asides.get(AsideKind.PREVIEW.value, 0)
        if previews and previews == file.records:
            what = f"holds {previews:,} previews of a search and no final result"
            raise EvidenceError(Problem(what, "", "let the search finish, and export it again"))
        return ()

    def _with_time(self, carried: Record, result: Record, inner: Reader) -> "_Timed":
        """``carried`` with the time that Splunk gave it, where it has none of its own; the printed text is Splunk's."""
        outer = as_text(result.get("_time"))
        if inner.time_field is None or outer is None:
            return _Timed(carried, None)
        path, written = inner.time_field
        own = carried.get(path) or dig(carried, *path.split("."))
        if written not in _WRITTEN or own not in (None, ""):
            return _Timed(carried, None)
        time = iso_time(outer, self.options.zone)
        return _Timed(_put(carried, path.split("."), _WRITTEN[written](time.at)), time)

    def _origin(self, result: Record) -> str:
        if self.options.origin is not None:
            return self.options.origin
        mark = as_text(result.get("sourcetype")) or as_text(result.get("_sourcetype")) or ""
        origin = self._origins.get(mark)
        if origin is None:
            detail = f"nothing says which adapter reads events of sourcetype {mark[:60]!r}: declare origin"
            raise RecordError(RejectReason.MISSING_VALUE, detail)
        return origin

    def _reader(self, origin: str) -> Reader:
        reader = self._readers.get(origin)
        if reader is None:
            # Adapters are found by looking, and this one is found that way as well: not before somebody asks.
            from shirase.intake.sources.registry import find_adapters  # noqa: PLC0415

            if origin == "splunk" or origin not in (adapters := find_adapters().adapters):
                raise ValueError(f"origin: there is no adapter {origin!r} for what is carried")
            reader = self._readers[origin] = adapters[origin].reader(self.options)
        return reader


class _Marks(NamedTuple):
    origin: str
    uid: str | None
    received: int | None


def _uid(place: Sequence[str | None]) -> str | None:
    """The carrier's own id, of what stands at :data:`_PLACE`; an index alone is none."""
    return "|".join(filter(None, place)) if place[1] and place[2] else None


def _received(texts: Sequence[str | None]) -> Sequence[int | None] | None:
    """When a carrier took records in; None where one of the times cannot be read."""
    printed = [text for text in texts if text]
    if len(printed) == len(texts) and (times := read_alike(printed, TimeFormat.EPOCH_S)) is not None:
        return times.micros
    try:
        return [_epoch_micros(text) if text else None for text in texts]
    except RecordError:
        return None


@lru_cache(maxsize=4096)
def _epoch_micros(text: str) -> int:
    if len(text) == _DIGITS and text[0] != "0" and text.isascii() and text.isdigit():
        return int(text) * 1_000_000
    return to_micros(epoch_time(text, TimeFormat.EPOCH_S).at)


def _prefixed(count: Callable[[Sequence[Record]], Counter[str]]) -> Callable[[Sequence[Record]], Counter[str]]:
    def prefixed(records: Sequence[Record]) -> Counter[str]:
        return Counter({f"_raw.{name}": times for name, times in count(records).items()})

    return prefixed


class _Timed(NamedTuple):
    record: Record
    time: Instant | None


_WRITTEN: dict[TimeFormat, Callable[[datetime], Any]] = {
    TimeFormat.RFC3339: datetime.isoformat,
    TimeFormat.EPOCH_S: lambda at: to_micros(at) // 1_000_000,
    TimeFormat.EPOCH_MS: lambda at: to_micros(at) // 1_000,
    TimeFormat.EPOCH_US: to_micros,
}
"""How an instant is written for a reader that wants it so; what the reader makes of it is replaced by Splunk's time."""


def _put(record: Record, steps: list[str], value: Any) -> Record:
    """A copy of ``record`` with ``value`` at nested keys."""
    inner = record.get(steps[0])
    if len(steps) > 1:
        value = _put(inner if isinstance(inner, dict) else {}, steps[1:], value)
    return {**record, steps[0]: value}


def _is_true(value: Any) -> bool:
    """Whether ``value`` says yes, in JSON or in XML."""
    return value is True or (isinstance(value, str) and value in ("1", "true"))


def _inner_record(raw: str, origin: str) -> Record:
    """``_raw`` as a record: JSON, or pairs of names and values, or the text for those who read text."""
    if raw.lstrip().startswith("{"):
        return parse_object(raw)
    if origin == "splunk-audit":
        return {"_raw": raw}
    record: dict[str, Any] = {}
    for name, quoted, plain in _PAIR.findall(raw):
        value = quoted or plain
        if name in record:
            before = record[name]
            record[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            record[name] = value
    if not record:
        raise RecordError(RejectReason.NOT_AN_OBJECT, "_raw is neither JSON nor pairs of names and values")
    return record


def _with_values(result: Record) -> Record:
    """``result`` with the values that ``__mv_`` columns list: ``$a$;$b$``, with ``$`` written twice."""
    if not any(name.startswith(_MV) for name in result):
        return result
    plain = {name: value for name, value in result.items() if not name.startswith(_MV)}
    for name, value in result.items():
        if name.startswith(_MV) and isinstance(value, str) and value:
            plain[name.removeprefix(_MV)] = [found.replace("$$", "$") for found in _MV_VALUE.findall(value)]
    return plain


ADAPTER = TableAdapter.load("splunk", SplunkReader)
