"""A spreadsheet (.xlsx): the rows of its first sheet under its first row. Read row by row; formulas are never run."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shirase.domain.errors import EvidenceError, Problem
from shirase.domain.reject import RejectReason
from shirase.intake.framing.items import Cut, Item, Passed
from shirase.intake.framing.units import Units
from shirase.intake.framing.zip_folder import DAMAGE, refuse_bomb
from shirase.intake.json_records import Record
from shirase.intake.records import BadRecord, PhysicalLine
from shirase.intake.sources.contract import AsideKind, RecordContext
from shirase.intake.streams import Lines


def frame_workbook(lines: Lines, path: str, units: Units) -> Iterator[Item]:
    """Every row of every sheet as a record by the column names in the sheet's first row.

    Cells that a spreadsheet holds as dates come as ISO texts without a zone, because a spreadsheet has none.

    Raises:
        EvidenceError: When the file is no readable workbook.
    """
    try:
        with zipfile.ZipFile(lines.stored) as folder:
            for member in folder.infolist():
                refuse_bomb(member, path)
        lines.stored.seek(0)
        book = load_workbook(lines.stored, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                yield from _read_sheet(sheet, units)
        finally:
            book.close()
    except (*DAMAGE, InvalidFileException, ParseError, KeyError, TypeError, AttributeError, IndexError) as error:
        what = f"this workbook is damaged ({str(error)[:200]})"
        raise EvidenceError(Problem(what, path, "export it again; half a log is not evidence")) from error


def _read_sheet(sheet: Any, units: Units) -> Iterator[Item]:
    header: tuple[str, ...] = ()
    for row in sheet.iter_rows(values_only=True):
        cells = [_text(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        line = _line(cells, units)
        if not cells:
            yield Passed(line)
        elif not header:
            header = tuple(cell or "" for cell in cells)
            yield Passed(line, AsideKind.HEADER)
        elif len(cells) > len(header):
            detail = f"{len(cells)} cells under {len(header)} columns"
            yield BadRecord(line, RejectReason.WRONG_CELL_COUNT, detail)
        else:
            record: Record = dict.fromkeys(header)
            record.update(zip(header, cells, strict=False))
            yield Cut(line, record, 1, RecordContext(member=str(sheet.title)))


def _line(cells: list[str | None], units: Units) -> PhysicalLine:
    units.seen += 1
    raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace")
    return PhysicalLine(units.seen, 0, raw, hashlib.sha256(raw).hexdigest(), len(raw), terminated=True)


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
