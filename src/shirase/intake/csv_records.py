"""CSV: records that may span lines, cut so that one broken quote can never swallow the rows after it."""

import csv
import hashlib
from collections import deque
from collections.abc import Iterator
from itertools import islice

from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.reject import RejectReason
from shirase.intake.records import BadRecord, PhysicalLine, RecordError, decode, decode_bytes

MAX_RECORD_LINES = 256
"""Lines one record may span. A quote still open after that is taken for a broken one."""

MAX_CELL_CHARS = 16 << 20

CsvItem = tuple[PhysicalLine, dict[str, str], int] | BadRecord | PhysicalLine


class CsvReader:
    """Reads the records of one CSV file.

    Attributes:
        header: Column names, once the first line has been read.
    """

    def __init__(self, lines: Iterator[PhysicalLine], path: str, delimiter: str) -> None:
        self._lines = lines
        self._ahead: deque[PhysicalLine] = deque()
        self._path = path
        self._delimiter = delimiter
        csv.field_size_limit(MAX_CELL_CHARS)
        self.header = self._read_header()

    def __iter__(self) -> Iterator[CsvItem]:
        """Yield ``(first line, cells by column, number of lines)``, a bad record, or a blank line as it is."""
        while line := self._next():
            if line.blank:
                yield line
            elif line.raw.count(b'"') % 2 == 0:
                yield self._parse_single(line)
            else:
                yield self._parse_spanning(line)

    def _read_header(self) -> tuple[str, ...]:
        first = self._next()
        if first is None:
            return ()
        if first.blank:
            raise EvidenceError(Problem("begins with an empty line instead of a header", self._path, "export it again"))
        try:
            header = tuple(self._cells(decode(first)))
        except RecordError as error:
            raise EvidenceError(
                Problem(f"has no readable header: {error.detail}", self._path, "export it again")
            ) from error
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            raise EvidenceError(Problem(f"has two columns named {', '.join(repeated)}", self._path, "export it again"))
        return header

    def _next(self) -> PhysicalLine | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _parse_single(self, line: PhysicalLine) -> CsvItem:
        try:
            return line, self._record(decode(line)), 1
        except RecordError as error:
            return BadRecord(line, error.reason, error.detail)

    def _parse_spanning(self, first: PhysicalLine) -> CsvItem:
        """Join lines until the quotes close; if that gives no sound record, only ``first`` is bad."""
        joined = [first]
        quotes = first.raw.count(b'"')
        while quotes % 2 and len(joined) < MAX_RECORD_LINES and (line := self._next()):
            joined.append(line)
            quotes += line.raw.count(b'"')
        try:
            if quotes % 2 or any(line.too_long for line in joined):
                detail = f"no closing quote within {len(joined)} lines"
                return self._give_back(joined, detail)
            raw = b"\n".join(line.raw for line in joined)
            record = self._record(decode_bytes(raw))
        except RecordError as error:
            return self._give_back(joined, error.detail)
        whole = first._replace(raw=raw, digest=hashlib.sha256(raw).hexdigest(), size=len(raw))
        return whole, record, len(joined)

    def _give_back(self, joined: list[PhysicalLine], detail: str) -> BadRecord:
        self._ahead.extendleft(reversed(joined[1:]))
        return BadRecord(joined[0], RejectReason.UNTERMINATED_QUOTE, detail)

    def _record(self, text: str) -> dict[str, str]:
        cells = self._cells(text)
        if len(cells) != len(self.header):
            detail = f"{len(cells)} cells under {len(self.header)} columns"
            raise RecordError(RejectReason.WRONG_CELL_COUNT, detail)
        return dict(zip(self.header, cells, strict=True))

    def _cells(self, text: str) -> list[str]:
        # One record is one item of the iterable: the reader joins nothing by itself.
        try:
            rows = list(islice(csv.reader([text], delimiter=self._delimiter, strict=True), 2))
        except csv.Error as error:
            raise RecordError(RejectReason.BROKEN_CSV, str(error)) from error
        if len(rows) != 1:
            raise RecordError(RejectReason.BROKEN_CSV, "not one record")
        return rows[0]
