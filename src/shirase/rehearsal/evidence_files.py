"""Edge: lay the planted lines out in files, each exported in its own way, and remember where each line stands."""

import gzip
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import zstandard

from shirase.rehearsal.broken import TRUNCATED_DAY
from shirase.rehearsal.instants import DAYS
from shirase.rehearsal.laid import Laid, Placed
from shirase.rehearsal.lines import CSV_COLUMNS, PlantedLine, encode_csv
from shirase.rehearsal.other_files import lay_other

BOM = b"\xef\xbb\xbf"
CSV_PATH = "evidence/superuser-csv/regional-console.csv"

_SUFFIXES = dict(zip(DAYS, (".gz", "", "", ".zst", ".gz", "", ".zst", "", ".gz", ""), strict=True))
BOM_DAY, CRLF_DAY, UNENDED_DAY = DAYS[2], DAYS[5], DAYS[6]
"""Files with a byte order mark, with Windows line ends, and with a sound last line that has no line end."""


def path_of(file: date | None) -> str:
    """The path of a file of the export below the case folder."""
    return CSV_PATH if file is None else f"evidence/superuser/{file.isoformat()}.ndjson{_SUFFIXES[file]}"


def lay_out(lines: list[PlantedLine]) -> tuple[Laid, ...]:
    """All evidence files, in order of path; lines of a file stand in their order, then in the order of planting."""
    by_file: dict[date | None, list[PlantedLine]] = {}
    others: dict[str, list[PlantedLine]] = {}
    for line in lines:
        if isinstance(line.file, str):
            others.setdefault(line.file.partition("!")[0], []).append(line)
        else:
            by_file.setdefault(line.file, []).append(line)
    laid = [_lay(file, sorted(planted, key=lambda line: line.order)) for file, planted in by_file.items()]
    laid += [lay_other(file, planted) for file, planted in others.items()]
    return tuple(sorted(laid, key=lambda entry: entry.path))


def write_files(folder: Path, laid: tuple[Laid, ...]) -> None:
    """Write the files, compressed as their names say."""
    for entry in laid:
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_compressor(path.suffix)(entry.content))


def _lay(file: date | None, lines: list[PlantedLine]) -> Laid:
    path = path_of(file)
    is_csv = file is None
    end = b"\r\n" if is_csv or file == CRLF_DAY else b"\n"
    header = [encode_csv({name: name for name in CSV_COLUMNS})] if is_csv else []
    content = end.join([*header, *(line.raw for line in lines)])
    content += b"" if file in (TRUNCATED_DAY, UNENDED_DAY) else end
    continuations = sum(line.raw.count(b"\n") for line in lines)
    return Laid(
        path=path,
        source_id="superuser-csv" if is_csv else "superuser",
        content=BOM + content if is_csv or file == BOM_DAY else content,
        placed=tuple(_place(path, lines, first=1 + len(header))),
        physical_lines=len(header) + len(lines) + continuations,
        header_lines=len(header),
        blank_lines=sum(1 for line in lines if line.verdict is None),
        continuation_lines=continuations,
    )


def _place(path: str, lines: list[PlantedLine], *, first: int) -> Iterator[Placed]:
    number = first
    for line in lines:
        if line.verdict is not None:
            yield Placed(path, number, line.verdict)
        number += 1 + line.raw.count(b"\n")


def _compressor(suffix: str) -> Callable[[bytes], bytes]:
    return {".gz": _gzip, ".zst": _zstandard}.get(suffix, bytes)


def _gzip(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def _zstandard(content: bytes) -> bytes:
    """Two frames, one after the other, as exporters write that append; cut in the middle of a line."""
    half = len(content) // 2
    compressor = zstandard.ZstdCompressor(level=3)
    return compressor.compress(content[:half]) + compressor.compress(content[half:])
