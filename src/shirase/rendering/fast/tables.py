"""Tables from their cells: lines between rows, and how high each row is.

Borders collapse as CSS 2.1, 17.6.2 has it, for lines between rows only: of two that meet the wider is drawn, of equal
ones that of the row above, and half of it belongs to either row.
"""

from dataclasses import dataclass
from itertools import pairwise

from shirase.rendering.fast.nodes import Cell, Row, RowGroup, Table

Border = tuple[float, bytes]
"""Width, and the operator that sets the colour."""

_NONE: Border = (0.0, b"")


@dataclass(slots=True, eq=False)
class RowParts:
    """A row that knows nothing of its neighbours yet."""

    cells: tuple[Cell, ...]
    avoids_break: bool
    lang: str | None


@dataclass(slots=True, eq=False)
class GroupParts:
    """A group of such rows. ``kind`` is ``head``, ``body`` or ``foot``."""

    tag: str
    kind: str
    rows: tuple[RowParts, ...]
    lang: str | None


@dataclass(slots=True, eq=False)
class TableParts:
    """A table whose rows know nothing of their neighbours yet.

    Attributes:
        groups: From top to bottom.
        left: Of the border box, ``width`` likewise.
        columns: Left edge and width of each.
        background: As that of a table.
        border_top: Asked for by the table itself; likewise ``border_bottom``.
        break_inside: As that of a table.
        lang: As that of a block.
    """

    groups: tuple[GroupParts, ...]
    left: float
    width: float
    columns: tuple[tuple[float, float], ...]
    background: bytes | None
    border_top: Border
    border_bottom: Border
    break_inside: str
    lang: str | None


def compose(parts: TableParts) -> Table:
    """The table of ``parts``."""
    rows = [row for group in parts.groups for row in group.rows]
    count = len(parts.columns)
    first, last = (parts.border_top,) * count, (parts.border_bottom,) * count
    above = [_by_column(row, "border_top") for row in rows]
    below = [_by_column(row, "border_bottom") for row in rows]
    lines = [
        _winners(above[0], first) if rows else first,
        *(_winners(upper, lower) for upper, lower in zip(below, above[1:], strict=False)),
        _winners(below[-1], last) if rows else last,
    ]
    made = iter([_row(row, *around) for row, around in zip(rows, pairwise(lines), strict=True)])
    groups = [
        (group.kind, RowGroup(group.tag, tuple(next(made) for _ in group.rows), group.lang)) for group in parts.groups
    ]
    return Table(
        head=next((group for kind, group in groups if kind == "head"), None),
        bodies=tuple(group for kind, group in groups if kind == "body"),
        foot=next((group for kind, group in groups if kind == "foot"), None),
        border_top=max(width for width, _ in lines[0]) / 2,
        border_bottom=max(width for width, _ in lines[-1]) / 2,
        x=parts.left,
        width=parts.width,
        background=parts.background,
        edges=(*(left for left, _ in parts.columns), sum(parts.columns[-1])),
        break_inside=parts.break_inside,
        lang=parts.lang,
    )


def _by_column(row: RowParts, side: str) -> tuple[Border, ...]:
    return tuple(border for cell in row.cells for border in (getattr(cell, side),) * cell.colspan)


def _winners(upper: tuple[Border, ...], lower: tuple[Border, ...]) -> tuple[Border, ...]:
    return tuple(one if one[0] >= other[0] else other for one, other in zip(upper, lower, strict=True))


def _row(row: RowParts, above: tuple[Border, ...], below: tuple[Border, ...]) -> Row:
    halves = []
    position = 0
    for cell in row.cells:
        end = position + cell.colspan
        halves.append((_half(above[position:end]), _half(below[position:end])))
        position = end
    height = max(
        upper + cell.padding_top + cell.height + cell.padding_bottom + lower
        for cell, (upper, lower) in zip(row.cells, halves, strict=True)
    )
    tops = tuple(
        height - lower - cell.padding_bottom - cell.height if cell.at_bottom else upper + cell.padding_top
        for cell, (upper, lower) in zip(row.cells, halves, strict=True)
    )
    return Row(row.cells, height, tops, above, below, row.avoids_break, row.lang)


def _half(borders: tuple[Border, ...]) -> float:
    return max(width for width, _ in borders) / 2
