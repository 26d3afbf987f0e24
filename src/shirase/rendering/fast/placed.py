"""What stands on a page, and where: what page breaking makes of nodes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shirase.rendering.fast.nodes import Block, Line, Picture, Row, RowGroup, Table

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
class Laid:
    """What laying out one block gave: nothing placed means that nothing of it fits."""

    placed: PlacedBlock | None
    resume: Skip = None
    margins: list[float] = field(default_factory=list)
    passes_margins: bool = False


def is_marker(placed: Placed) -> bool:
    """Whether it is the mark of a list item, which takes no room."""
    return isinstance(placed, PlacedBlock) and placed.node.marker


def holds(placed: Placed, place: str) -> bool:
    """Whether the place of that name to jump to stands in it."""
    if not isinstance(placed, PlacedBlock):
        return False
    return placed.node.place == place or any(holds(kid, place) for kid in placed.kids)


def last_in_flow(kids: Sequence[Placed]) -> Placed | None:
    """The last of ``kids`` that takes room."""
    return next((kid for kid in reversed(kids) if not is_marker(kid)), None)


def break_between(before: object, after: object) -> str:
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


def move(placed: Placed, distance: float) -> None:
    """Move something with all that stands in it."""
    placed.y += distance
    if isinstance(placed, PlacedBlock):
        for kid in placed.kids:
            move(kid, distance)
    elif isinstance(placed, PlacedTable):
        for group in placed.groups:
            group.rows = [(row, y + distance) for row, y in group.rows]


def stacked(group: RowGroup, y: float) -> list[tuple[Row, float]]:
    """The rows of a group, one below the other from ``y``."""
    rows = []
    for row in group.rows:
        rows.append((row, y))
        y += row.height
    return rows


def height_of(group: RowGroup | None) -> float:
    """How high a group is; None is nothing."""
    return sum(row.height for row in group.rows) if group is not None else 0.0
