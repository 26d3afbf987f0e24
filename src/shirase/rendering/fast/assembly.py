"""One PDF from painted pages. Whatever does not depend on how pages were made is left to WeasyPrint."""

import zlib
from collections.abc import Iterator, Sequence
from hashlib import md5
from typing import Any

import pydyf
from weasyprint import Attachment, Document

from shirase.rendering.fast import weasy
from shirase.rendering.fast.nodes import Link
from shirase.rendering.fast.pages import Child, Element, PaintedPage
from shirase.rendering.metadata import FileFacts, finish
from shirase.rendering.pdf import VARIANT

_LEVEL = 8
"""Of deflate. WeasyPrint takes 9, which costs a tenth more and saves nothing; with 7, files are a little larger."""

_SKETCH_LEVEL = 1
"""Of what is only to be looked at: packing it as tightly as a report takes a seventh of its time."""

_IN_STREAM = 1_000
"""Objects in one object stream: readers unpack a whole one to get at one object."""


class _Raw:
    """An object whose bytes are known. WeasyPrint's own take thrice the memory, and a report has a hundred thousand."""

    __slots__ = ("data", "number")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.number = 0

    @property
    def reference(self) -> bytes:
        """How other objects name it."""
        return b"%d 0 R" % self.number


class _Place:
    """What WeasyPrint asks of a box that can be clicked."""

    def __init__(self, link: Link, place: int) -> None:
        self.link = link
        self.place = place
        self.link_annotation: Any = None


class _Page:
    """What WeasyPrint asks of a page."""

    def __init__(self, page: PaintedPage) -> None:
        self.painted = page
        self.width, self.height = page.width, page.height
        self.bleed = dict.fromkeys(("top", "right", "bottom", "left"), 0)
        self.bookmarks = [(level, label, (x, y), "open") for level, label, x, y in page.bookmarks]
        self.places = [_Place(link, place) for link, _, place in page.links]
        self.links = [
            ("internal", link.target, (link.x, y + link.y, link.x + link.width, y + link.y + link.height), place)
            for (link, y, _), place in zip(page.links, self.places, strict=True)
        ]
        self.anchors = {name: (x, y, x, y) for name, (x, y) in page.anchors.items()}
        self.forms: dict[None, list[Any]] = {None: []}
        self._page_box = self

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Put the operators into ``stream``."""
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            stream.stream.append(self.painted.operators)


def assemble(
    pages: Sequence[PaintedPage],
    carrier: Document,
    fonts: dict[Any, Any],
    facts: FileFacts,
    attachments: Sequence[Attachment] | None,
) -> bytes:
    """The finished file.

    Args:
        pages: All of them.
        carrier: A document without pages that matter: its title, author, dates and language are taken.
        fonts: Of this document, with the glyphs that it uses.
        facts: What the file says about itself.
        attachments: Associated files; None for a sketch, which has none, and is packed sooner but less tightly.
    """
    level = _SKETCH_LEVEL if attachments is None else _LEVEL
    document = Document(
        [_Page(page) for page in pages], carrier.metadata, carrier.url_fetcher, carrier.font_config, {}, "srgb"
    )
    document.fonts = fonts
    with weasy.own_structure(_structure):
        pdf = weasy.generate(document, {"pdf_variant": VARIANT, "attachments": list(attachments or ())})
    finish(facts, document, pdf)
    return _written(pdf, facts.identifier.encode("ascii"), level)


def _structure(page: Any, parent: Any, pdf: Any, page_number: int, *lists: Any) -> Iterator[Any]:
    """Write the elements of one page; yields those directly below the document. WeasyPrint calls it."""
    nums: dict[int, bytes] = lists[0]
    annotations: list[Any] = lists[1]
    painted: PaintedPage = page.painted
    base = len(pdf.objects)
    page_reference = b"%d 0 R" % pdf.pages["Kids"][3 * page_number]
    references = {place.link: place for place in page.places}
    extra_objects: list[bytes] = []
    first_extra = base + len(painted.elements)
    for place, element in enumerate(painted.elements):
        kids = []
        on_page = b""
        for kid in element.kids:
            if isinstance(kid, int):
                on_page = b"/Pg %s" % page_reference
                kids.append(b"%d" % kid)
                nums[kid] = b"%d 0 R" % (base + place)
            elif isinstance(kid, Child):
                kids.append(b"%d 0 R" % (base + kid.place))
            else:
                annotation = references[kid].link_annotation
                annotation["Contents"] = pydyf.String(kid.contents)
                annotations.append((b"%d 0 R" % (base + place), annotation))
                kids.append(b"%d 0 R" % (first_extra + len(extra_objects)))
                extra_objects.append(b"<</Type/OBJR/Obj %s/Pg %s>>" % (annotation.reference, page_reference))
        number = parent.number if element.parent < 0 else base + element.parent
        raw = _Raw(
            b"<</Type/StructElem/S/%s/P %d 0 R%s%s%s/K[%s]>>"
            % (element.tag, number, on_page, element.extra, _attributes(element, base), b" ".join(kids))
        )
        pdf.add_object(raw)
    for data in extra_objects:
        pdf.add_object(_Raw(data))
    topmost = [place for place, element in enumerate(painted.elements) if element.parent < 0 and element.tag != b"Span"]
    painted.elements.clear()
    yield from (pdf.objects[base + place] for place in topmost)


def _attributes(element: Element, base: int) -> bytes:
    parts = element.attributes
    identifier = b""
    if element.headers is not None:
        parts += b"/Headers[%s]" % b"".join(_key(base, element.table, key) for key in element.headers)
    if element.identifier is not None:
        identifier = b"/ID%s" % _key(base, element.table, element.identifier)
    return (b"/A<<%s>>" % parts if parts else b"") + identifier


def _key(base: int, table: int, key: tuple[int, int]) -> bytes:
    return b"(%d-%d-%d)" % (base + table, *key)


def _written(pdf: Any, identifier: bytes, level: int) -> bytes:
    """All objects as one file with object streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8)."""
    pdf.add_object(pdf.info)
    output = bytearray(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")
    entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    digest = md5(usedforsecurity=False)
    packed: list[tuple[int, bytes]] = []
    for item in pdf.objects[1:]:
        if isinstance(item, pydyf.Stream):
            data = _stream(item, level)
            entries[item.number] = _put(output, item.number, data)
        else:
            data = item.data
            packed.append((item.number, data))
        digest.update(data)
    following = len(pdf.objects)
    for start in range(0, len(packed), _IN_STREAM):
        part = packed[start : start + _IN_STREAM]
        entries.update({number: (2, following, index) for index, (number, _) in enumerate(part)})
        entries[following] = _put(output, following, _object_stream(part, level))
        following += 1
    start_of_table = len(output)
    entries[following] = (1, start_of_table, 0)
    facts = b"/Root %s/Info %s/ID[(%s)(%s)]" % (
        pdf.catalog.reference, pdf.info.reference, identifier, digest.hexdigest().encode("ascii"),
    )  # fmt: skip
    _put(output, following, _cross_references([entries[at] for at in range(following + 1)], facts))
    output += b"startxref\n%d\n%%%%EOF\n" % start_of_table
    return bytes(output)


def _put(output: bytearray, number: int, data: bytes) -> tuple[int, int, int]:
    """Append one object; its entry among the cross-references."""
    place = len(output)
    output += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    return 1, place, 0


def _object_stream(part: list[tuple[int, bytes]], level: int) -> bytes:
    offsets, position = [], 0
    for number, data in part:
        offsets.append(b"%d %d" % (number, position))
        position += len(data) + 1
    head = b" ".join(offsets) + b"\n"
    body = zlib.compress(head + b"\n".join(data for _, data in part), level)
    facts = b"/Type/ObjStm/N %d/First %d" % (len(part), len(head))
    return _compressed(facts, body)


def _cross_references(entries: list[tuple[int, int, int]], facts: bytes) -> bytes:
    rows = (
        kind.to_bytes(1, "big") + field.to_bytes(4, "big") + last.to_bytes(2, "big") for kind, field, last in entries
    )
    size = len(entries)
    facts = b"/Type/XRef/Index[0 %d]/W[1 4 2]/Size %d%s" % (size, size, facts)
    return _compressed(facts, zlib.compress(b"".join(rows), _LEVEL))


def _compressed(facts: bytes, body: bytes) -> bytes:
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (facts, len(body), body)


def _stream(item: Any, level: int) -> bytes:
    content = b"\n".join(part if isinstance(part, bytes) else pydyf._to_bytes(part) for part in item.stream)  # noqa: SLF001
    extra = pydyf.Dictionary(item.extra.copy())
    if item.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, level)
    extra["Length"] = len(content)
    return b"%s\nstream\n%s\nendstream" % (extra.data, content)
