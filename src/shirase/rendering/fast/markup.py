"""The HTML of a report taken apart: sections into pieces, tables into cells.

The HTML comes from this program's own templates, where every value is escaped; lxml reads and writes it.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from lxml import etree
from lxml import html as lxml_html

_INLINE_BLOCK = "half"
_WHOLE = frozenset({_INLINE_BLOCK, "chart", "signature"})
_BLOCKS = frozenset({"p", "ul", "ol", "table", "div", "h3", "pre"})

PLACE = "piece."
"""Put before the name of every place to jump to, so that a sheet may have places of its own by the report's names."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where pieces stand: the start tag of their section, and its class and language."""

    start: str
    name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rows, by its start and end tag."""

    start: str
    end: str
    tag: str


@dataclass(slots=True, eq=False)
class TableKind:
    """Tables whose columns are equal. There is one object for each kind, and one for each kind of row and cell.

    Attributes:
        rows: Kinds of its rows, by group, place in it, start tag and cells.
    """

    rows: "dict[tuple[Group, bool, str, Skeleton], RowKind]" = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class RowKind:
    """Rows of one kind of table whose cells stand in the same columns.

    Attributes:
        table: Kind of the table.
        group: Where such rows stand.
        is_first: Whether they are the first of their group.
        start: Their start tag.
        skeleton: Tag and columns of each cell.
        cells: Kinds of its cells: for each place, by start tag.
    """

    table: TableKind
    group: Group
    is_first: bool
    start: str
    skeleton: "Skeleton"
    cells: "list[dict[str, CellKind]]"


@dataclass(slots=True, eq=False)
class CellKind:
    """Cells of one kind of row, in one place, with one start tag."""

    row: RowKind
    index: int
    start: str


Skeleton = tuple[tuple[str, int], ...]
"""Tag and columns of each cell of a row."""

Cell = tuple[CellKind, str]
"""A cell: its kind, and all of its HTML."""


@dataclass(slots=True, eq=False)
class RowMarkup:
    """A row of a table."""

    kind: RowKind
    cells: list[Cell]


@dataclass(slots=True, eq=False)
class GroupMarkup:
    """A group of rows."""

    group: Group
    rows: list[RowMarkup]


@dataclass(slots=True, eq=False)
class TableMarkup:
    """A table.

    Attributes:
        kind: Its kind.
        start: Its start tag.
        caption: Its caption, or nothing.
        columns: Its ``colgroup``, or nothing.
        first_row: Its first group, with the first row alone and nothing in it: it decides how wide the columns are.
        groups: Its rows.
        around: Start and end tag of the element that holds it alone, or nothing.
    """

    kind: TableKind
    start: str
    caption: str
    columns: str
    first_row: str
    groups: list[GroupMarkup]
    around: tuple[str, str] = ("", "")

    @property
    def html(self) -> str:
        """All of it as text."""
        made = [self.around[0], self.start, self.caption, self.columns]
        for group in self.groups:
            made.append(group.group.start)
            for row in group.rows:
                made += (row.kind.start, *(html for _, html in row.cells), "</tr>")
            made.append(group.group.end)
        return "".join((*made, "</table>", self.around[1]))


Single = str | TableMarkup
"""A piece that is laid out as a whole, or a table that is put together from its cells."""


@dataclass(slots=True, eq=False)
class Container:
    """An element that only holds blocks. Each of them is a piece by itself, with the element around it."""

    pieces: list[Single]


Piece = Single | Container


class Kinds:
    """The kinds of tables met so far, by what decides how they look."""

    def __init__(self) -> None:
        self._tables: dict[Hashable, TableKind] = {}

    def table(self, style: Hashable, shape: str) -> TableKind:
        """The kind of tables of ``shape``: start tag, columns, and start tags of the cells of the first row."""
        return self._tables.setdefault((style, shape), TableKind())

    def row(self, table: TableKind, key: tuple[Group, bool, str, Skeleton]) -> RowKind:
        """The kind of a row of ``table``."""
        kind = table.rows.get(key)
        if kind is None:
            kind = table.rows[key] = RowKind(table, *key, cells=[{} for _ in key[3]])
        return kind

    def cell(self, row: RowKind, index: int, html: str) -> CellKind:
        """The kind of the cell ``html`` of a row."""
        start = html[: html.index(">") + 1]
        kinds = row.cells[index]
        if start not in kinds:
            kinds[start] = CellKind(row, index, start)
        return kinds[start]


def parse_section(html: str) -> tuple[Context, Any]:
    """The context of one section, and the section itself."""
    root = lxml_html.fragment_fromstring(html.strip())
    for element in root.xpath("//*[@id]"):
        element.set("id", PLACE + element.get("id"))
    return Context(_start(root), root.get("class", ""), root.get("lang")), root


def pieces_of(section: Any, style: Hashable, kinds: Kinds) -> list[Piece]:
    """The pieces of a section; ``style`` is what decides how they look besides their own HTML."""
    return list(_pieces(section, style, kinds))


def _pieces(root: Any, style: Hashable, kinds: Kinds) -> Iterator[Piece]:
    pending: list[str] = []
    for child in root:
        if not isinstance(child.tag, str):
            continue
        if child.tag == "table":
            yield _table(child, style, kinds)
            continue
        if not pending and not _goes_on(child) and _only_holds_blocks(child):
            yield Container(list(_held(child, style, kinds)))
            continue
        pending.append(_text(child))
        if child.tail and (child.tail.strip() or _INLINE_BLOCK in child.get("class", "").split()):
            pending.append(escape(child.tail))
        if not _goes_on(child):
            yield "".join(pending)
            pending = []
    if pending:
        yield "".join(pending)


def _only_holds_blocks(element: Any) -> bool:
    if element.tag != "div" or not len(element) or _WHOLE & set(element.get("class", "").split()):
        return False
    texts = (element.text, *(child.tail for child in element))
    return all(child.tag in _BLOCKS for child in element) and not any(text and text.strip() for text in texts)


def _held(element: Any, style: Hashable, kinds: Kinds) -> Iterator[Single]:
    start, end = _start(element), f"</{element.tag}>"
    for child in element:
        if child.tag == "table":
            table = _table(child, (style, start), kinds)
            table.around = (start, end)
            yield table
        else:
            yield f"{start}{_text(child)}{end}"


def _goes_on(element: Any) -> bool:
    """Whether the next element stands on the same line: an inline block with nothing between it and the next."""
    following = element.getnext()
    return (
        following is not None and not element.tail and _INLINE_BLOCK in element.get("class", "").split()
        and _INLINE_BLOCK in following.get("class", "").split()
    )  # fmt: skip


def _table(element: Any, style: Hashable, kinds: Kinds) -> TableMarkup:
    caption = columns = ""
    parts: list[tuple[Group, Any]] = []
    for child in element:
        if child.tag == "caption":
            caption = _text(child)
        elif child.tag == "colgroup":
            columns = _text(child)
        elif child.tag != "tr":
            parts.append((Group(_start(child), f"</{child.tag}>", child.tag), child))
    loose = element.findall("tr")
    if loose:
        parts.insert(0, (Group("<tbody>", "</tbody>", "tbody"), loose))
    start = _start(element)
    group, rows = parts[0]
    cells = [(_start(cell), cell.tag) for cell in rows[0]]
    empty = "".join(f"{cell}</{tag}>" for cell, tag in cells)
    first_row = f"{group.start}{_start(rows[0])}{empty}</tr>{group.end}"
    shape = f"{start}{columns}{''.join(cell for cell, _ in cells)}"
    kind = kinds.table(style, shape)
    met: dict[Cell, Cell] = {}
    groups = [GroupMarkup(group, _rows(kind, group, rows, kinds, met)) for group, rows in parts]
    return TableMarkup(kind, start, caption, columns, first_row, groups)


def _rows(table: TableKind, group: Group, rows: Any, kinds: Kinds, met: dict[Cell, Cell]) -> list[RowMarkup]:
    """The rows of a group; equal cells are the same object, and so are those ``met`` before."""
    made = []
    for position, row in enumerate(rows):
        skeleton = tuple([(cell.tag, int(cell.get("colspan", "1"))) for cell in row])
        kind = kinds.row(table, (group, position == 0, _start(row), skeleton))
        texts = [_text(cell) for cell in row]
        cells = [(kinds.cell(kind, index, html), html) for index, html in enumerate(texts)]
        made.append(RowMarkup(kind, [met.setdefault(cell, cell) for cell in cells]))
    return made


def _start(element: Any) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items())
    return f"<{element.tag}{attributes}>"


def _text(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
