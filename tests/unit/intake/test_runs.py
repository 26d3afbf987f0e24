"""Lines that are cut many at a time are the lines that are cut one by one, and records of arrays likewise."""

import json
from pathlib import Path

import pytest

from shirase.intake.framing.items import Item, Run
from shirase.intake.framing.json_lines import RUN_BYTES, frame_lines, frame_runs, read_line
from shirase.intake.framing.json_stream import JsonStream
from shirase.intake.framing.units import Units
from shirase.intake.records import MAX_LINE_BYTES, iter_lines
from shirase.intake.sources.contract import Framing, Shape
from shirase.intake.streams import open_lines

BOM = b"\xef\xbb\xbf"
MANY = b"".join(b'{"n": %d, "pad": "%s"}\r\n' % (number, b"x" * (number % 300)) for number in range(12_000))
LONG = b'{"pad": "' + b"y" * MAX_LINE_BYTES + b'"}'

CONTENTS = {
    "nothing": b"",
    "one line without an end": b'{"a": 1}',
    "marks": BOM + b'{"a": 1}\n' + BOM + b'{"a": 2}\n' + BOM,
    "blank lines": b"\n\r\n \n{}\n\n",
    "no UTF-8": b'{"a": "\xff"}\n\x00\n{"a": 1}\n',
    "more than one run": MANY,
    "an end inside a run": MANY[: RUN_BYTES + 1],
    "a return at the end of a run": b" " * (RUN_BYTES - 2) + b"{\r\n}\n",
    "a line of a run's length": b'{"a": "' + b"z" * (RUN_BYTES - 10) + b'"}\n{"a": 1}\n',
    "a mark and one line in a run": BOM + b'{"a": "' + b"z" * (RUN_BYTES - 50) + b'"}\n{"b": "' + b"x" * 90 + b'"}\n{}',
    "and a return": BOM + b'{"a": "' + b"z" * (RUN_BYTES - 50) + b'"}\r\n{"b": "' + b"x" * 90 + b'"}\n{}',
    "too long a line": MANY + LONG + b"\n" + MANY,
    "too long a line and a blank one": LONG + b"\n\n{}\n",
    "just not too long a line": b"y" * MAX_LINE_BYTES + b"\n{}\n" + b"y" * MAX_LINE_BYTES,
    "too long a line without an end": MANY + LONG + b"y" * 5,
    "too long a line at the beginning": BOM + LONG + b"\r\n{}",
}


def one_by_one(folder: Path) -> list[Item]:
    with open_lines(folder, "log") as lines:
        return list(frame_lines(iter_lines(lines)))


def flat(item: Item | Run) -> list[Item]:
    if not isinstance(item, Run):
        return [item]
    return [read_line(item.line(place), item.context) for place in range(len(item.raws))]


@pytest.mark.parametrize("name", CONTENTS)
def test_runs_hold_the_same_lines(tmp_path: Path, name: str) -> None:
    """Numbers, offsets, bytes, digests and what is said of broken ones; and each is counted."""
    (tmp_path / "log").write_bytes(CONTENTS[name])
    units = Units()
    with open_lines(tmp_path, "log") as lines:
        items = [found for item in frame_runs(lines, units) for found in flat(item)]
    assert items == one_by_one(tmp_path)
    assert units.seen == len(items)


@pytest.mark.parametrize("between", [b",", b",\n", b" , \r\n "])
@pytest.mark.parametrize("word", ["x", '"},\n{"n": ', "}, {", "]", "知らせ"])
def test_runs_of_an_array_hold_the_same_records(tmp_path: Path, between: bytes, word: str) -> None:
    """Whatever stands between them, and texts that look like it; arrays larger than what is read at a time as well."""
    records = [{"n": number, "word": word if number % 7 == 3 else "plain"} for number in range(30_000)]
    raws = [json.dumps(record, ensure_ascii=False).encode() for record in records]
    raws[20_000] = b'{"n": 20000, "n": 1}'
    raws[20_001] = b"17"
    (tmp_path / "log").write_bytes(b"[" + between.join(raws) + b"]")
    framing, units, runs = Framing(frozenset({Shape.JSON})), Units(), Units()
    with open_lines(tmp_path, "log") as lines:
        expected = list(JsonStream(lines, "log", framing, units))
    with open_lines(tmp_path, "log") as lines:
        found = list(JsonStream(lines, "log", framing, runs).in_runs())
    assert [item for each in found for item in flat(each)] == expected
    assert runs.seen == units.seen == len(records)
    assert max(len(each.raws) for each in found if isinstance(each, Run)) > 1_000
