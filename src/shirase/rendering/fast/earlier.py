"""Where a page can end further up, when it must not end where it is full."""

from shirase.rendering.fast.placed import (
    Placed,
    PlacedBlock,
    PlacedLine,
    PlacedRows,
    PlacedTable,
    Skip,
    break_between,
    is_marker,
)
from shirase.rendering.refusal import RefusedError


def earlier_break(kids: list[Placed]) -> tuple[list[Placed], Skip] | None:
    """The last place among ``kids`` where a break is allowed: what stays, and where the next page goes on."""
    previous: Placed | None = None
    for position in range(len(kids) - 1, -1, -1):
        kid = kids[position]
        if is_marker(kid):
            continue
        if previous is not None and break_between(kid.node, previous.node) != "avoid":
            return kids[: position + 1], (kids[position + 1].index, None)
        previous = kid
        if isinstance(kid, PlacedBlock) and kid.node.break_inside != "avoid":
            inner = (
                _earlier_lines(kid) if kid.kids and isinstance(kid.kids[-1], PlacedLine) else earlier_break(kid.kids)
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
