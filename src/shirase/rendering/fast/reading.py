"""From boxes that WeasyPrint laid out to nodes: what is needed of them and no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shirase.rendering import weasy
from shirase.rendering.fast.markup import PLACE
from shirase.rendering.fast.nodes import (
    Block,
    Cell,
    Inline,
    Line,
    Link,
    Picture,
    Sub,
    Text,
)
from shirase.rendering.fast.styles import (
    background,
    border,
    break_value,
    content_height,
    pixels,
    require_no_border,
    require_plain,
    size,
    words_for,
)
from shirase.rendering.fast.tables import GroupParts, RowParts, TableParts, compose
from shirase.rendering.refusal import RefusedError

_LISTS = frozenset({"ul", "ol"})
_KINDS = {"thead": "head", "tbody": "body", "tfoot": "foot"}


class BoxReader:
    """Reads boxes; what cannot be drawn exactly as WeasyPrint would is refused."""

    def __init__(self, pen: weasy.Pen) -> None:
        self._pen = pen
        self._link_around: Any = None

    # --- blocks --------------------------------------------------------------------------------------------------

    def block(self, box: Any, parent_tag: str | None, lang: str | None, origin: float = 0.0) -> Block:
        """``box`` as a block.

        Args:
            box: Any block-level box, or an inline block.
            parent_tag: Structure type of the element around it.
            lang: Language of that element.
            origin: Where ``y`` of the result is counted from.
        """
        box = weasy.without_placeholder(box)
        own = box.style["lang"]
        with self._within(box):
            if isinstance(box, weasy.REPLACED):
                kids: tuple[Any, ...] = (self._picture(box),)
            elif box.is_table_wrapper:
                kids = self._wrapped(box, own)
            else:
                kids = self._kids(box, self._tag(box, parent_tag), own)
        return self.frame(box, parent_tag, lang, kids, origin)

    def frame(
        self, box: Any, parent_tag: str | None, lang: str | None, kids: tuple[Any, ...] = (), origin: float = 0.0
    ) -> Block:
        """``box`` as a block with other kids than its own."""
        require_plain(box)
        own = box.style["lang"]
        tag = self._tag(box, parent_tag)
        if box.element_tag in _LISTS and parent_tag == "LI":
            parent_tag = "L"  # a list within a list stands below the outer list (see painting)
        starts = own is not None and (own != lang or parent_tag in {"Document", "L"})
        return Block(
            tag=tag,
            lang=own if starts else None,
            kids=kids,
            x=box.border_box_x(),
            width=box.border_width(),
            margin_top=size(box.margin_top),
            border_top=box.border_top_width,
            padding_top=box.padding_top,
            padding_bottom=box.padding_bottom,
            border_bottom=box.border_bottom_width,
            margin_bottom=size(box.margin_bottom),
            new_context=box.establishes_formatting_context() if not isinstance(box, weasy.REPLACED) else True,
            wraps_table=bool(box.is_table_wrapper),
            break_before=break_value(box.style["break_before"]),
            break_after=break_value(box.style["break_after"]),
            break_inside=break_value(box.style["break_inside"]),
            orphans=box.style["orphans"],
            widows=box.style["widows"],
            decoration=None if box.is_table_wrapper else self._decoration(box),
            place=box.style["anchor"].removeprefix(PLACE) if box.style["anchor"] else None,
            bookmark=self._bookmark(box),
            link=self._link(box, box.border_box_y()) if not box.is_for_root_element else None,
            marker=bool(getattr(box, "is_outside_marker", False)),
            y=weasy.snapped(box.position_y - origin),
            alt=words_for(box) if isinstance(box, weasy.REPLACED) else None,
        )

    def _tag(self, box: Any, parent_tag: str | None) -> str:
        tag = weasy.tag_of(box)
        if tag in {"TD", "TH"} and parent_tag in {"TD", "TH"}:
            return "NonStruct"
        if tag == "LI":
            if parent_tag == "LI":
                return "LBody"
            if parent_tag == "LBody":
                return "NonStruct"
            if "list-item" not in box.style["display"] or box.style["list_style_type"] == "none":
                raise RefusedError("a list without marks")
        return tag

    def _kids(self, box: Any, tag: str, lang: str | None) -> tuple[Any, ...]:
        top = box.content_box_y()
        return tuple(
            self.line(child, tag, lang, child.position_y - top)
            if isinstance(child, weasy.LINE)
            else self.block(child, tag, lang, top)
            for child in box.children
        )

    def _wrapped(self, box: Any, lang: str | None) -> tuple[Any, ...]:
        kids: list[Any] = []
        for child in box.children:
            if isinstance(child, weasy.TABLE):
                kids.append(compose(self.table(child, lang)))
            else:
                kids.append(self.block(child, "Table", lang, box.content_box_y()))
        return tuple(kids)

    def _picture(self, box: Any) -> Picture:
        operators, glyphs = self._pen.picture(box)
        return Picture(box.content_box_x(), box.width, weasy.snapped(box.height), operators, glyphs)

    def _decoration(self, box: Any) -> bytes | None:
        has_border = any(getattr(box, f"border_{side}_width") for side in ("top", "right", "bottom", "left"))
        return self._pen.decoration(box) if has_border or background(box.style) is not None else None

    def _bookmark(self, box: Any) -> tuple[int, str] | None:
        level = box.style["bookmark_level"]
        return (level, box.bookmark_label) if level != "none" and box.bookmark_label else None

    @contextmanager
    def _within(self, box: Any) -> Iterator[None]:
        """Everything in an element that can be clicked can be clicked as well."""
        around, self._link_around = self._link_around, box.link or self._link_around
        try:
            yield
        finally:
            self._link_around = around

    def _link(self, box: Any, top: float) -> Link | None:
        """A link of ``box``, with ``y`` counted from ``top``."""
        kind = box.link or self._link_around
        if not kind:
            return None
        _, (where, target) = kind
        if where != "internal":
            raise RefusedError(f"a link that leads outside: {target}")
        x, y, width, height = box.hit_area()
        contents = " ".join("".join(box.element.itertext()).split())
        return Link(target, contents, x, weasy.snapped(y - top), width, weasy.snapped(height))

    # --- lines ---------------------------------------------------------------------------------------------------

    def line(self, box: Any, tag: str, lang: str | None, y: float) -> Line:
        """A line of text; ``tag`` and ``lang`` are those of the block it stands in."""
        kids = self._inline_kids(box, tag, lang, box.position_y)
        return Line(weasy.snapped(box.height), kids, weasy.snapped(y))

    def _inline_kids(self, box: Any, tag: str, lang: str | None, top: float) -> tuple[Any, ...]:
        kids: list[Any] = []
        for original in box.children:
            child = weasy.without_placeholder(original)
            if isinstance(child, weasy.TEXT):
                kids.append(self.text(child, top))
            elif child.is_floated() or isinstance(child, weasy.INLINE_BLOCK):
                node = self.block(child, tag, lang, top)
                kids.append(Sub(node, weasy.snapped(child.position_y - top), bool(child.is_floated())))
            elif isinstance(child, weasy.INLINE):
                kids.append(self._inline(child, lang, top))
            else:
                raise RefusedError(f"{type(child).__name__} in a line")
        return tuple(kids)

    def _inline(self, box: Any, lang: str | None, top: float) -> Inline:
        require_plain(box)
        if background(box.style) is not None or box.border_width() != box.padding_width():
            raise RefusedError("a background or border within a line")
        own, tag = box.style["lang"], weasy.tag_of(box)
        with self._within(box):
            kids = self._inline_kids(box, tag, own, top)
        if box.style["anchor"]:
            raise RefusedError("a place to jump to within a line")
        return Inline(tag, own if own != lang else None, kids, self._link(box, top))

    def text(self, box: Any, top: float) -> Text:
        """A run of text, with ``y`` counted from ``top``."""
        x, y, color, shown, glyphs = self._pen.text(box)
        if not shown:
            y = box.position_y + box.baseline
            return Text(box.position_x, weasy.snapped(y - top), color, b"", b"", b"", ())
        fonts = [operator for operator in shown if operator.endswith(b"Tf")]
        if shown[0] != fonts[0]:
            raise RefusedError("text without a font")
        return Text(x, weasy.snapped(y - top), color, fonts[0], b" ".join(shown[1:]), fonts[-1], glyphs)

    # --- tables --------------------------------------------------------------------------------------------------

    def table(self, box: Any, lang: str | None, *, with_groups: bool = True) -> TableParts:
        """A table without its caption, in parts that know nothing of their neighbours."""
        require_plain(box)
        own = box.style["lang"]
        if box.style["border_collapse"] != "collapse":
            raise RefusedError("a table whose borders do not collapse")
        for group in box.column_groups:
            for column in (group, *group.children):
                require_no_border(column.style)
        return TableParts(
            groups=tuple(self._group(group, own) for group in box.children) if with_groups else (),
            left=box.border_box_x(),
            width=box.border_width(),
            columns=tuple(zip(box.column_positions, box.column_widths, strict=True)),
            background=background(box.style),
            border_top=border(box.style, "top"),
            border_bottom=border(box.style, "bottom"),
            break_inside=break_value(box.style["break_inside"]),
            lang=own if own != lang else None,
        )

    def _group(self, box: Any, lang: str | None) -> GroupParts:
        own = box.style["lang"]
        frame = self.group_frame(box, lang)
        frame.rows = tuple(self._row(row, own) for row in box.children)
        return frame

    def group_frame(self, box: Any, lang: str | None) -> GroupParts:
        """A group of rows, without the rows."""
        own = box.style["lang"]
        require_no_border(box.style)
        if (
            box.style["break_inside"] != "auto"
            or box.style["break_before"] != "auto"
            or box.style["break_after"] != "auto"
        ):
            raise RefusedError("a group of rows with a break of its own")
        if box.element_tag not in _KINDS:
            raise RefusedError(f"rows in {box.element_tag}")
        return GroupParts(weasy.tag_of(box), _KINDS[box.element_tag], (), own if own != lang else None)

    def _row(self, box: Any, lang: str | None) -> RowParts:
        own = box.style["lang"]
        frame = self.row_frame(box, lang)
        frame.cells = tuple(self.cell(cell, own) for cell in box.children)
        return frame

    def row_frame(self, box: Any, lang: str | None) -> RowParts:
        """A row, without its cells."""
        own = box.style["lang"]
        require_no_border(box.style)
        if box.style["height"] != "auto" or box.style["break_before"] != "auto" or box.style["break_after"] != "auto":
            raise RefusedError("a row of a given height, or with a break of its own")
        return RowParts((), break_value(box.style["break_inside"]) == "avoid", own if own != lang else None)

    def cell(self, box: Any, lang: str | None) -> Cell:
        """A cell, as it is by itself."""
        require_plain(box)
        style, own = box.style, box.style["lang"]
        if box.rowspan != 1:
            raise RefusedError("a cell over several rows")
        if style["vertical_align"] not in {"top", "bottom"} or style["height"] != "auto":
            raise RefusedError("a cell aligned to the middle, or of a given height")
        for side in ("left", "right"):
            if border(style, side)[0]:
                raise RefusedError("a line between columns")
        tag = weasy.tag_of(box)
        scope = None
        if tag == "TH":
            scope = "/Row" if box.element.get("scope", "col").startswith("row") else "/Column"
        return Cell(
            tag=tag,
            lang=own if own != lang else None,
            scope=scope,
            colspan=box.colspan,
            x=box.border_box_x(),
            width=box.border_width(),
            padding_top=pixels(style["padding_top"]),
            padding_bottom=pixels(style["padding_bottom"]),
            height=content_height(box),
            kids=self._kids(box, tag, own),
            at_bottom=style["vertical_align"] == "bottom",
            background=background(style),
            border_top=border(style, "top"),
            border_bottom=border(style, "bottom"),
        )
