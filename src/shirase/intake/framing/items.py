"""What framing yields: a record, something that cannot be one, or a line that holds none."""

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
