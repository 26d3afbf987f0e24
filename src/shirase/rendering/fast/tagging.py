"""The structure of one page as bytes, in which only the numbers of its objects are missing.

A report of 50,000 rows has more than a million structure elements. They are kept packed until the numbers are known.
"""

import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

MARK, CHILD, LINK = range(3)
"""Kinds of kids of an element: marked content, another element, something to click."""

Kid = tuple[int, int]
"""Kind, and number: of the marked content, place of the element among those of its page, place of the link likewise."""

_DOCUMENT, _PAGE, _FIRST_LINK = -1, -2, -3
"""Numbers of objects that are none of the page's own elements."""


@dataclass(slots=True, eq=False)
class Element:
    """A structure element of one page.

    Attributes:
        tag: Its type.
        parent: Place of its parent in the page's list; -1 for the document.
        extra: Its other entries, as bytes.
        kids: What it holds.
        identifier: Of a heading cell: row and column.
        headers: Of a cell: the heading cells it belongs to, by row and column.
        table: Place of the table it belongs to.
        attributes: Entries of its attribute object.
    """

    tag: bytes
    parent: int
    extra: bytes
    kids: list[Kid] = field(default_factory=list)
    attributes: bytes = b""
    identifier: tuple[int, int] | None = None
    headers: list[tuple[int, int]] | None = None
    table: int = -1


class PageStructure:
    """The objects of a page's structure.

    Attributes:
        count: How many objects they are: a number for each of them must be free, from ``base`` on.
        topmost: Places of the elements directly below the document.
    """

    def __init__(self, elements: Sequence[Element]) -> None:
        writer = _Writer(len(elements))
        for element in elements:
            writer.write(element)
        objects = [*writer.objects, *writer.references]
        self.count = len(objects)
        self.topmost = [at for at, each in enumerate(elements) if each.parent < 0 and each.tag != b"Span"]
        self._packed = packed(b"\n".join(objects))
        self._numbers = array("i", [*writer.numbers, *writer.numbers_of_references])

    def objects(self, base: int, document: int, page: int, links: Sequence[int]) -> list[bytes]:
        """The objects, in order.

        Args:
            base: Number of the first.
            document: Number of the structure element of the document.
            page: Number of the page.
            links: Numbers of the annotations of the page's links, in their order.
        """
        others = (0, document, page, *links)
        numbers = tuple([base + number if number >= 0 else others[-number] for number in self._numbers])
        return (zlib.decompress(self._packed) % numbers).split(b"\n")


def packed(data: bytes) -> bytes:
    """``data`` deflated for a while: soon, and not tightly."""
    return zlib.compress(data, 1)


class _Writer:
    """Writes elements with holes for numbers, and notes what belongs into the holes."""

    def __init__(self, count: int) -> None:
        self.objects: list[bytes] = []
        self.numbers: list[int] = []
        self.references: list[bytes] = []
        self.numbers_of_references: list[int] = []
        self._count = count

    def write(self, element: Element) -> None:
        numbers = self.numbers
        numbers.append(element.parent if element.parent >= 0 else _DOCUMENT)
        on_page = b""
        if any(kind == MARK for kind, _ in element.kids):
            on_page = b"/Pg %d 0 R"
            numbers.append(_PAGE)
        attributes = self._attributes(element)
        kids = []
        for kind, number in element.kids:
            if kind == MARK:
                kids.append(b"%d" % number)
                continue
            kids.append(b"%d 0 R")
            if kind == LINK:
                numbers.append(self._count + len(self.references))
                self.references.append(b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>")
                self.numbers_of_references += (_FIRST_LINK - number, _PAGE)
            else:
                numbers.append(number)
        self.objects.append(
            b"".join(
                (
                    b"<</Type/StructElem/S/", element.tag, b"/P %d 0 R", on_page, _literal(element.extra), attributes,
                    b"/K[", b" ".join(kids), b"]>>",
                )
            )
        )  # fmt: skip

    def _attributes(self, element: Element) -> bytes:
        parts = _literal(element.attributes)
        if element.headers is not None:
            self.numbers += [element.table] * len(element.headers)
            parts += b"/Headers[%s]" % b"".join([_key(key) for key in element.headers])
        identifier = b""
        if element.identifier is not None:
            self.numbers.append(element.table)
            identifier = b"/ID" + _key(element.identifier)
        return (b"/A<<%s>>" % parts if parts else b"") + identifier


def _key(key: tuple[int, int]) -> bytes:
    """A name for a heading cell, unique in the document by the number of its table's object."""
    return b"(%%d-%d-%d)" % key


def _literal(data: bytes) -> bytes:
    return data.replace(b"%", b"%%")


def pdf_text(text: str) -> bytes:
    """``text`` as a PDF string on one line (ISO 32000-1, 7.9.2.2)."""
    if text.isascii():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return b"(%s)" % escaped.replace("\n", r"\n").replace("\r", r"\r").encode("ascii")
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode("ascii")
