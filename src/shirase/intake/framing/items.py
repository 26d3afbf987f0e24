"""What framing yields: a record, something that cannot be one, or a line that holds none."""

import hashlib
from typing import NamedTuple

from shirase.intake.json_records import Record
from shirase.intake.records import BadRecord, PhysicalLine
from shirase.intake.sources.contract import BARE, AsideKind, RecordContext


class Cut(NamedTuple):
    """One record, cut out and parsed.

    Attributes:
        line: Where it stands, with its bytes and their digest.
        record: Its values.
        span: Physical lines it takes.
        context: What stands around it.
    """

    line: PhysicalLine
    record: Record
    span: int = 1
    context: RecordContext = BARE


class Passed(NamedTuple):
    """Physical lines that hold no record: a blank one (no kind), the column names of a table, the footer below it."""

    line: PhysicalLine
    kind: AsideKind | None = None
    span: int = 1


Item = Cut | BadRecord | Passed


class Run(NamedTuple):
    """Records that stand one after the other and were cut out, but not parsed yet: many at a time are read faster.

    Attributes:
        number: Number of the first one.
        offsets: Byte offset of each.
        raws: Bytes of each, without line ends.
        context: What stands around them.
    """

    number: int
    offsets: list[int]
    raws: list[bytes]
    context: RecordContext = BARE

    def line(self, place: int) -> PhysicalLine:
        """One of them as a line."""
        raw = self.raws[place]
        digest = hashlib.sha256(raw).hexdigest()
        return PhysicalLine(self.number + place, self.offsets[place], raw, digest, len(raw), terminated=True)

    def part(self, begin: int, end: int) -> "Run":
        """Some of them."""
        if begin == 0 and end == len(self.raws):
            return self
        return Run(self.number + begin, self.offsets[begin:end], self.raws[begin:end], self.context)
