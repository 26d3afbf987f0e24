"""Where pages end: nodes placed on one page after the other.

This follows WeasyPrint's own way step by step (CSS 2.1, 8.3.1 for margins that collapse; CSS Fragmentation Level 3 for
breaks), for what reports consist of. Both engines must break at the same places; where this one cannot promise that,
it refuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from shirase.rendering.fast.earlier import earlier_break
from shirase.rendering.fast.margins import can_vanish, closes, collapsed, is_hollow, opens
from shirase.rendering.fast.nodes import Block, Line, Picture, Row, Sub, Table
from shirase.rendering.fast.placed import (
    Laid,
    PlacedBlock,
    PlacedLine,
    PlacedPicture,
    PlacedRows,
    PlacedTable,
    Skip,
    break_between,
    height_of,
    is_marker,
    last_in_flow,
    move,
    stacked,
)
from shirase.rendering.refusal import RefusedError

INFINITE = float("inf")
_FUDGE = 1 + 1e-9
"""Sums of lengths may be off by that much (PEP 485)."""


@dataclass(slots=True)
class _Room:
    """What is known where something is to be laid out.

    Attributes:
        spare: Room to be kept at the foot of the page.
        skip: Where to go on; None for the beginning.
        is_empty: Whether nothing stands on the page yet.
        margins: Margins that collapse with the next one; whoever is laid out adds to them.
    """

    spare: float
    skip: Skip
    is_empty: bool
    margins: list[float]


def pages_of(root: Block, top: float, bottom: float, *, keeps_margins: bool) -> Iterator[PlacedBlock]:
    """Place ``root`` on as many pages as it takes.

    Args:
        root: A block without margins of its own.
        top: Where the area of the page begins.
        bottom: Where it ends.
        keeps_margins: Whether a margin at the top of a page stays after a break that nobody asked for.

    Raises:
        RefusedError: When something is higher than a page.
    """
    skip: Skip = None
    while True:
        page = _Page(bottom, truncates=skip is not None and not keeps_margins)
        laid = page.block(root, 0, top, _Room(0.0, skip, True, [0.0]))
        if laid.placed is None:
            raise RefusedError("nothing fits on a page")
        yield laid.placed
        if laid.resume is None:
            return
        if skip is not None and laid.resume == skip:
            raise RefusedError("a page that does not go on")
        skip = laid.resume


def place_whole(node: Block, y: float) -> PlacedBlock:
    """Place a block that is never broken, the top of its margin box at ``y``."""
    laid = _Page(INFINITE, truncates=False).block(node, 0, y, _Room(0.0, None, True, []))
    if laid.placed is None or laid.resume is not None:
        raise RefusedError("a block within a line that asks for a page of its own")
    return laid.placed


_Step = tuple[float, list[float], Skip]
"""Where something ends, the margins still open, and where to go on."""


class _Page:
    """Lays out one page."""

    def __init__(self, bottom: float, *, truncates: bool) -> None:
        self._bottom = bottom
        self._truncates = truncates

    def _overflows(self, spare: float, y: float) -> bool:
        return y > (self._bottom - spare) * _FUDGE

    # --- blocks --------------------------------------------------------------------------------------------------

    def block(self, node: Block, index: int, y: float, room: _Room) -> Laid:
        """Lay out one block.

        Args:
            node: The block.
            index: Its place in its parent.
            y: Top of its margin box, before margins collapse.
            room: What is known there.
        """
        begins = room.skip is None
        margin_top = node.margin_top if begins else 0.0
        above = node.border_top + node.padding_top if begins else 0.0
        if self._truncates and room.is_empty and room.margins:
            margin_top = 0.0
        margins = room.margins
        margins.append(margin_top)
        is_open = opens(node, begins=begins)
        placed = PlacedBlock(node, index, y if is_open else y + collapsed(margins), begins=begins)
        position = placed.y if is_open else placed.y + above
        inner = _Room(room.spare, room.skip, room.is_empty, margins if is_open else [])
        outcome = self._kids(placed, position, inner)
        if outcome is None or (outcome[2] is not None and node.break_inside == "avoid" and not room.is_empty):
            return Laid(None)
        position, left, resume = outcome
        if is_open:
            placed.y = y + collapsed(margins)
        passes = is_hollow(placed) and can_vanish(node)
        if not passes and (is_hollow(placed) or not closes(node)):
            position += collapsed(left)
            left = []
        self._measure(placed, position - placed.y - above, above, room.spare, ends=resume is None)
        return Laid(placed, resume, left, passes)

    def _measure(self, placed: PlacedBlock, height: float, above: float, spare: float, *, ends: bool) -> None:
        """Say how high a block is; one that goes on reaches down to the foot of the page."""
        node = placed.node
        height = max(0.0, height)
        placed.ends = ends
        if not ends and self._bottom < INFINITE:
            height = max(height, self._bottom - spare - placed.y - above)
        placed.height = above + height + (node.padding_bottom + node.border_bottom if ends else 0.0)
        if node.wraps_table and placed.begins:
            _clear_own_floats(placed)

    def _kids(self, placed: PlacedBlock, position: float, room: _Room) -> _Step | None:
        """Fill ``placed``; None when nothing of it fits."""
        kids = placed.node.kids
        if kids and isinstance(kids[-1], Line):
            return self._lines(placed, position, room)
        start, inner = room.skip if room.skip is not None else (0, None)
        margins = room.margins
        for index, kid in enumerate(islice(kids, start, None), start):
            if isinstance(kid, Block) and kid.marker:
                placed.kids.append(self._marker(kid, index, position + collapsed(margins)))
                continue
            last = last_in_flow(placed.kids)
            if last is not None and break_between(last.node, kid) == "page":
                return position, [], (index, None)
            alone = room.is_empty and all(map(is_marker, placed.kids))
            step = self._kid(placed, kid, index, position, _Room(room.spare, inner, alone, margins))
            inner = None
            if step is None:
                found = self._earlier(placed, kid, index, is_empty=room.is_empty)
                return None if found is None else (position, [], found)
            position, margins, resume = step
            if resume is not None:
                return position, [], (index, resume)
        return position, margins, None

    def _marker(self, kid: Block, index: int, y: float) -> PlacedBlock:
        whole = place_whole(kid, y)
        whole.index = index
        return whole

    def _kid(
        self, parent: PlacedBlock, kid: Block | Table | Picture | Line, index: int, position: float, room: _Room
    ) -> _Step | None:
        """Add one kid to ``parent``; None when it does not fit."""
        if isinstance(kid, Table):
            table = self._table(kid, index, position + collapsed(room.margins), room)
            if table is None:
                return None
            placed, resume = table
            parent.kids.append(placed)
            return placed.y + placed.height, [0.0], resume
        if not isinstance(kid, Block):
            raise RefusedError("lines beside blocks")
        before = list(room.margins)
        laid = self._block_or_picture(kid, index, position, room)
        block = laid.placed
        if block is None:
            return None
        if not laid.passes_margins:
            below = kid.padding_bottom + kid.border_bottom if block.ends else 0.0
            more = room.spare + below + (kid.margin_bottom if block.ends and not closes(parent.node) else 0.0)
            end = block.y + block.height
            if not room.is_empty and self._overflows(room.spare, end - below):
                return None
            if not room.is_empty and self._overflows(more, end):
                laid = self._block_or_picture(kid, index, position, _Room(more, room.skip, False, before))
                block = laid.placed
                if block is None:
                    return None
            position = block.y + block.height
        laid.margins.append(kid.margin_bottom if block.ends else 0.0)
        parent.kids.append(block)
        return position, laid.margins, laid.resume

    def _block_or_picture(self, kid: Block, index: int, position: float, room: _Room) -> Laid:
        picture = kid.kids[0] if len(kid.kids) == 1 else None
        if not isinstance(picture, Picture):
            return self.block(kid, index, position, room)
        placed = PlacedBlock(kid, index, position + collapsed([*room.margins, kid.margin_top]))
        placed.kids.append(PlacedPicture(picture, 0, placed.y + kid.border_top + kid.padding_top))
        placed.height = kid.border_top + kid.padding_top + picture.height + kid.padding_bottom + kid.border_bottom
        return Laid(placed)

    # --- lines ---------------------------------------------------------------------------------------------------

    def _lines(self, placed: PlacedBlock, position: float, room: _Room) -> _Step | None:
        node = placed.node
        position += collapsed(room.margins)
        lines: list[PlacedLine] = []
        start = room.skip[0] if room.skip is not None else 0
        kids: Sequence[object] = node.kids
        for index in range(start, len(kids)):
            line = kids[index]
            if isinstance(line, Block) and line.marker:
                placed.kids.append(self._marker(line, index, position))
                continue
            if not isinstance(line, Line):
                raise RefusedError("lines beside blocks")
            is_last = index == len(kids) - 1
            end = position + line.height
            extra = node.border_bottom + node.padding_bottom if is_last else 0.0
            if (lines or not room.is_empty) and self._overflows(room.spare, end + extra):
                return self._break_lines(placed, lines, index, is_empty=room.is_empty)
            if room.is_empty and self._overflows(room.spare, end):
                raise RefusedError("a line higher than a page")
            lines.append(PlacedLine(line, index, position))
            position = end
        placed.kids.extend(lines)
        return position, [], None

    def _break_lines(self, placed: PlacedBlock, lines: list[PlacedLine], index: int, *, is_empty: bool) -> _Step | None:
        """Break before line ``index``, or where orphans and widows allow it."""
        node = placed.node
        over_orphans = len(lines) - node.orphans
        if over_orphans < 0 and not is_empty:
            return None
        needed = max(0, node.widows - (len(node.kids) - index))
        if needed > over_orphans and not is_empty:
            return None
        if needed and needed <= over_orphans:
            del lines[-needed:]
            index -= needed
        if not lines:
            return None
        placed.kids.extend(lines)
        last = lines[-1]
        return last.y + last.node.height, [], (index, None)

    # --- tables --------------------------------------------------------------------------------------------------

    def _table(self, node: Table, index: int, y: float, room: _Room) -> tuple[PlacedTable, Skip] | None:
        spare, skip, is_empty = room.spare, room.skip, room.is_empty
        if skip is not None and node.head is None:
            raise RefusedError("a table without a heading that is broken")
        head_height = height_of(node.head)
        foot_height = height_of(node.foot)
        placed = PlacedTable(node, index, y)
        top = y + node.border_top
        if node.break_inside == "avoid" and self._overflows(spare, top + sum(map(height_of, node.groups))):
            if is_empty:
                raise RefusedError("a table that must not be broken and is higher than a page")
            return None
        bodies, resume, end = self._bodies(node, top + head_height, spare + foot_height, skip)
        if bodies is None:
            if is_empty:
                raise RefusedError("a row higher than a page")
            return None
        groups = [] if node.head is None else [PlacedRows(node.head, -1, stacked(node.head, top))]
        groups += bodies
        if node.foot is not None:
            groups.append(PlacedRows(node.foot, -1, stacked(node.foot, end)))
        end += foot_height
        placed.groups = groups
        below = 0.0 if resume is not None and node.foot is None else node.border_bottom
        placed.height = end + below - y
        return placed, resume

    def _bodies(self, node: Table, y: float, spare: float, skip: Skip) -> tuple[list[PlacedRows] | None, Skip, float]:
        start, inner = skip if skip is not None else (0, None)
        groups: list[PlacedRows] = []
        for index in range(start, len(node.bodies)):
            group = node.bodies[index]
            first = inner[0] if inner is not None else 0
            inner = None
            rows: list[tuple[Row, float]] = []
            for position in range(first, len(group.rows)):
                row = group.rows[position]
                if self._overflows(spare, y + row.height):
                    if not row.avoids_break:
                        raise RefusedError("a row that may be broken, at the foot of a page")
                    if rows:
                        groups.append(PlacedRows(group, index, rows))
                        return groups, (index, (position, None)), y
                    if groups:
                        return groups, (index, None), y
                    return None, None, y
                rows.append((row, y))
                y += row.height
            groups.append(PlacedRows(group, index, rows))
        return groups, None, y

    # --- breaks further up ---------------------------------------------------------------------------------------

    def _earlier(self, placed: PlacedBlock, kid: Block | Table | Picture | Line, index: int, *, is_empty: bool) -> Skip:
        """Where to break before ``kid``, which does not fit; None to give up the whole block."""
        last = last_in_flow(placed.kids)
        if last is not None and break_between(last.node, kid) == "avoid":
            found = earlier_break(placed.kids)
            if found is not None:
                placed.kids, resume = found
                return resume
            if not is_empty:
                return None
        if all(is_marker(other) for other in placed.kids):
            return None
        return index, None


def _clear_own_floats(table: PlacedBlock) -> None:
    """Move a table below what floats in its own caption.

    A table does not stand beside floats (CSS 2.1, 9.5); WeasyPrint counts those of the caption among them.
    """
    for caption in table.kids:
        if not isinstance(caption, PlacedBlock):
            continue
        for line in caption.kids:
            if isinstance(line, PlacedLine):
                for kid in line.node.kids:
                    if isinstance(kid, Sub) and kid.floats:
                        floating = place_whole(kid.node, line.y + kid.y)
                        move(table, max(0.0, floating.y + floating.height - table.y))
