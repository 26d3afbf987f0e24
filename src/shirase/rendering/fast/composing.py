"""From the HTML of a report to its sections as nodes: what is known is taken, the rest is laid out on one sheet."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from shirase.rendering import weasy
from shirase.rendering.fast.furniture import Furniture, furniture_of
from shirase.rendering.fast.markup import (
    Cell,
    CellKind,
    Container,
    Context,
    Group,
    Kinds,
    Piece,
    RowKind,
    Single,
    TableKind,
    TableMarkup,
    parse_section,
    pieces_of,
)
from shirase.rendering.fast.memory import Memory
from shirase.rendering.fast.nodes import Block, with_kids
from shirase.rendering.fast.nodes import Cell as CellNode
from shirase.rendering.fast.reading import BoxReader
from shirase.rendering.fast.sheet import Sheet, asked_cells
from shirase.rendering.fast.sheets import LaidSheet, SheetMaker, Titles
from shirase.rendering.fast.stylesheet import PAGE_REFERENCE
from shirase.rendering.fast.tables import GroupParts, RowParts, TableParts, compose
from shirase.rendering.fast.typewriter import Typewriter, can_be_set, specimen_of, typewriter_of
from shirase.rendering.html import Parts
from shirase.rendering.refusal import RefusedError

_SEVERAL = 8
"""Unknown cells of one kind from which on a first one is laid out by itself, to see whether the others can be set."""


@dataclass(frozen=True, slots=True)
class Style:
    """All that decides how a piece looks besides its own HTML.

    Attributes:
        section: Class of its section.
        language: Language of the section.
        document: Language of the document, from which styles are inherited.
        paper: Name of the size of its pages.
    """

    section: str
    language: str
    document: str
    paper: str


@dataclass(slots=True, eq=False)
class Section:
    """A section of the report, ready to be broken into pages."""

    block: Block
    furniture: Furniture


@dataclass(slots=True, eq=False)
class _Frame:
    """What tables of one kind have in common: the columns, the block around them, their rows' own style."""

    wrapper: Block
    parts: TableParts
    around: Block | None
    groups: dict[Group, GroupParts] = field(default_factory=dict)
    rows: dict[RowKind, RowParts] = field(default_factory=dict)


@dataclass(slots=True)
class Task:
    """One section on its way: its pieces, and of its tables the cells, as far as they are known."""

    context: Context
    style: Style
    pieces: list[Piece]
    cells: dict[TableMarkup, list[list[CellNode | None]]]
    sheet: Sheet = field(default_factory=Sheet)

    def unknown(self, table: TableMarkup) -> Iterator[tuple[list[CellNode | None], int, Cell]]:
        """The cells of ``table`` that are not known yet, each with its place."""
        rows = (row for group in table.groups for row in group.rows)
        for row, nodes in zip(rows, self.cells[table], strict=True):
            if None in nodes:
                for index, node in enumerate(nodes):
                    if node is None:
                        yield nodes, index, row.cells[index]


Furnished = dict[str, tuple[Block, Furniture]]


class Composer:
    """Puts sections together. What it has laid out for one report it remembers for the next."""

    def __init__(self, sheets: SheetMaker, pen: weasy.Pen) -> None:
        self._sheets = sheets
        self._reader = BoxReader(pen)
        self._kinds = Kinds()
        self._blocks: Memory[tuple[Style, str, Titles | None], tuple[Block, ...]] = Memory(10_000)
        self._captions: Memory[tuple[Style, str, str, Titles | None], Block] = Memory(5_000)
        self._cells: Memory[Cell, CellNode] = Memory(50_000)
        self._frames: dict[TableKind, _Frame | None] = {}
        self._wanted: set[CellKind] = set()
        self._typewriters: dict[CellKind, Typewriter | None] = {}

    def forget(self) -> None:
        """Keep memory bounded. To be called between reports."""
        for memory in (self._blocks, self._captions, self._cells):
            memory.trim()
        for typewriter in self._typewriters.values():
            if typewriter is not None:
                typewriter.trim()

    def begin(self, parts: Parts, language: str, paper: str) -> list[Task]:
        """Take a report apart.

        Args:
            parts: Its HTML.
            language: Language of the document.
            paper: Name of the size of its pages.
        """
        tasks = []
        for html in parts.bodies:
            context, section = parse_section(html)
            style = Style(context.name, context.language or language, language, paper)
            pieces = pieces_of(section, style, self._kinds)
            cells: dict[TableMarkup, list[list[CellNode | None]]] = {
                piece: [[None] * len(row.cells) for group in piece.groups for row in group.rows]
                for piece in _singles(pieces)
                if isinstance(piece, TableMarkup)
            }
            tasks.append(Task(context, style, pieces, cells))
        return tasks

    # --- what is missing -----------------------------------------------------------------------------------------

    def ask(self, tasks: list[Task], titles: Titles, furniture: Furnished, *, thrifty: bool) -> dict[str, Sheet]:
        """Sheets of what is not known yet, by start tag of the section."""
        sheets: dict[str, Sheet] = {}
        for task in tasks:
            task.sheet = sheets.setdefault(task.context.start, Sheet())
            for piece in _singles(task.pieces):
                if isinstance(piece, str):
                    self._ask_for_block(task, piece, titles)
                else:
                    self._ask_for_table(task, piece, titles, thrifty=thrifty)
        return {
            start: sheet for start, sheet in sheets.items() if sheet.blocks or sheet.tables or start not in furniture
        }

    def _ask_for_block(self, task: Task, html: str, titles: Titles) -> None:
        if (task.style, html, _page(html, titles)) not in self._blocks:
            task.sheet.ask_for_block(html)

    def _ask_for_table(self, task: Task, table: TableMarkup, titles: Titles, *, thrifty: bool) -> None:
        if self._frames.get(table.kind, ...) is None:
            self._ask_for_block(task, table.html, titles)
            return
        if table.caption:
            caption = (task.style, table.start, table.caption, _page(table.caption, titles))
            if caption not in self._captions:
                task.sheet.ask_for_block(_captioned(table))
        if table.kind not in self._frames:
            task.sheet.ask_for_table(table)
        made: dict[Cell, CellNode | None] = {}
        unknown = list(task.unknown(table))
        counts = Counter(cell[0] for _, _, cell in unknown) if thrifty else Counter()
        examples = set()
        for nodes, index, cell in unknown:
            kind, html = cell
            if cell not in made:
                typewriter = self._typewriters.get(kind)
                made[cell] = (typewriter.cell(html) if typewriter is not None else None) or self._cells.get(cell)
            node = made[cell]
            if node is not None:
                nodes[index] = node
            elif kind in self._wanted:
                task.sheet.ask_for_table(table).add((kind, specimen_of(html)))
            elif (alike := self._likeness(cell, counts, thrifty=thrifty)) is None or (kind, alike) not in examples:
                examples.add((kind, alike))
                task.sheet.ask_for_table(table).add(cell)

    def _likeness(self, cell: Cell, counts: Counter[CellKind], *, thrifty: bool) -> str | None:
        """What is equal for cells of which one may teach how to set the others; None for one to be laid out anyway."""
        kind, html = cell
        if not thrifty:
            return None
        if kind not in self._typewriters:
            return "" if counts[kind] > _SEVERAL else None
        typewriter = self._typewriters[kind]
        return None if typewriter is None else typewriter.likeness(html)

    # --- reading -------------------------------------------------------------------------------------------------

    def read(self, task: Task, laid: LaidSheet, titles: Titles) -> tuple[Block, Furniture]:
        """Learn what a sheet holds; the section without its kids, and what stands in the margins."""
        style = task.style
        pieces = iter(task.sheet.boxes(laid.section))
        for html, boxes in zip(task.sheet.blocks, pieces, strict=False):
            if html.startswith(_CAPTIONED):
                self._read_caption(style, html, boxes, titles)
            else:
                blocks = tuple(self._reader.block(box, "Sect", style.language) for box in boxes)
                self._blocks[style, html, _page(html, titles)] = blocks
        for (kind, request), boxes in zip(task.sheet.tables.items(), pieces, strict=True):
            self._read_table(style, kind, asked_cells(request), boxes)
        return self._reader.frame(laid.section, "Document", None), furniture_of(laid, self._reader, self._sheets.digits)

    def _read_caption(self, style: Style, html: str, boxes: list[Any], titles: Titles) -> None:
        (wrapper,) = boxes
        caption = next(child for child in wrapper.children if not isinstance(child, weasy.TABLE))
        start, text = html[len(_CAPTIONED) :].split(_BARE_ROW, maxsplit=1)[0].split(_CAPTION_AT, 1)
        block = self._reader.block(caption, "Table", wrapper.style["lang"], 0.0)
        text = f"<caption{text}"
        self._captions[style, start, text, _page(text, titles)] = block

    def _read_table(
        self, style: Style, kind: TableKind, asked: Iterable[list[list[Cell | None]]], boxes: list[Any]
    ) -> None:
        (outer,) = boxes
        wrapper = outer if outer.is_table_wrapper else outer.children[0]
        table = next(child for child in wrapper.children if isinstance(child, weasy.TABLE))
        if table.style["table_layout"] != "fixed":
            self._frames[kind] = None
            return
        frame = self._frames.get(kind)
        if frame is None:
            frame = self._frames[kind] = self._table_frame(style, outer, wrapper, table)
        for group, rows in zip(table.children[1:], asked, strict=False):
            for row, cells in zip(group.children, rows, strict=True):
                for box, cell in zip(row.children, cells, strict=True):
                    if cell is not None:
                        self._read_cell(cell, box, row.style["lang"])
                        self._read_frames(frame, cell[0].row, (table, group, row))

    def _table_frame(self, style: Style, outer: Any, wrapper: Any, table: Any) -> _Frame:
        around = None
        tag, lang = "Sect", style.language
        if outer is not wrapper:
            around = self._reader.frame(outer, tag, lang)
            tag, lang = around.tag or tag, outer.style["lang"]
        own = self._reader.frame(wrapper, tag, lang)
        return _Frame(own, self._reader.table(table, wrapper.style["lang"], with_groups=False), around)

    def _read_cell(self, cell: Cell, box: Any, lang: str | None) -> None:
        kind, html = cell
        node = self._reader.cell(box, lang)
        if kind in self._wanted and html == specimen_of(html):
            self._wanted.discard(kind)
            self._typewriters[kind] = typewriter_of(box, node)
            return
        self._cells[cell] = node
        if kind not in self._typewriters:
            if can_be_set(box):
                self._wanted.add(kind)
            else:
                self._typewriters[kind] = None
        elif (typewriter := self._typewriters[kind]) is not None:
            typewriter.learn(html, box, node)

    def _read_frames(self, frame: _Frame, kind: RowKind, around: tuple[Any, Any, Any]) -> None:
        table, group, row = around
        if kind.group not in frame.groups:
            frame.groups[kind.group] = self._reader.group_frame(group, table.style["lang"])
        if kind not in frame.rows:
            frame.rows[kind] = self._reader.row_frame(row, group.style["lang"])

    # --- putting together ----------------------------------------------------------------------------------------

    def section(self, task: Task, titles: Titles, furniture: Furnished) -> Section:
        """A section all of whose pieces are known."""
        frame, around = furniture[task.context.start]
        return Section(with_kids(frame, tuple(self._kids(task, titles))), around)

    def _kids(self, task: Task, titles: Titles) -> Iterator[Block]:
        for piece in task.pieces:
            if isinstance(piece, Container):
                held = [block for single in piece.pieces for block in self._single(task, single, titles)]
                if any(block.decoration is not None for block in held):
                    raise RefusedError("a background or border around blocks of their own")
                yield with_kids(held[0], tuple(kid for block in held for kid in block.kids))
            else:
                yield from self._single(task, piece, titles)

    def _single(self, task: Task, piece: Single, titles: Titles) -> tuple[Block, ...]:
        if isinstance(piece, TableMarkup):
            frame = self._frames[piece.kind]
            if frame is not None:
                table = self._table(task, piece, frame, titles)
                return (table if frame.around is None else with_kids(frame.around, (table,)),)
            piece = piece.html
        return self._blocks[task.style, piece, _page(piece, titles)]

    def _table(self, task: Task, table: TableMarkup, frame: _Frame, titles: Titles) -> Block:
        known = iter(task.cells[table])
        groups = []
        for group in table.groups:
            own = frame.groups[group.group]
            rows = []
            for row in group.rows:
                style = frame.rows[row.kind]
                cells = tuple([cell for cell in next(known) if cell is not None])
                rows.append(RowParts(cells, style.avoids_break, style.lang))
            groups.append(GroupParts(own.tag, own.kind, tuple(rows), own.lang))
        kids: list[Any] = []
        if table.caption:
            page = _page(table.caption, titles)
            kids.append(self._captions[task.style, table.start, table.caption, page])
        common = frame.parts
        kids.append(
            compose(
                TableParts(
                    tuple(groups), common.left, common.width, common.columns, common.background,
                    common.border_top, common.border_bottom, common.break_inside, common.lang,
                )
            )
        )  # fmt: skip
        return with_kids(frame.wrapper, tuple(kids))


def _singles(pieces: Iterable[Piece]) -> Iterator[Single]:
    for piece in pieces:
        if isinstance(piece, Container):
            yield from piece.pieces
        else:
            yield piece


_CAPTIONED = "<!--caption-->"
_CAPTION_AT = "<caption"
_BARE_ROW = "<tbody><tr><td></td></tr></tbody></table>"


def _captioned(table: TableMarkup) -> str:
    return f"{_CAPTIONED}{table.start}{table.caption}{_BARE_ROW}"


def _page(html: str, titles: Titles) -> Titles | None:
    """The page numbers that ``html`` may print; None for none."""
    return titles if PAGE_REFERENCE in html else None
