"""CSV with a header: rows as records. A broken quote costs its row; what follows a table's end is a footer."""

from collections.abc import Iterator

from shirase.intake.csv_records import CsvReader
from shirase.intake.framing.items import Cut, Item, Passed
from shirase.intake.framing.shape import choose_delimiter
from shirase.intake.records import BadRecord, PhysicalLine
from shirase.intake.sources.contract import AsideKind


def frame_csv(
    lines: Iterator[PhysicalLine], path: str, *, delimiter: str | None, stop_at_blank: bool = False
) -> Iterator[Item]:
    """Every row as a record by column names, header and blank lines as what they are.

    Args:
        lines: Physical lines.
        path: For messages.
        delimiter: What separates cells; told from the header when None.
        stop_at_blank: Whether everything from the first blank row on is the footer of a report.
    """
    first = next(lines, None)
    while first is not None and first.blank:
        yield Passed(first)
        first = next(lines, None)
    if first is None:
        return
    if delimiter is None:
        delimiter = choose_delimiter(first.raw.decode("utf-8", "replace"))
    reader = CsvReader(_with(first, lines), path, delimiter)
    yield Passed(first, AsideKind.HEADER)
    ended = False
    for item in reader:
        if isinstance(item, PhysicalLine):
            ended = ended or stop_at_blank
            yield Passed(item, AsideKind.FOOTER if ended else None)
        elif isinstance(item, BadRecord):
            yield Passed(item.line, AsideKind.FOOTER) if ended else item
        elif ended:
            yield Passed(item[0], AsideKind.FOOTER, item[2])
        else:
            line, cells, span = item
            yield Cut(line, dict(cells), span)


def _with(first: PhysicalLine, lines: Iterator[PhysicalLine]) -> Iterator[PhysicalLine]:
    yield first
    yield from lines
