"""One JSON object a line: what most exports are, hence the shortest way. A broken line costs itself and no other."""

from collections.abc import Iterator

from shirase.intake.framing.items import Cut, Item, Passed
from shirase.intake.json_records import parse_record
from shirase.intake.records import BadRecord, PhysicalLine, RecordError, decode


def frame_lines(lines: Iterator[PhysicalLine]) -> Iterator[Item]:
    """Parse each line; blank ones are passed on, to be counted."""
    for line in lines:
        try:
            if line.too_long:
                decode(line)
            yield Cut(line, parse_record(line.raw, terminated=line.terminated))
        except RecordError as error:
            yield Passed(line) if line.blank else BadRecord(line, error.reason, error.detail)
