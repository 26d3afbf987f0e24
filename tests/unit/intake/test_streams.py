"""Evidence files as streams, whatever they are compressed with."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from shirase.domain.errors import EvidenceError
from shirase.intake.records import MAX_LINE_BYTES, PhysicalLine, iter_lines
from shirase.intake.streams import hash_file, open_lines

TEXT = "".join(f'{{"n": {number}, "word": "知らせ{number * 7919 % 1000}"}}\n' for number in range(50_000)).encode()


def read(folder: Path, name: str) -> list[PhysicalLine]:
    with open_lines(folder, name) as lines:
        return list(iter_lines(lines))


def test_compression_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    """Plain, gzip, several gzip members, Zstandard and several frames give the same lines under any name."""
    half = len(TEXT) // 2
    stored = {
        "plain.gz": TEXT,
        "one.ndjson": gzip.compress(TEXT),
        "two.ndjson": gzip.compress(TEXT[:half]) + gzip.compress(TEXT[half:]),
        "zstd.csv": zstandard.compress(TEXT),
        "frames": zstandard.compress(TEXT[:half]) + zstandard.compress(TEXT[half:]),
    }
    expected = TEXT.split(b"\n")[:-1]
    for name, content in stored.items():
        (tmp_path / name).write_bytes(content)
        assert [line.raw for line in read(tmp_path, name)] == expected, name


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_cut_off_compressed_file_is_an_error(tmp_path: Path, compress: Callable[[bytes], bytes], kept: float) -> None:
    """Half a log is refused: it never passes for a whole one."""
    whole = compress(TEXT)
    (tmp_path / "log").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(EvidenceError, match="damaged or cut off"):
        read(tmp_path, "log")


def test_offsets_point_at_the_first_byte_of_each_line(tmp_path: Path) -> None:
    """Cutting the decompressed file at the offsets gives the lines back, byte order mark and line ends included."""
    content = b"\xef\xbb\xbffirst\r\n\r\nthird \xe2\x80\xa8 still third\nlast"
    (tmp_path / "log").write_bytes(content)
    lines = read(tmp_path, "log")
    assert [line.offset for line in lines] == [0, 10, 12, 34]
    assert [line.raw for line in lines] == [b"first", b"", "third \u2028 still third".encode(), b"last"]
    assert [line.terminated for line in lines] == [True, True, True, False]


def test_digest_is_that_of_the_line_without_its_end(tmp_path: Path) -> None:
    """The digest of a line can be recomputed with any tool from the line alone."""
    (tmp_path / "log").write_bytes(b"abc\r\nabc\n")
    assert {line.digest for line in read(tmp_path, "log")} == {hashlib.sha256(b"abc").hexdigest()}


def test_a_line_beyond_the_limit_is_kept_in_part_and_read_past(tmp_path: Path) -> None:
    """An endless line costs no memory, is marked, and does not take the next line with it."""
    long = b"x" * (2 * MAX_LINE_BYTES + 17)
    (tmp_path / "log").write_bytes(long + b"\nnext\n")
    first, second = read(tmp_path, "log")
    assert first.too_long
    assert first.size == len(long)
    assert first.digest == hashlib.sha256(long).hexdigest()
    assert (second.number, second.raw, second.offset) == (2, b"next", len(long) + 1)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_utf16_with_its_mark_gives_the_same_lines(
    tmp_path: Path, encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    """A file as spreadsheets save it, compressed or not, has the lines it would have as UTF-8."""
    (tmp_path / "log").write_bytes(compress(("\ufeff" + TEXT.decode()).encode(encoding)))
    assert [line.raw for line in read(tmp_path, "log")] == TEXT.split(b"\n")[:-1]


def test_utf16_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """Half a character at the end means that half a file is missing."""
    (tmp_path / "log").write_bytes(b"\xff\xfe{\x00}\x00\n\x00x")
    with pytest.raises(EvidenceError, match="UTF-16"):
        read(tmp_path, "log")


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """Evidence that grows under the reader is no evidence."""
    path = tmp_path / "log"
    path.write_bytes(TEXT)
    with pytest.raises(EvidenceError, match="changed while"), open_lines(tmp_path, "log") as lines:  # noqa: PT012
        lines.readline(100)
        with path.open("ab") as file:
            file.write(b"more\n")


def test_the_hash_is_that_of_the_stored_file(tmp_path: Path) -> None:
    """The digest on arrival is what sha256sum prints for the file as it lies there."""
    stored = gzip.compress(TEXT)
    (tmp_path / "log.gz").write_bytes(stored)
    facts = hash_file(tmp_path, "log.gz")
    assert (facts.size, facts.digest) == (len(stored), hashlib.sha256(stored).hexdigest())
