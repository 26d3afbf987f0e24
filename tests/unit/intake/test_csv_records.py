"""How CSV is cut into records."""

import hashlib
import io
from pathlib import Path

import pytest

from shirase.domain.errors import EvidenceError
from shirase.domain.reject import RejectReason
from shirase.intake.csv_records import MAX_RECORD_LINES, CsvReader
from shirase.intake.records import BadRecord, PhysicalLine, iter_lines
from shirase.intake.streams import Lines


def read(content: bytes, delimiter: str = ",") -> list[object]:
    raw = io.BytesIO(content)
    reader = CsvReader(iter_lines(Lines(raw, raw)), "log.csv", delimiter)
    return [_short(item) for item in reader]


def _short(item: object) -> object:
    if isinstance(item, BadRecord):
        return (item.line.number, item.reason)
    if isinstance(item, PhysicalLine):
        return (item.number, "blank")
    assert isinstance(item, tuple)
    line, cells, span = item
    return (line.number, list(cells.values()), span)


def test_records_quotes_and_line_breaks(tmp_path: Path) -> None:
    """Quoted delimiters, doubled quotes and line breaks inside cells are read; line numbers are those of the file."""
    content = b'\xef\xbb\xbfid,text\r\n1,"a, ""b"""\r\n2,"two\r\nlines"\r\n\r\n3,plain\r\n'
    assert read(content) == [(2, ["1", 'a, "b"'], 1), (3, ["2", "two\nlines"], 2), (5, "blank"), (6, ["3", "plain"], 1)]


def test_an_open_quote_costs_its_own_line_only() -> None:
    """A quote that never closes is one bad line: the rows after it are read."""
    rows = b"".join(b"%d,fine\n" % number for number in range(3, 1000))
    items = read(b'id,text\n1,fine\n2,"broken\n' + rows)
    assert items[0] == (2, ["1", "fine"], 1)
    assert items[1] == (3, RejectReason.UNTERMINATED_QUOTE)
    assert items[2:] == [(number + 1, [str(number), "fine"], 1) for number in range(3, 1000)]


def test_two_open_quotes_do_not_swallow_what_stands_between() -> None:
    """Two broken rows whose quotes would pair up are two bad lines, and the rows between them are read."""
    items = read(b'id,text\n1,"broken\n2,fine\n3,fine\n4,"broken\n5,fine\n')
    assert items == [
        (2, RejectReason.UNTERMINATED_QUOTE),
        (3, ["2", "fine"], 1),
        (4, ["3", "fine"], 1),
        (5, RejectReason.UNTERMINATED_QUOTE),
        (6, ["5", "fine"], 1),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,a,b", RejectReason.WRONG_CELL_COUNT),
        (b"1", RejectReason.WRONG_CELL_COUNT),
        (b'1,"a"b', RejectReason.BROKEN_CSV),
        (b"1,\x00", RejectReason.NUL_BYTE),
        (b"1,\xff", RejectReason.NOT_UTF8),
    ],
)
def test_bad_rows_are_refused_with_their_reason(row: bytes, reason: RejectReason) -> None:
    """Each kind of bad row has its own reason, and the next row is read."""
    assert read(b"id,text\n" + row + b"\n2,fine\n") == [(2, reason), (3, ["2", "fine"], 1)]


def test_a_record_over_many_lines_has_the_digest_of_all_of_them() -> None:
    """The digest of a record covers every line it spans."""
    raw = io.BytesIO(b'id,text\n2,"two\nlines"\n')
    item = next(iter(CsvReader(iter_lines(Lines(raw, raw)), "x", ",")))
    assert isinstance(item, tuple)
    assert not isinstance(item, PhysicalLine)
    assert item[0].digest == hashlib.sha256(b'2,"two\nlines"').hexdigest()


def test_a_cell_may_span_many_lines_but_not_endlessly() -> None:
    """A cell just within the limit is read; one line more is taken for a broken quote."""
    fitting = b'1,"' + b"x\n" * (MAX_RECORD_LINES - 1) + b'"\n'
    assert read(b"id,text\n" + fitting)[0] == (2, ["1", "x\n" * (MAX_RECORD_LINES - 1)], MAX_RECORD_LINES)
    too_long = b'1,"' + b"x\n" * MAX_RECORD_LINES + b'"\n'
    assert read(b"id,text\n" + too_long)[0] == (2, RejectReason.UNTERMINATED_QUOTE)


@pytest.mark.parametrize("content", [b"id,id\n1,2\n", b"\n1,2\n", b'"id\n1,2\n'])
def test_a_header_that_cannot_be_read_is_an_error(content: bytes) -> None:
    """Without a sound header no row means anything, so the file is refused."""
    with pytest.raises(EvidenceError, match=r"log\.csv"):
        read(content)


def test_an_empty_file_has_no_records() -> None:
    """A file of zero bytes is read to its end without a record."""
    assert read(b"") == []
