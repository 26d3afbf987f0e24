"""One JSON object a line: what most exports are, hence the shortest way. A broken line costs itself and no other."""

from collections.abc import Iterator
from itertools import accumulate, count
from operator import add

from shirase.intake.framing.items import Cut, Item, Passed, Run
from shirase.intake.framing.units import Units
from shirase.intake.json_records import parse_record
from shirase.intake.records import MAX_LINE_BYTES, BadRecord, PhysicalLine, RecordError, decode, iter_lines
from shirase.intake.sources.contract import BARE, RecordContext
from shirase.intake.streams import UTF8_BOM, Lines

RUN_BYTES = 1 << 20
"""Bytes that are cut into lines at a time."""


def frame_lines(lines: Iterator[PhysicalLine]) -> Iterator[Item]:
    """Parse each line; blank ones are passed on, to be counted."""
    return map(read_line, lines)


def read_line(line: PhysicalLine, context: RecordContext = BARE) -> Item:
    """The record that a line holds, or why it holds none."""
    try:
        if line.too_long:
            decode(line)
        return Cut(line, parse_record(line.raw, terminated=line.terminated), 1, context)
    except RecordError as error:
        return Passed(line) if line.blank else BadRecord(line, error.reason, error.detail)


def frame_runs(lines: Lines, units: Units) -> Iterator[Item | Run]:
    """The same lines, many at a time; those that are too long, or have no end, by themselves."""
    number, offset, rest = 1, 0, b""
    while chunk := lines.read(RUN_BYTES):
        end = chunk.rfind(b"\n")
        if end < 0:
            rest += chunk
            if len(rest) > MAX_LINE_BYTES:
                ahead = _Ahead(rest, lines)
                units.seen += 1
                yield read_line(ahead.one_line(number, offset))
                number, offset, rest = number + 1, offset + ahead.taken, b""
            continue
        if len(rest) > MAX_LINE_BYTES - RUN_BYTES and len(rest) + (first := chunk.find(b"\n")) > MAX_LINE_BYTES:
            units.seen += 1
            yield read_line(_Ahead(rest + chunk[: first + 1], lines).one_line(number, offset))
            number, offset = number + 1, offset + len(rest) + first + 1
            rest, chunk, end = b"", chunk[first + 1 :], end - first - 1
            if end < 0:
                rest = chunk
                continue
        block = rest + chunk[:end]
        run = _cut(block, number, offset)
        units.seen += len(run.raws)
        yield run
        offset += len(block) + 1
        number += len(run.raws)
        rest = chunk[end + 1 :]
    if rest:
        units.seen += 1
        yield read_line(_Ahead(rest, lines).one_line(number, offset))


def _cut(block: bytes, number: int, offset: int) -> Run:
    """Cut at line feeds, as :func:`shirase.intake.records.iter_lines` does."""
    raws = block.split(b"\n")
    # As many bytes behind its beginning as the lines before it have, and as they have line feeds.
    offsets = list(map(add, accumulate(map(len, raws[:-1]), initial=offset), count()))
    if b"\r" in block:
        raws = [raw.removesuffix(b"\r") for raw in raws]
    if number == 1:
        raws[0] = raws[0].removeprefix(UTF8_BOM)
    return Run(number, offsets, raws)


class _Ahead(Lines):
    """What was read already, and the rest of its line."""

    def __init__(self, ahead: bytes, lines: Lines) -> None:
        self._ahead = ahead
        self._lines = lines
        self.taken = 0

    def readline(self, limit: int) -> bytes:
        """The next piece of the line."""
        chunk, self._ahead = self._ahead[:limit], self._ahead[limit:]
        if len(chunk) < limit and not chunk.endswith(b"\n"):
            chunk += self._lines.readline(limit - len(chunk))
        self.taken += len(chunk)
        return chunk

    def one_line(self, number: int, offset: int) -> PhysicalLine:
        """The line, read as any other; it is the ``number``-th, and begins at ``offset``."""
        return next(iter_lines(self, number=number - 1, offset=offset))
