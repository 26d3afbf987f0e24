"""A page ready to be written: operators, structure, links, and the glyphs it shows."""

from collections import defaultdict
from dataclasses import dataclass, field

from shirase.rendering.fast.nodes import Link
from shirase.rendering.fast.typewriter import Letters


@dataclass(slots=True, eq=False)
class Element:
    """A structure element of one page.

    Attributes:
        tag: Its type.
        parent: Place of its parent in the page's list; -1 for the document.
        extra: Its other entries, as bytes.
        kids: Marked content by its number, elements by their place, links by themselves.
        identifier: Of a heading cell: row and column.
        headers: Of a cell: the heading cells it belongs to, by row and column.
        table: Place of the table it belongs to.
        attributes: Entries of its attribute object.
    """

    tag: bytes
    parent: int
    extra: bytes
    kids: "list[int | Child | Link]"
    attributes: bytes = b""
    identifier: tuple[int, int] | None = None
    headers: list[tuple[int, int]] | None = None
    table: int = -1


@dataclass(slots=True, frozen=True)
class Child:
    """An element among the kids of another."""

    place: int


@dataclass(slots=True, eq=False)
class PaintedPage:
    """A page, ready to be written.

    Attributes:
        width: In CSS pixels; ``height`` likewise.
        operators: Its content, in CSS pixels from the upper left corner.
        elements: Its structure.
        owners: The element of each marked content; by its number.
        links: What can be clicked, with the place of its element.
        anchors: Name, left and top of each place.
        bookmarks: Level, title, left and top.
        glyphs: By font: glyphs and what they stand for, the first that is met.
        letters: By font: letters set one by one.
    """

    width: float
    height: float
    operators: bytes = b""
    elements: list[Element] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    links: list[tuple[Link, float, int]] = field(default_factory=list)
    anchors: dict[str, tuple[float, float]] = field(default_factory=dict)
    bookmarks: list[tuple[int, str, float, float]] = field(default_factory=list)
    glyphs: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    letters: dict[Letters, set[str]] = field(default_factory=lambda: defaultdict(set))


def pdf_text(text: str) -> bytes:
    """``text`` as a PDF string (ISO 32000-1, 7.9.2.2)."""
    if text.isascii():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return b"(%s)" % escaped.encode("ascii")
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode("ascii")
