"""Repeats: the same event seen twice, which counts once, and things that only look like it, which count each time."""

import json
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from shirase.domain.disposition import Disposition
from shirase.rehearsal.instants import DAYS
from shirase.rehearsal.lines import FileKey, PlantedLine, csv_cells, day_of, encode, encode_csv, ndjson_record
from shirase.rehearsal.quotas import spread
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.streams import stream

_REPEATABLE = frozenset({Disposition.IN_SCOPE, Disposition.OUTSIDE_WINDOW, Disposition.OTHER_ORGANISATION})


def write_repeat_traps(setting: Setting) -> None:
    """Repeats that a rule by bytes, by id or by content alone would get wrong."""
    _write_formatting(setting)
    _write_id_conflicts(setting)
    _write_without_id(setting)
    _write_csv_repeat(setting)


def write_overlaps(setting: Setting, total: int) -> None:
    """Export ``total`` lines again: the end of each day once more in the next day's file, half of it reformatted."""
    chance = stream(setting.seed, "overlaps")
    by_day: dict[FileKey, list[PlantedLine]] = {}
    for line in setting.book.lines:
        if _may_be_repeated(line):
            by_day.setdefault(line.file, []).append(line)
    pairs = [(day, following) for day, following in pairwise(DAYS) if by_day.get(day)]
    shares = spread(total, [len(by_day[day]) for day, _ in pairs])
    for (day, following), share in zip(pairs, shares, strict=True):
        last = sorted(by_day[day], key=lambda line: line.order)[-share:] if share else []
        for line in last:
            assert line.verdict is not None
            raw = line.raw if chance.random() < 0.5 else reformat(line.raw)
            setting.book.plant(following, line.order, raw, line.verdict.again())


def _may_be_repeated(line: PlantedLine) -> bool:
    verdict = line.verdict
    return (
        isinstance(line.file, date)
        and verdict is not None
        and verdict.disposition in _REPEATABLE
        and not verdict.id_conflict
        and line.raw.startswith(b'{"request_id"')
    )


def reformat(raw: bytes) -> bytes:
    """The same record as another exporter would write it: keys in reverse, spaces, escapes, ``+00:00`` for ``Z``."""
    record: dict[str, Any] = json.loads(raw)
    record["ts"] = record["ts"].replace("Z", "+00:00")
    return json.dumps(dict(reversed(record.items()))).encode()


def _write_formatting(setting: Setting) -> None:
    deed = setting.deed("kitahama", setting.people.sitel[7], "2022-01-20T13:00:00.250Z", "su.user.get")
    first = setting.book.log(deed)
    setting.book.plant(first.file, first.order, reformat(first.raw), deed.verdict().again())
    setting.book.plant(DAYS[7], first.order, first.raw, deed.verdict().again())


def _write_id_conflicts(setting: Setting) -> None:
    """Two lines of one id that say different things: both are kept."""
    for number, change in enumerate(({"result": "FAILED"}, {"action": "su.user.unlock"})):
        person = setting.people.sitel[8 + number]
        deed = setting.deed("kitahama", person, "2022-01-20T14:00:00.500Z", "su.user.password.reset")
        record = ndjson_record(deed, setting.book.request_id())
        for version in (record, record | change):
            setting.book.plant(day_of(deed.at), deed.at, encode(version), deed.verdict().in_conflict())


def _write_without_id(setting: Setting) -> None:
    """Three equal lines without an id are three events; two of them in another file are those events again."""
    deed = setting.deed("kitahama", setting.people.sitel[10], "2022-01-19T23:59:30.000Z", "su.log.query")
    raw = encode(ndjson_record(deed, None))
    verdicts: Sequence[Any] = (*(deed.verdict() for _ in range(3)), deed.verdict().again(), deed.verdict().again())
    for verdict, file in zip(verdicts, (*(DAYS[5],) * 3, *(DAYS[6],) * 2), strict=True):
        setting.book.plant(file, deed.at, raw, verdict)


def _write_csv_repeat(setting: Setting) -> None:
    deed = setting.deed("kitahama", setting.people.sitel[11], "2022-01-20T15:00:00.000Z", "USER_VIEW")
    raw = encode_csv(csv_cells(deed, setting.book.request_id()))
    setting.book.plant(None, deed.at, raw, deed.verdict())
    setting.book.plant(None, deed.at, raw, deed.verdict().again())
