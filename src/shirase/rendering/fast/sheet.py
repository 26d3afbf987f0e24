"""The sheet: everything that has to be laid out for a report and was not before, in one document of very high pages.

WeasyPrint lays it out by the same stylesheets as the whole report. What is on it are the pieces of the report that no
other one had: the caches remember all others.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shirase.rendering.fast.markup import Cell, RowKind, TableKind, TableMarkup

MARK = "data-piece"


@dataclass(slots=True)
class TableRequest:
    """Cells of tables of one kind that are not known yet. ``model`` is the first table met of that kind."""

    model: TableMarkup
    rows: dict[RowKind, list[list[Cell | None]]] = field(default_factory=dict)
    asked: set[Cell] = field(default_factory=set)
    filled: Counter[tuple[RowKind, int]] = field(default_factory=Counter)

    def add(self, cell: Cell) -> None:
        """Ask for ``cell``: it is put into the first row of its kind that has room in its place."""
        if cell in self.asked:
            return
        self.asked.add(cell)
        kind, _ = cell
        rows = self.rows.setdefault(kind.row, [])
        place = self.filled[kind.row, kind.index]
        self.filled[kind.row, kind.index] += 1
        if place == len(rows):
            rows.append([None] * len(kind.row.skeleton))
        rows[place][kind.index] = cell


@dataclass(slots=True)
class Sheet:
    """What is asked for in one context."""

    blocks: dict[str, None] = field(default_factory=dict)
    tables: dict[TableKind, TableRequest] = field(default_factory=dict)

    def ask_for_block(self, html: str) -> None:
        """Ask for a piece that is laid out as a whole."""
        self.blocks[html] = None

    def ask_for_table(self, table: TableMarkup) -> TableRequest:
        """Ask for the columns of ``table``; cells can be added."""
        if table.kind not in self.tables:
            self.tables[table.kind] = TableRequest(table)
        return self.tables[table.kind]

    def html(self, start: str) -> str:
        """The section that begins with ``start``: each piece after an empty block that marks where it begins."""
        parts = [start]
        for html in self.blocks:
            parts += (f"<div {MARK}></div>", html)
        for request in self.tables.values():
            parts += (f"<div {MARK}></div>", *_table(request))
        parts.append("</section>")
        return "".join(parts)

    def boxes(self, section: Any) -> Iterator[list[Any]]:
        """The boxes of each piece of the laid-out section, in the order of :meth:`html`."""
        piece: list[Any] | None = None
        for box in section.children:
            if box.element is not None and box.element.get(MARK) is not None:
                if piece is not None:
                    yield piece
                piece = []
            elif piece is not None:
                piece.append(box)
        if piece is not None:
            yield piece


def _table(request: TableRequest) -> Iterator[str]:
    model = request.model
    start, end = model.around
    yield f"{start}{model.start}"
    yield model.columns
    yield model.first_row
    if any(kind.group.tag == "tfoot" for kind in request.rows):
        yield "<tfoot><tr><td></td></tr></tfoot>"  # the first foot is moved to the end, all others stay where they are
    for kind, rows in request.rows.items():
        if kind.is_first:
            for cells in rows:
                yield f"{kind.group.start}{_row(kind, cells)}{kind.group.end}"
        else:
            yield f"{kind.group.start}<tr><td></td></tr>"
            for cells in rows:
                yield _row(kind, cells)
            yield kind.group.end
    yield f"</table>{end}"


def _row(kind: RowKind, cells: list[Cell | None]) -> str:
    """A row of which only the cells asked for are there, each in its columns."""
    made = [kind.start]
    gap = 0
    for (_, colspan), cell in zip(kind.skeleton, cells, strict=True):
        if cell is None:
            gap += colspan
            continue
        if gap:
            made.append(f'<td colspan="{gap}"></td>')
        made.append(cell[1])
        gap = 0
    made.append("</tr>")
    return "".join(made)


def asked_cells(request: TableRequest) -> Iterator[list[list[Cell | None]]]:
    """Cells of each row of each group, as they stand in the sheet; those that only fill a gap are None."""
    for kind, rows in request.rows.items():
        if kind.is_first:
            for cells in rows:
                yield [_without_gaps(cells)]
        else:
            yield [[None], *(_without_gaps(cells) for cells in rows)]


def _without_gaps(cells: list[Cell | None]) -> list[Cell | None]:
    made: list[Cell | None] = []
    for cell in cells:
        if cell is not None:
            made.append(cell)
        elif not made or made[-1] is not None:
            made.append(None)
    return made if made[-1] is not None else made[:-1]
