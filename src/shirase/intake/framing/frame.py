"""Frame a file: choose how to cut it by what it is, within what its adapter can read."""

from collections.abc import Iterator
from dataclasses import dataclass

from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.profile import Profile, RecordFormat
from shirase.intake.framing.csv_table import frame_csv
from shirase.intake.framing.items import Item, Run
from shirase.intake.framing.json_lines import frame_lines, frame_runs
from shirase.intake.framing.json_stream import JsonStream
from shirase.intake.framing.shape import HEAD_BYTES, detect_shape, has_records_by_line
from shirase.intake.framing.units import Units
from shirase.intake.framing.workbook import frame_workbook
from shirase.intake.framing.xml_stream import frame_xml
from shirase.intake.framing.zip_folder import frame_zip
from shirase.intake.records import iter_lines
from shirase.intake.sources.contract import Framing, Shape
from shirase.intake.streams import Lines


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file will be cut.

    Attributes:
        shape: Its shape.
        by_line: Whether JSON has one record a line.
        delimiter: What separates cells, where it is declared.
    """

    shape: Shape
    by_line: bool = True
    delimiter: str | None = None


def lay_out(head: bytes, framing: Framing, path: str) -> Layout:
    """How a file that begins with ``head`` is cut for an adapter.

    Raises:
        EvidenceError: When it has a shape that the adapter does not read.
    """
    shape = detect_shape(head)
    if shape is None:
        shape = Shape.JSON if Shape.JSON in framing.shapes else Shape.CSV
    if shape is Shape.CSV and shape not in framing.shapes and Shape.JSON in framing.shapes:
        shape = Shape.JSON
    if shape not in framing.shapes and head:
        readable = ", ".join(sorted(framing.shapes))
        raise EvidenceError(
            Problem(f"is {shape}, and this adapter reads {readable}", path, "`shirase sniff` tells more")
        )
    whole = len(head) < HEAD_BYTES
    return Layout(shape, shape is not Shape.JSON or has_records_by_line(head, _lists(framing), whole=whole))


def lay_out_mapped(head: bytes, profile: Profile) -> Layout:
    """How a file that is read by a profile is cut: as the profile says, and JSON arrays besides."""
    if profile.format is RecordFormat.CSV:
        return Layout(Shape.CSV, delimiter=profile.delimiter)
    return Layout(Shape.JSON, has_records_by_line(head, (), whole=len(head) < HEAD_BYTES))


def frame(lines: Lines, path: str, layout: Layout, framing: Framing, units: Units) -> Iterator[Item]:
    """Cut a file into items.

    Raises:
        EvidenceError: When its outer structure is broken.
    """
    match layout.shape:
        case Shape.JSON if layout.by_line:
            return frame_lines(units.count(iter_lines(lines)))
        case Shape.JSON:
            return iter(JsonStream(lines, path, framing, units))
        case Shape.CSV:
            return frame_csv(
                units.count(iter_lines(lines)), path, delimiter=layout.delimiter, stop_at_blank=framing.stop_at_blank
            )
        case Shape.XML:
            return frame_xml(lines, path, framing, units)
        case Shape.ZIP:
            return frame_zip(lines, path, framing, units)
        case Shape.XLSX:
            return frame_workbook(lines, path, units)


def frame_in_runs(lines: Lines, path: str, layout: Layout, framing: Framing, units: Units) -> Iterator[Item | Run]:
    """As :func:`frame`; what is cut alike comes many records at a time, not parsed yet.

    Raises:
        EvidenceError: When its outer structure is broken.
    """
    if layout.shape is Shape.JSON and layout.by_line:
        return frame_runs(lines, units)
    if layout.shape is Shape.JSON:
        return JsonStream(lines, path, framing, units).in_runs()
    return frame(lines, path, layout, framing, units)


def _lists(framing: Framing) -> tuple[str, ...]:
    return (*framing.envelopes, *framing.tables)
