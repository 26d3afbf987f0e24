"""A page from what was placed on it: its operators, its structure, its links, and the glyphs it shows.

What is painted comes in the order of CSS 2.1, appendix E: backgrounds and borders, what floats, text; then the margins.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from shirase.rendering.fast.breaking import place_whole
from shirase.rendering.fast.furniture import Furniture
from shirase.rendering.fast.nodes import Block, Cell, Inline, Line, Link, Row, Sub, Text
from shirase.rendering.fast.pages import PageInWork, PaintedPage, UsedGlyphs
from shirase.rendering.fast.placed import PlacedBlock, PlacedLine, PlacedPicture, PlacedRows, PlacedTable
from shirase.rendering.fast.tagging import CHILD, LINK, MARK, Element, pdf_text
from shirase.rendering.refusal import RefusedError
from shirase.rendering.weasy import background, number, stroking

POINTS = 0.75
"""PDF points in a CSS pixel."""

_ARTIFACT, _END = b"/Artifact BMC", b"EMC"


_Run = tuple[Text, bytes]
"""A text, and the operators that show it where it stands, besides those for colour and font."""


@dataclass(slots=True)
class _Layer:
    """One stacking context: what lies behind, what floats, the text, and what stands above.

    Pictures stand above, since they are cut off at their edges, and marks of lists.
    """

    behind: list[bytes] = field(default_factory=list)
    floating: "list[bytes | _Run]" = field(default_factory=list)
    text: "list[bytes | _Run]" = field(default_factory=list)
    above: "list[bytes | _Run]" = field(default_factory=list)

    def items(self) -> "list[bytes | _Run]":
        """All of it, from back to front."""
        behind = [_ARTIFACT, *self.behind, _END] if self.behind else []
        return [*behind, *self.floating, *self.text, *self.above]


def paint(root: PlacedBlock, furniture: Furniture, page: int, count: int, used: UsedGlyphs) -> PaintedPage:
    """Paint page ``page`` of ``count``; the glyphs it shows are added to those ``used``."""
    painter = _Painter(PageInWork(furniture.width, furniture.height), used)
    layer = _Layer()
    painter.block(root, -1, layer)
    margins = _Layer()
    margins.behind += [_moved(operators, y) for operators, y in furniture.decorations]
    for text in furniture.texts_of(page, count):
        place = painter.element("Span", -1)
        painter.marked(text, 0.0, place, margins.text)
    return PaintedPage(painter.page, _joined([*layer.items(), *margins.items()]))


def _joined(items: "list[bytes | _Run]") -> bytes:
    """All operators, each colour and font chosen where it changes."""
    color = font = b""
    made: list[bytes] = []
    for item in items:
        if isinstance(item, bytes):
            made.append(item)
            continue
        text, operators = item
        if text.color != color:
            color = text.color
            made.append(color)
        if text.font != font:
            made.append(text.font)
        font = text.last_font
        made.append(operators)
    return b"\n".join(made)


class _Painter:
    def __init__(self, page: PageInWork, used: UsedGlyphs) -> None:
        self.page = page
        self._used = used

    # --- structure -----------------------------------------------------------------------------------------------

    def element(self, tag: str, parent: int, lang: str | None = None, extra: bytes = b"") -> int:
        """A new element; it is not yet among its parent's kids."""
        if lang is not None:
            extra += b"/Lang(%s)" % lang.encode("ascii")
        self.page.elements.append(Element(tag.encode("ascii"), parent, extra))
        return len(self.page.elements) - 1

    def _child(self, tag: str, parent: int, lang: str | None = None, extra: bytes = b"") -> int:
        place = self.element(tag, parent, lang, extra)
        if parent >= 0:
            self.page.elements[parent].kids.append((CHILD, place))
        return place

    def marked(self, text: Text, y: float, owner: int, target: "list[bytes | _Run]") -> int:
        """Paint ``text`` as marked content of the element ``owner``; the number of the content."""
        page = self.page
        mark = len(page.owners)
        page.owners.append(owner)
        page.elements[owner].kids.append((MARK, mark))
        if text.show:
            target.append(
                (
                    text,
                    b"/Span<</MCID %d>>BDC BT 1 0 0 -1 %s %s Tm %s ET EMC"
                    % (mark, number(text.x), number(y + text.y), text.show),
                )
            )
            if text.letters is not None:
                self._used.add_letters(*text.letters)
            for glyph in text.glyphs:
                self._used.add(*glyph)
        else:
            target.append(b"/Span<</MCID %d>>BDC EMC" % mark)
        return mark

    # --- blocks --------------------------------------------------------------------------------------------------

    def block(self, placed: PlacedBlock, parent: int, layer: _Layer) -> int:
        """Paint a block with everything in it; the place of its element."""
        node = placed.node
        if node.decoration is not None:
            if not (placed.begins and placed.ends):
                raise RefusedError("a block with a background or border, broken between two pages")
            layer.behind.append(_moved(node.decoration, placed.y))
        if node.tag == "L" and self.page.elements[parent].tag == b"LI":
            parent = self.page.elements[parent].parent  # WeasyPrint puts a list within a list below the outer list
        place = self._child(node.tag or "NonStruct", parent, node.lang, self._alt(node))
        self._places(node, placed, place)
        for kid in placed.kids:
            if isinstance(kid, PlacedLine):
                self._line(kid.node, kid.y, place, layer)
            elif isinstance(kid, PlacedBlock):
                self._block_within(kid, place, layer)
            elif isinstance(kid, PlacedTable):
                self._table(kid, place, layer)
            else:
                self._picture(kid, place, layer)
        return place

    def _block_within(self, placed: PlacedBlock, parent: int, layer: _Layer) -> None:
        if not placed.node.marker:
            self.block(placed, parent, layer)
            return
        own = _Layer()
        self.block(placed, parent, own)
        layer.above.extend(own.items())

    def _alt(self, node: Block) -> bytes:
        return b"" if node.alt is None else b"/Alt%s" % pdf_text(node.alt)

    def _places(self, node: Block, placed: PlacedBlock, place: int) -> None:
        if node.place is not None and node.place not in self.page.anchors:
            self.page.anchors[node.place] = (node.x, placed.y)
        if node.bookmark is not None:
            self.page.bookmarks.append((*node.bookmark, node.x, placed.y))
        if node.link is not None:
            self._link(node.link, placed.y, place)

    def _link(self, link: Link, y: float, place: int) -> None:
        self.page.elements[place].kids.append((LINK, len(self.page.links)))
        self.page.links.append((link, y, place))

    def _picture(self, placed: PlacedPicture, place: int, layer: _Layer) -> None:
        node, page = placed.node, self.page
        mark = len(page.owners)
        page.owners.append(place)
        page.elements[place].kids.append((MARK, mark))
        left, top = node.x * POINTS, (page.height - placed.y) * POINTS
        right, bottom = left + node.width * POINTS, top - node.height * POINTS
        box = b" ".join(number(value) for value in (left, bottom, right, top))
        page.elements[place].attributes = b"/O/Layout/BBox[%s]" % box
        layer.above.append(
            b"/Figure<</MCID %d>>BDC q 1 0 0 1 %s %s cm 0 0 %s %s re W n\n%s\nQ EMC"
            % (mark, number(node.x), number(placed.y), number(node.width), number(node.height), node.operators)
        )
        for glyph in node.glyphs:
            self._used.add(*glyph)

    # --- lines ---------------------------------------------------------------------------------------------------

    def _line(self, line: Line, y: float, parent: int, layer: _Layer) -> None:
        for kid in line.kids:
            self._in_line(kid, y, parent, layer)

    def _in_line(self, kid: Inline | Text | Sub, y: float, parent: int, layer: _Layer) -> None:
        if isinstance(kid, Text):
            owner = parent if self.page.elements[parent].tag == b"Link" else self._child("Span", parent)
            self.marked(kid, y, owner, layer.text)
        elif isinstance(kid, Inline):
            place = self._child(kid.tag, parent, kid.lang)
            if kid.link is not None:
                self._link(kid.link, y, place)
            for inner in kid.kids:
                self._in_line(inner, y, place, layer)
        else:
            own = _Layer()
            self.block(place_whole(kid.node, y + kid.y), parent, own)
            (layer.floating if kid.floats else layer.text).extend(own.items())

    # --- tables --------------------------------------------------------------------------------------------------

    def _table(self, placed: PlacedTable, place: int, layer: _Layer) -> None:
        node = placed.node
        if node.background is not None:
            layer.behind += background(node.background, node.x, placed.y, node.width, placed.height)
        columns: dict[int, list[tuple[int, int]]] = defaultdict(list)
        number_of_row = 0
        cells: list[tuple[Cell, int, int, int, list[tuple[int, int]]]] = []
        for group in placed.groups:
            group_place = self._child(group.group.tag, place, group.group.lang)
            for row, y in group.rows:
                headers: list[tuple[int, int]] = []
                row_place = self._child("TR", group_place, row.lang)
                column = 0
                for cell, top in zip(row.cells, row.tops, strict=True):
                    cell_place = self._cell(cell, (y, top, row.height), row_place, layer)
                    if cell.tag == "TH":
                        key = (number_of_row, column)
                        self.page.elements[cell_place].identifier = key
                        self.page.elements[cell_place].table = place
                        (headers if cell.scope == "/Row" else columns[column]).append(key)
                    else:
                        cells.append((cell, cell_place, number_of_row, column, headers))
                    column += cell.colspan
                number_of_row += 1
        for cell, cell_place, _, column, headers in cells:
            element = self.page.elements[cell_place]
            element.table = place
            element.headers = [*headers, *(key for at in range(column, column + cell.colspan) for key in columns[at])]
        _rules(placed, layer.behind)

    def _cell(self, cell: Cell, place_in_row: tuple[float, float, float], parent: int, layer: _Layer) -> int:
        """Paint a cell: top of its row, distance from there to its content, height of the row."""
        y, top, height = place_in_row
        if cell.background is not None:
            layer.behind += background(cell.background, cell.x, y, cell.width, height)
        place = self._child(cell.tag, parent, cell.lang)
        attributes = b"/O/Table"
        if cell.colspan != 1:
            attributes += b"/ColSpan %d" % cell.colspan
        if cell.scope is not None:
            attributes += b"/Scope%s" % cell.scope.encode("ascii")
        self.page.elements[place].attributes = attributes
        for kid in cell.kids:
            if isinstance(kid, Line):
                self._line(kid, y + top + kid.y, place, layer)
            else:
                self.block(place_whole(kid, y + top + kid.y), place, layer)
        return place


def _moved(operators: bytes, y: float) -> bytes:
    return b"q 1 0 0 1 0 %s cm %s Q" % (number(y), operators)


def _rules(placed: PlacedTable, behind: list[bytes]) -> None:
    """The lines between rows. Below the head, on every page, the head's own line is drawn."""
    edges = placed.node.edges
    previous: Row | None = None
    previous_group: PlacedRows | None = None
    end = 0.0
    for group in placed.groups:
        for row, y in group.rows:
            below_head = previous_group is not None and previous_group.group is placed.node.head
            _rule(edges, previous.line_below if below_head and previous is not None else row.line_above, y, behind)
            previous, previous_group, end = row, group, y + row.height
    if previous is not None:
        _rule(edges, previous.line_below, end, behind)


def _rule(edges: tuple[float, ...], line: tuple[tuple[float, bytes], ...], y: float, behind: list[bytes]) -> None:
    """One line between two rows, a stroke for each column, as WeasyPrint has it: its edges look the same then."""
    strokes: dict[tuple[float, bytes], list[bytes]] = {}
    for (width, color), left, right in zip(line, edges[:-1], edges[1:], strict=True):
        if width:
            at = number(y)
            strokes.setdefault((width, color), []).append(b"%s %s m %s %s l S" % (number(left), at, number(right), at))
    for (width, color), paths in strokes.items():
        behind.append(b"q %s %s w %s Q" % (stroking(color), number(width), b" ".join(paths)))
