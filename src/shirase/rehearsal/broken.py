"""Lines that cannot be used, each broken in one way: they are kept and counted, and cost no other line."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shirase.rehearsal.instants import DAY, DAYS, HOUR, MINUTE, day_start
from shirase.rehearsal.lines import csv_cells, day_of, encode, encode_csv, ndjson_record
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.truth import UNUSABLE

Record = dict[str, Any]
Break = Callable[[Record], bytes]


def _change(**values: Any) -> Break:
    return lambda record: encode(record | values)


def _without(*keys: str) -> Break:
    return lambda record: encode({key: value for key, value in record.items() if key not in keys})


def _engineer(**values: Any) -> Break:
    def broken(record: Record) -> bytes:
        engineer = {key: value for key, value in record["engineer"].items() if key not in values}
        return encode(record | {"engineer": engineer | {k: v for k, v in values.items() if v is not None}})

    return broken


def _swap(old: bytes, new: bytes) -> Break:
    return lambda record: encode(record).replace(old, new, 1)


BREAKS: tuple[Break, ...] = (
    lambda record: encode(record)[:-1],
    lambda record: encode(record)[:-1] + b",}",
    lambda record: encode(record).replace(b'"', b"'"),
    lambda record: encode(record) * 2,
    lambda record: encode([record]),
    lambda _: b'"a line of text"',
    lambda _: b"null",
    lambda _: b"=== export resumed after time-out ===",
    lambda record: encode(record)[:-1] + b',"ts":"2022-01-18T00:00:00Z"}',
    _swap(b'"engineer":{', b'"engineer":{"id":"su-000000",'),
    _swap(b'"objects":[]', b'"objects":[{"type":"user","id":NaN}]'),
    _swap(b'"objects":[]', b'"objects":[{"type":"user","id":-Infinity}]'),
    _swap(b'"reason":null', b'"reason":"Mar\xeda"'),
    _swap(b'"reason":null', '"reason":"利用者のご依頼"'.encode("cp932")),
    _swap(b'"reason":null', b'"reason":"\xed\xa0\x80"'),
    _swap(b'"reason":null', b'"reason":"a\x00b"'),
    _swap(b'"reason":null', b'"reason":"\\ud83d alone"'),
    _without("ts"),
    _change(ts=None),
    _change(ts="2022-01-18T09:12:33.120"),
    _change(ts="2022-02-30T09:12:33.120Z"),
    _change(ts="2022-01-18T25:00:00Z"),
    _change(ts="yesterday 09:12"),
    _change(ts=1642496400),
    _without("engineer"),
    _engineer(id=None),
    _engineer(id=""),
    _without("action"),
    _change(action="su.console.heartbeat", ts="never"),
)
"""Each takes a sound record, without objects or reason, of an action that would be in scope."""

CsvBreak = Callable[[dict[str, str]], bytes]


def _cells(**values: str) -> CsvBreak:
    return lambda cells: encode_csv(cells | values)


CSV_BREAKS: tuple[CsvBreak, ...] = (
    lambda cells: encode_csv(cells) + b',"one too many"',
    lambda cells: encode_csv({key: value for key, value in cells.items() if key != "IP"}),
    lambda cells: encode_csv(cells).replace(b'"quote here"', b'"never closed,'),
    lambda cells: encode_csv(cells).replace(b"quote here", b"Mar\xeda"),
    lambda cells: encode_csv(cells).replace(b"quote here", b"a\x00b"),
    _cells(LocalTime=""),
    _cells(LocalTime="2022-02-30 09:12:33"),
    _cells(LocalTime="18/01/2022 09:12"),
    _cells(EngineerID=""),
    _cells(Action=""),
)
"""Each takes sound cells whose reason reads "quote here"."""

TRUNCATED_DAY = DAYS[9]
"""The file whose last line is cut off in the middle, without a line end."""

BLANK_LINES = (b"", b"   ")


def write_broken(setting: Setting, *, rounds: int) -> None:
    """Plant every kind of broken line ``rounds`` times, blank lines, and the end of an export that was cut off."""
    for step, broken in enumerate(BREAKS * rounds):
        _plant(setting, broken, step)
    for step, csv_broken in enumerate(CSV_BREAKS * rounds):
        _plant_csv(setting, csv_broken, step)
    _plant_cut_off(setting)
    for file, day in ((DAYS[3], DAYS[3]), (DAYS[5], DAYS[5]), (None, DAYS[3])):
        for number, blank in enumerate(BLANK_LINES):
            setting.book.plant(file, day_start(day) + (9 + number) * HOUR, blank, None)


def _plant(setting: Setting, broken: Break, step: int) -> None:
    day = DAYS[2 + step % 6]
    deed = setting.deed("kitahama", setting.people.sitel[step % 20], f"{day}T10:00:00.000Z", "su.user.get")
    deed = replace(deed, at=deed.at + step * MINUTE, things=())
    raw = broken(ndjson_record(deed, setting.book.request_id()))
    setting.book.plant(day_of(deed.at), deed.at, raw, UNUSABLE)


def _plant_csv(setting: Setting, broken: CsvBreak, step: int) -> None:
    day = DAYS[2 + step % 6]
    deed = setting.deed("kitahama", setting.people.sitel[step % 20], f"{day}T18:00:00.000Z", "USER_VIEW")
    deed = replace(deed, at=deed.at + step * MINUTE, reason="quote here")
    raw = broken(csv_cells(deed, setting.book.request_id()))
    setting.book.plant(None, deed.at, raw, UNUSABLE)


def _plant_cut_off(setting: Setting) -> None:
    deed = setting.deed("kitahama", setting.people.sitel[0], "2022-01-21T12:00:00.000Z", "su.user.get")
    whole = encode(ndjson_record(deed, setting.book.request_id()))
    setting.book.plant(TRUNCATED_DAY, day_start(TRUNCATED_DAY) + DAY, whole[: len(whole) // 2], UNUSABLE)
