"""What a laid-out document consists of, free of any page: lines, blocks, tables.

All lengths are CSS pixels. ``x`` is counted from the left edge of the page, ``y`` downwards from the top of the nearest
:class:`Block`, :class:`Line` or :class:`Cell`. Nodes are never changed: the same node may stand in many reports.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shirase.rendering.fast.typewriter import Letters


@dataclass(slots=True, eq=False)
class Text:
    """One run of text.

    Attributes:
        x: Where it begins.
        y: Its base line.
        color: Operator that sets its colour.
        font: Operator that chooses the font it begins with.
        show: The other operators: they show glyphs, and may choose other fonts; empty when nothing can be seen.
        last_font: Operator that chose the font it ends with.
        glyphs: Glyphs shown: name of the font, number of the glyph, characters it stands for.
        letters: Instead of those: a font by its letters, and the text.
    """

    x: float
    y: float
    color: bytes
    font: bytes
    show: bytes
    last_font: bytes
    glyphs: tuple[tuple[str, int, str], ...]
    letters: "tuple[Letters, str] | None" = None


@dataclass(slots=True, eq=False)
class Link:
    """A link to a place of the same document, with its rectangle."""

    target: str
    contents: str
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True, eq=False)
class Inline:
    """An element within a line. ``lang`` is None where it is that of the element around it."""

    tag: str
    lang: str | None
    kids: "tuple[Inline | Text | Sub, ...]"
    link: Link | None = None


@dataclass(slots=True, eq=False)
class Sub:
    """A block within a line that is never broken: an inline block, or one that floats beside the line."""

    node: "Block"
    y: float
    floats: bool


@dataclass(slots=True, eq=False)
class Line:
    """A line of text."""

    height: float
    kids: tuple[Inline | Text | Sub, ...]
    y: float = 0.0


@dataclass(slots=True, eq=False)
class Picture:
    """A drawing, such as a chart."""

    x: float
    width: float
    height: float
    operators: bytes
    glyphs: tuple[tuple[str, int, str], ...]


@dataclass(slots=True, eq=False)
class Block:
    """A block: a paragraph, a list, a table with its caption, a cell's content.

    Attributes:
        tag: Its structure element (ISO 32000-1, 14.8.4); None for none of its own.
        lang: Its language where that is not the one of the element around it.
        kids: Blocks, or lines, or one table or picture.
        margin_top: As margin, border and padding by CSS 2.1, chapter 8; likewise the five others.
        new_context: Whether its margins never collapse with those of its kids.
        break_before: ``auto``, ``avoid`` or ``page``; likewise the two others.
        orphans: Least lines before a break; ``widows`` after one.
        decoration: Operators of background and borders, from the top of its border box.
        place: Name as a target of links, if it has one.
        bookmark: Level and title in the outline, if it has one.
        link: Where a click on it leads.
        marker: The mark of a list item: it takes no room; ``y`` is then its place in its parent.
        alt: What a picture shows, in words.
    """

    tag: str | None
    lang: str | None
    kids: "tuple[Block | Line | Table | Picture, ...]"
    x: float
    width: float
    margin_top: float
    border_top: float
    padding_top: float
    padding_bottom: float
    border_bottom: float
    margin_bottom: float
    new_context: bool
    wraps_table: bool
    break_before: str
    break_after: str
    break_inside: str
    orphans: int
    widows: int
    decoration: bytes | None
    place: str | None
    bookmark: tuple[int, str] | None
    link: Link | None
    marker: bool = False
    y: float = 0.0
    alt: str | None = None


@dataclass(slots=True, eq=False)
class Cell:
    """A cell of a table: its content, and what stands around it.

    Attributes:
        tag: ``TH`` or ``TD``.
        lang: As that of a block.
        scope: ``/Row`` or ``/Column`` for a heading.
        colspan: Columns that it takes.
        x: Left edge of its border box, ``width`` that box's.
        padding_top: Without what alignment adds; likewise ``padding_bottom``.
        height: Of its content.
        kids: Its content, with ``y`` from the top of the content.
        at_bottom: Whether the content stands at the bottom of the row.
        background: Operator that sets the colour behind it.
        border_top: Width and colour that its own style asks for, neighbours apart; likewise ``border_bottom``.
    """

    tag: str
    lang: str | None
    scope: str | None
    colspan: int
    x: float
    width: float
    padding_top: float
    padding_bottom: float
    height: float
    kids: tuple[Block | Line, ...]
    at_bottom: bool
    background: bytes | None
    border_top: tuple[float, bytes]
    border_bottom: tuple[float, bytes]


@dataclass(slots=True, eq=False)
class Row:
    """A row of a table, as high as its highest cell.

    Attributes:
        cells: From left to right.
        height: With half of the borders above and below it.
        tops: Distance from the top of the row to the content of each cell.
        line_above: Border above it, if any, by cell: width and colour; ``line_below`` likewise.
        avoids_break: Whether it must stay on one page.
        lang: As that of a block.
    """

    cells: tuple[Cell, ...]
    height: float
    tops: tuple[float, ...]
    line_above: tuple[tuple[float, bytes], ...]
    line_below: tuple[tuple[float, bytes], ...]
    avoids_break: bool
    lang: str | None = None


@dataclass(slots=True, eq=False)
class RowGroup:
    """Rows that belong together. ``tag`` is ``THead``, ``TBody`` or ``TFoot``."""

    tag: str
    rows: tuple[Row, ...]
    lang: str | None = None


@dataclass(slots=True, eq=False)
class Table:
    """A table without its caption.

    Attributes:
        head: Rows repeated on every page; None for none. ``foot`` likewise.
        bodies: All other rows.
        border_top: Half of the line above the first row; ``border_bottom`` of that below the last.
        x: Left edge, ``width`` likewise of its border box.
        background: Operator that sets the colour behind it.
        break_inside: ``auto`` or ``avoid``.
    """

    head: RowGroup | None
    bodies: tuple[RowGroup, ...]
    foot: RowGroup | None
    border_top: float
    border_bottom: float
    x: float
    width: float
    background: bytes | None
    edges: tuple[float, ...]
    break_inside: str
    lang: str | None = None

    @property
    def groups(self) -> tuple[RowGroup, ...]:
        """All groups, from top to bottom."""
        return (*((self.head,) if self.head else ()), *self.bodies, *((self.foot,) if self.foot else ()))


def with_kids(block: Block, kids: "tuple[Block | Line | Table | Picture, ...]") -> Block:
    """``block`` with other kids."""
    return Block(
        block.tag, block.lang, kids, block.x, block.width, block.margin_top, block.border_top, block.padding_top,
        block.padding_bottom, block.border_bottom, block.margin_bottom, block.new_context, block.wraps_table,
        block.break_before, block.break_after, block.break_inside, block.orphans, block.widows, block.decoration,
        block.place, block.bookmark, block.link, block.marker, block.y, block.alt,
    )  # fmt: skip
