"""JSON that is no lines: arrays, envelopes, objects one after the other. Read as a stream; memory holds one record.

Structure in JSON is ASCII, so the bytes are looked at as Latin-1, where every byte is one character: positions are
bytes, and no character is ever cut in half. Each record's own bytes are then parsed as strictly as a line.

What is broken outside a record cannot be read past: the file is refused with the place, because half a log is no
evidence. What is wrong inside a record (a repeated key, a lone surrogate) costs that record only.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

import msgspec

from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.reject import RejectReason
from shirase.intake.framing.items import Cut, Item, Run
from shirase.intake.framing.units import Units
from shirase.intake.json_records import Record, parse_record
from shirase.intake.records import MAX_LINE_BYTES, BadRecord, PhysicalLine, RecordError
from shirase.intake.sources.contract import BARE, Envelope, Framing, RecordContext
from shirase.intake.streams import UTF8_BOM, Lines

CHUNK_BYTES = 1 << 20
_SPACE = re.compile(r"[ \t\r\n]*")
_FIRST_KEY = re.compile(r'\{[ \t\r\n]*"[^"\\]{1,100}"')
_DECODER = json.JSONDecoder()
_SKIP = msgspec.json.Decoder(msgspec.Raw).decode
"""Goes over one JSON value without making anything of it."""

Row = Callable[[bytes, RecordContext], Record]


class JsonStream:
    """Reads one file."""

    def __init__(self, lines: Lines, path: str, framing: Framing, units: Units) -> None:
        self._lines = lines
        self._path = path
        self._framing = framing
        self._units = units
        self._text = ""
        self._place = 0
        self._offset = 0
        self._ended = False
        self._last_end = -1
        self._between = ""
        self._runs = False

    def __iter__(self) -> Iterator[Item]:
        """Every record of every top-level value."""
        return self._read_all()  # type: ignore[return-value]  # runs come only where they are asked for

    def in_runs(self) -> Iterator[Item | Run]:
        """The same, with what stands between equal separators in a list many at a time, not parsed yet."""
        self._runs = True
        return self._read_all()

    def _read_all(self) -> Iterator[Item | Run]:
        self._fill()
        if self._text.startswith(UTF8_BOM.decode("latin-1")):
            self._place = len(UTF8_BOM)
        while (character := self._peek()) is not None:
            if character == "[":
                yield from self._read_list(BARE)
            elif character == "{":
                yield from self._read_object()
            else:
                raise self._refuse("holds something between its records")

    # --- objects -------------------------------------------------------------------------------------------------

    def _read_object(self) -> Iterator[Item | Run]:
        """A top-level object: an envelope when it has a list where records are declared to be, else a record."""
        begun = self._position()
        self._keep_from = self._place
        values: dict[str, Any] = {}
        context = RecordContext(envelope=values)
        rows_before, found = self._units.seen, False
        for path in self._read_members(values, ""):
            found = True
            self._keep_from = None
            if path in self._framing.tables:
                yield from self._read_list(context, self._framing.tables[path])
            else:
                yield from self._read_list(context)
        if found:
            self._units.close(Envelope(values, self._units.seen - rows_before))
            return
        assert self._keep_from is not None
        raw = self._text[self._keep_from : self._place].encode("latin-1")
        self._keep_from = None
        yield self._record(raw, begun, BARE)

    _keep_from: int | None = None
    """Where the object begins that may yet turn out to be a record: nothing from there on is let go."""

    def _read_members(self, values: dict[str, Any], prefix: str) -> Iterator[str]:
        """Collect the members of an object in ``values``; yield the path of each list of records, to be read then."""
        self._expect("{")
        if self._peek() == "}":
            self._place += 1
            return
        while True:
            key = self._read_value()
            if not isinstance(key, str):
                raise self._refuse("has a key that is no text")
            self._expect(":")
            path = f"{prefix}{_as_text(key)}"
            character = self._peek()
            if character == "[" and (path in self._framing.envelopes or path in self._framing.tables):
                yield path
            elif character == "{" and any(known.startswith(f"{path}.") for known in self._framing.envelopes):
                inner: dict[str, Any] = {}
                values[path] = inner
                yield from self._read_members(inner, f"{path}.")
            else:
                values[path] = _as_text(self._read_value())
            if self._next_of(",}") == "}":
                return

    # --- lists ---------------------------------------------------------------------------------------------------

    def _read_list(self, context: RecordContext, columns_key: str = "") -> Iterator[Item | Run]:
        self._expect("[")
        self._between, self._last_end = "", -1
        if self._peek() == "]":
            self._place += 1
            return
        while True:
            self._peek()
            run = self._cut_run(context) if self._runs and self._between and not columns_key else None
            if run is not None:
                yield run
                if self._next_of(",]") == "]":
                    return
                continue
            begun = self._position()
            raw = self._cut_value()
            if not self._between:
                self._last_end = self._place
            if columns_key:
                yield self._row(raw, begun, context, columns_key)
            else:
                yield self._record(raw, begun, context)
            if self._next_of(",]") == "]":
                return

    def _record(self, raw: bytes, begun: int, context: RecordContext) -> Item:
        line = self._line(raw, begun)
        try:
            return Cut(line, parse_record(raw), 1, context)
        except RecordError as error:
            return BadRecord(line, error.reason, error.detail)

    def _row(self, raw: bytes, begun: int, context: RecordContext, columns_key: str) -> Item:
        """A list of values under the column names that stand in the envelope."""
        line = self._line(raw, begun)
        try:
            cells = parse_record(b'{"row":' + raw + b"}")["row"]
            columns = context.envelope.get(columns_key)
            names = [column.get("name") if isinstance(column, dict) else column for column in columns or ()]
            if not isinstance(cells, list) or len(cells) != len(names):
                detail = f"a row that does not match its {len(names)} columns"
                return BadRecord(line, RejectReason.WRONG_CELL_COUNT, detail)
            return Cut(line, dict(zip(map(str, names), cells, strict=True)), 1, context)
        except RecordError as error:
            return BadRecord(line, error.reason, error.detail)

    def _line(self, raw: bytes, begun: int) -> PhysicalLine:
        self._units.seen += 1
        return PhysicalLine(self._units.seen, begun, raw, hashlib.sha256(raw).hexdigest(), len(raw), terminated=True)

    # --- characters ----------------------------------------------------------------------------------------------

    def _cut_value(self) -> bytes:
        """The bytes of the value that begins here."""
        raw = self._cut_like_the_last()
        if raw is None:
            self._keep_from = self._place
            self._read_value()
            raw = self._text[self._keep_from : self._place].encode("latin-1")
            self._keep_from = None
        return raw

    def _cut_like_the_last(self) -> bytes | None:
        """The record that begins here, if what stood between the last two stands behind it as well.

        What is found so is a record only if it is a whole JSON value: no whole value is the beginning of another, so
        that there is no second answer. Everything else is left to the parser, which is slower.
        """
        begun = self._place
        if self._last_end > 0:
            between = self._text[self._last_end - 1 : begun]
            key = _FIRST_KEY.match(self._text, begun)
            self._between = between + key[0] if key is not None else ""
            self._last_end = -1
        end = self._text.find(self._between, begun + 1) + 1 if self._between else 0
        if end == 0:
            return None
        raw = self._text[begun:end].encode("latin-1")
        try:
            _SKIP(raw)
        except (msgspec.MsgspecError, RecursionError):
            return None
        self._place = end
        return raw

    def _cut_run(self, context: RecordContext) -> Run | None:
        """All records from here on, as far as was read, that stand like the last two; None for fewer than two.

        What holds for one holds for each: a piece is a record only if it is a whole JSON value.
        """
        begun, between = self._place, self._between
        end = self._text.rfind(between, begun + 1) + 1
        if end == 0:
            return None
        pieces = self._text[begun : end - 1].encode("latin-1").split(between.encode("latin-1"))
        first_key = between[between.index("{") :].encode("latin-1")
        gap = len(between) - len(first_key) - 1
        raws = [pieces[0] + b"}", *(first_key + piece + b"}" for piece in pieces[1:])]
        whole = _count_whole(raws)
        if whole < 2:
            return None
        del raws[whole:]
        offsets = list(accumulate((len(raw) + gap for raw in raws[:-1]), initial=self._position()))
        self._place = offsets[-1] - self._offset + len(raws[-1])
        run = Run(self._units.seen + 1, offsets, raws, context)
        self._units.seen += whole
        return run

    def _read_value(self) -> Any:
        """The value that begins here, whole, however much has to be read for it."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except RecursionError as error:
                raise self._refuse("is nested too deeply") from error
            except ValueError as error:
                if self._ended or len(self._text) - self._place > MAX_LINE_BYTES:
                    what = "breaks off" if self._ended else "has a value of more than 16 MiB"
                    raise self._refuse(f"{what} or is broken ({error})") from error
                self._fill()
                continue
            # A number may go on in what has not been read yet.
            if end == len(self._text) and not self._ended:
                self._fill()
                continue
            self._place = end
            return value

    def _peek(self) -> str | None:
        """The next character that is no white space; None at the end of the file."""
        while True:
            match = _SPACE.match(self._text, self._place)
            assert match is not None
            self._place = match.end()
            if self._place < len(self._text):
                return self._text[self._place]
            if self._ended:
                return None
            self._fill()

    def _next_of(self, wanted: str) -> str:
        character = self._peek()
        if character is None:
            raise self._refuse("breaks off")
        if character not in wanted:
            raise self._refuse(f"has {character!r} where one of {' '.join(wanted)} should stand")
        self._place += 1
        return character

    def _expect(self, wanted: str) -> None:
        self._next_of(wanted)

    def _fill(self) -> None:
        if len(self._text) - self._place > 4 * MAX_LINE_BYTES:
            raise self._refuse("has a record of more than 64 MiB")
        chunk = self._lines.read(max(CHUNK_BYTES, len(self._text) // 2))
        self._ended = not chunk
        begin = self._place if self._keep_from is None else self._keep_from
        self._text = self._text[begin:] + chunk.decode("latin-1")
        self._offset += begin
        self._place -= begin
        self._last_end -= begin
        if self._keep_from is not None:
            self._keep_from = 0

    def _position(self) -> int:
        return self._offset + self._place

    def _refuse(self, what: str) -> EvidenceError:
        where = f"{self._path}, byte {self._position()}"
        return EvidenceError(Problem(f"this JSON {what}", where, "export it again; half a log is not evidence"))


def _count_whole(raws: list[bytes]) -> int:
    """How many of ``raws``, from the first on, are whole JSON values."""
    for place, raw in enumerate(raws):
        try:
            _SKIP(raw)
        except (msgspec.MsgspecError, RecursionError):
            return place
    return len(raws)


def _as_text(value: Any) -> Any:
    """``value`` with its texts as UTF-8 instead of Latin-1."""
    if isinstance(value, str):
        return value.encode("latin-1", "replace").decode("utf-8", "replace")
    if isinstance(value, list):
        return [_as_text(item) for item in value[:1000]]
    if isinstance(value, dict):
        return {_as_text(key): _as_text(item) for key, item in value.items()}
    return value
