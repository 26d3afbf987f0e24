"""Where pages end: nodes placed on one page after the other.

This follows WeasyPrint's own way step by step (CSS 2.1, 8.3.1 for margins that collapse; CSS Fragmentation Level 3 for
breaks), for what reports consist of. Both engines must break at the same places; where this one cannot promise that,
it refuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from shirase.rendering.fast.nodes import Block, Line, Picture, Row, RowGroup, Sub, Table
from shirase.rendering.fast.refusal import RefusedError

INFINITE = float("inf")
_FUDGE = 1 + 1e-9
"""Sums of lengths may be off by that much (PEP 485)."""

Skip = tuple[int, "Skip | None"] | None
"""Where a page goes on: the kid, and where in it. Of a table: the group, and the row in it."""


@dataclass(slots=True, eq=False)
class PlacedLine:
    """A line on a page. ``index`` is its place among the lines of its block; ``y`` its top."""

    node: Line
    index: int
    y: float


@dataclass(slots=True, eq=False)
class PlacedPicture:
    """A picture on a page."""

    node: Picture
    index: int
    y: float


@dataclass(slots=True, eq=False)
class PlacedRows:
    """Rows of one group on a page, each with its top."""

    group: RowGroup
    index: int
    rows: list[tuple[Row, float]]


@dataclass(slots=True, eq=False)
class PlacedTable:
    """The part of a table that stands on a page. ``y`` is the top of its border box."""

    node: Table
    index: int
    y: float
    height: float = 0.0
    groups: list[PlacedRows] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class PlacedBlock:
    """The part of a block that stands on a page.

    Attributes:
        node: The block.
        index: Its place in its parent.
        y: Top of its border box.
        height: Of its border box.
        kids: What stands in it.
        begins: Whether its first part is here; ``ends`` whether its last.
    """

    node: Block
    index: int
    y: float
    height: float = 0.0
    kids: "list[PlacedBlock | PlacedLine | PlacedTable | PlacedPicture]" = field(default_factory=list)
    begins: bool = True
    ends: bool = True


Placed = PlacedBlock | PlacedLine | PlacedTable | PlacedPicture


@dataclass(slots=True, eq=False)
class _Laid:
    """What laying out one block gave: nothing placed means that nothing of it fits."""

    placed: PlacedBlock | None
    resume: Skip = None
    margins: list[float] = field(default_factory=list)
    passes_margins: bool = False


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

    def block(self, node: Block, index: int, y: float, room: _Room) -> _Laid:
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
        opens = _opens(node, begins=begins)
        placed = PlacedBlock(node, index, y if opens else y + _collapsed(margins), begins=begins)
        position = placed.y if opens else placed.y + above
        inner = _Room(room.spare, room.skip, room.is_empty, margins if opens else [])
        outcome = self._kids(placed, position, inner)
        if outcome is None or (outcome[2] is not None and node.break_inside == "avoid" and not room.is_empty):
            return _Laid(None)
        position, left, resume = outcome
        if opens:
            placed.y = y + _collapsed(margins)
        passes = _is_hollow(placed) and _can_vanish(node)
        if not passes and (_is_hollow(placed) or not _closes(node)):
            position += _collapsed(left)
            left = []
        self._measure(placed, position - placed.y - above, above, room.spare, ends=resume is None)
        return _Laid(placed, resume, left, passes)

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
                placed.kids.append(self._marker(kid, index, position + _collapsed(margins)))
                continue
            last = _last_in_flow(placed.kids)
            if last is not None and _break_between(last.node, kid) == "page":
                return position, [], (index, None)
            alone = room.is_empty and all(map(_is_marker, placed.kids))
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
            table = self._table(kid, index, position + _collapsed(room.margins), room)
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
            more = room.spare + below + (kid.margin_bottom if block.ends and not _closes(parent.node) else 0.0)
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

    def _block_or_picture(self, kid: Block, index: int, position: float, room: _Room) -> _Laid:
        picture = kid.kids[0] if len(kid.kids) == 1 else None
        if not isinstance(picture, Picture):
            return self.block(kid, index, position, room)
        placed = PlacedBlock(kid, index, position + _collapsed([*room.margins, kid.margin_top]))
        placed.kids.append(PlacedPicture(picture, 0, placed.y + kid.border_top + kid.padding_top))
        placed.height = kid.border_top + kid.padding_top + picture.height + kid.padding_bottom + kid.border_bottom
        return _Laid(placed)

    # --- lines ---------------------------------------------------------------------------------------------------

    def _lines(self, placed: PlacedBlock, position: float, room: _Room) -> _Step | None:
        node = placed.node
        position += _collapsed(room.margins)
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
        head_height = _height(node.head)
        foot_height = _height(node.foot)
        placed = PlacedTable(node, index, y)
        top = y + node.border_top
        if node.break_inside == "avoid" and self._overflows(spare, top + sum(map(_height, node.groups))):
            if is_empty:
                raise RefusedError("a table that must not be broken and is higher than a page")
            return None
        bodies, resume, end = self._bodies(node, top + head_height, spare + foot_height, skip)
        if bodies is None:
            if is_empty:
                raise RefusedError("a row higher than a page")
            return None
        groups = [] if node.head is None else [PlacedRows(node.head, -1, _stacked(node.head, top))]
        groups += bodies
        if node.foot is not None:
            groups.append(PlacedRows(node.foot, -1, _stacked(node.foot, end)))
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
        last = _last_in_flow(placed.kids)
        if last is not None and _break_between(last.node, kid) == "avoid":
            found = _earlier_break(placed.kids)
            if found is not None:
                placed.kids, resume = found
                return resume
            if not is_empty:
                return None
        if all(_is_marker(other) for other in placed.kids):
            return None
        return index, None


def _earlier_break(kids: list[Placed]) -> tuple[list[Placed], Skip] | None:
    """The last place among ``kids`` where a break is allowed: what stays, and where the next page goes on."""
    previous: Placed | None = None
    for position in range(len(kids) - 1, -1, -1):
        kid = kids[position]
        if _is_marker(kid):
            continue
        if previous is not None and _break_between(kid.node, previous.node) != "avoid":
            return kids[: position + 1], (kids[position + 1].index, None)
        previous = kid
        if isinstance(kid, PlacedBlock) and kid.node.break_inside != "avoid":
            inner = (
                _earlier_lines(kid) if kid.kids and isinstance(kid.kids[-1], PlacedLine) else _earlier_break(kid.kids)
            )
            if inner is not None:
                kept, resume = inner
                part = PlacedBlock(kid.node, kid.index, kid.y, kid.height, kept, kid.begins, ends=False)
                return [*kids[:position], part], (kid.index, resume)
        if isinstance(kid, PlacedTable) and kid.node.break_inside != "avoid":
            inner_table = _earlier_rows(kid)
            if inner_table is not None:
                part_table, resume = inner_table
                return [*kids[:position], part_table], (kid.index, resume)
    return None


def _earlier_lines(block: PlacedBlock) -> tuple[list[Placed], Skip] | None:
    lines = [kid for kid in block.kids if isinstance(kid, PlacedLine)]
    if len(lines) != len(block.kids):
        return None
    keep = len(lines) - block.node.widows
    if keep < block.node.orphans:
        return None
    return list(lines[:keep]), (lines[keep].index, None)


def _earlier_rows(table: PlacedTable) -> tuple[PlacedTable, Skip] | None:
    """A table without its last row, which then begins the next page."""
    bodies = [group for group in table.groups if group.index >= 0]
    if not bodies:
        return None
    *kept, last = bodies
    if len(last.rows) > 1:
        first = last.group.rows.index(last.rows[-1][0])
        kept = [*kept, PlacedRows(last.group, last.index, last.rows[:-1])]
        resume: Skip = (last.index, (first, None))
    elif kept:
        resume = (last.index, None)
    else:
        return None
    foot = [group for group in table.groups if group.index < 0 and group.group is table.node.foot]
    head = [group for group in table.groups if group.index < 0 and group.group is table.node.head]
    if foot:
        raise RefusedError("a table with a foot that would have to be broken further up")
    return PlacedTable(table.node, table.index, table.y, table.height, [*head, *kept]), resume


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
                        _move(table, max(0.0, floating.y + floating.height - table.y))


def _move(placed: Placed, distance: float) -> None:
    placed.y += distance
    if isinstance(placed, PlacedBlock):
        for kid in placed.kids:
            _move(kid, distance)
    elif isinstance(placed, PlacedTable):
        for group in placed.groups:
            group.rows = [(row, y + distance) for row, y in group.rows]


def _stacked(group: RowGroup, y: float) -> list[tuple[Row, float]]:
    rows = []
    for row in group.rows:
        rows.append((row, y))
        y += row.height
    return rows


def _height(group: RowGroup | None) -> float:
    return sum(row.height for row in group.rows) if group is not None else 0.0


def _collapsed(margins: Sequence[float]) -> float:
    return max((margin for margin in margins if margin > 0), default=0.0) + min(
        (margin for margin in margins if margin < 0), default=0.0
    )


def _opens(node: Block, *, begins: bool) -> bool:
    """Whether its upper margin collapses with that of its first kid."""
    spaced = begins and (node.border_top or node.padding_top)
    return not (spaced or node.new_context or node.wraps_table)


def _closes(node: Block) -> bool:
    """Whether its lower margin collapses with that of its last kid."""
    return not (node.border_bottom or node.padding_bottom or node.new_context or node.wraps_table)


def _is_hollow(placed: PlacedBlock) -> bool:
    return all(map(_is_marker, placed.kids))


def _can_vanish(node: Block) -> bool:
    return not (node.border_top or node.padding_top or node.border_bottom or node.padding_bottom or node.new_context)


def _is_marker(placed: Placed) -> bool:
    return isinstance(placed, PlacedBlock) and placed.node.marker


def _last_in_flow(kids: Sequence[Placed]) -> Placed | None:
    return next((kid for kid in reversed(kids) if not _is_marker(kid)), None)


def _break_between(before: object, after: object) -> str:
    """What wins where two siblings meet: ``page`` over ``avoid`` over ``auto`` (CSS Fragmentation 3, 4.1)."""
    values = {*_values_after(before), *_values_before(after)}
    return "page" if "page" in values else "avoid" if "avoid" in values else "auto"


def _values_after(node: object) -> Iterator[str]:
    while isinstance(node, Block):
        yield node.break_after
        node = node.kids[-1] if node.kids else None


def _values_before(node: object) -> Iterator[str]:
    while isinstance(node, Block):
        yield node.break_before
        node = node.kids[0] if node.kids else None
