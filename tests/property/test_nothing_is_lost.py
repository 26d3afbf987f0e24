"""Whatever a file holds, every line of it is somewhere."""

import gzip
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mapped_source import SOURCE, profile
from shirase.domain.profile import RecordFormat
from shirase.evidence.store import count_rows
from shirase.intake.intake_file import IntakeParts, arrive
from shirase.intake.read import read_file
from shirase.intake.summary import FileSummary

GOOD = b'{"ts":"2022-01-20T23:18:04Z","who":"e1","what":"su.view","tenants":["t1"],"id":"r1"}'
PIECES = st.one_of(
    st.just(GOOD),
    st.just(b'{"ts":"2022-01-20T23:18:04Z","who":"e1","what":"su.ping"}'),
    st.sampled_from([b"", b" ", b"{", b"[]", b'{"ts":1}', b"\xff\xfe{", b"\x00", b'{"a":1,"a":2}', b'{"a":NaN}']),
    st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"")),
)
CELLS = st.one_of(
    st.sampled_from([b"e1", b'"two\nlines"', b'"open', b'a"b', b"", b'"a ""b"""', b"2022-01-20T23:18:04Z", b"\xff"]),
    st.binary(max_size=12).map(lambda raw: raw.replace(b"\n", b"")),
)
ENDS = st.sampled_from([b"\n", b"\r\n"])


def intake(content: bytes, record_format: RecordFormat, *, compressed: bool) -> tuple[FileSummary, int, int]:
    """Read ``content``; give the summary, the rows of the store and the lines of the reject file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "log").write_bytes(gzip.compress(content) if compressed else content)
        file = arrive(folder, "log", SOURCE, profile(record_format))
        parts = IntakeParts(folder / "lines", folder / "rejects")
        summary = read_file(folder, file, parts, lambda _: None)
        return summary, count_rows(parts.lines), parts.rejects.read_bytes().count(b"\n")


def check(content: bytes, record_format: RecordFormat, *, compressed: bool) -> None:
    file, rows, rejected = intake(content, record_format, compressed=compressed)
    ends = content.count(b"\n")
    assert file.count.physical_lines == ends + (1 if content and not content.endswith(b"\n") else 0)
    assert file.count.balances()
    assert rows == file.count.records == file.actions + file.no_actions + file.reject_count
    assert rejected == file.reject_count


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(PIECES, ENDS), max_size=25), st.booleans(), st.booleans())
def test_every_line_of_json_is_somewhere(pieces: list[tuple[bytes, bytes]], cut_end: bool, compressed: bool) -> None:
    """Lines read = actions + no actions + rejects + blank ones, for any bytes whatever."""
    content = b"".join(piece + end for piece, end in pieces)
    # Marks of UTF-16 and lists are told apart by the first bytes; other tests are about them.
    if content.lstrip().startswith((b"\xff\xfe", b"\xfe\xff", b"[")):
        content = b"x" + content
    check(content.removesuffix(b"\n") if cut_end else content, RecordFormat.NDJSON, compressed=compressed)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.lists(CELLS, min_size=1, max_size=5), ENDS), max_size=25), st.booleans())
def test_every_line_of_csv_is_somewhere(rows: list[tuple[list[bytes], bytes]], compressed: bool) -> None:
    """Lines read = header + records + continuation lines + blank ones, however quotes are broken."""
    content = b"ts,who,what,tenants\r\n" + b"".join(b",".join(cells) + end for cells, end in rows)
    check(content, RecordFormat.CSV, compressed=compressed)
