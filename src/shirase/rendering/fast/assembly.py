"""One PDF from painted pages. Whatever does not depend on how pages were made is left to WeasyPrint."""

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf
from weasyprint import Attachment, Document

from shirase.rendering import weasy
from shirase.rendering.fast.file_writer import PACKED, ObjectStreams, write_file
from shirase.rendering.fast.nodes import Link
from shirase.rendering.fast.pages import PaintedPage
from shirase.rendering.metadata import FileFacts, finish
from shirase.rendering.pdf import VARIANT

_LEVEL = 8
"""Of deflate. WeasyPrint takes 9, which costs a tenth more and saves nothing; with 7, files are a little larger."""

_SKETCH_LEVEL = 1
"""Of what is only to be looked at: packing it as tightly as a report takes a seventh of its time."""


class _Place:
    """What WeasyPrint asks of a box that can be clicked."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.link_annotation: Any = None


class _Page:
    """What WeasyPrint asks of a page."""

    def __init__(self, page: PaintedPage) -> None:
        self.painted = page
        self.width, self.height = page.width, page.height
        self.bleed = dict.fromkeys(("top", "right", "bottom", "left"), 0)
        self.bookmarks = [(level, label, (x, y), "open") for level, label, x, y in page.bookmarks]
        self.places = [_Place(link) for link, _, _ in page.links]
        self.links = [
            ("internal", link.target, (link.x, y + link.y, link.x + link.width, y + link.y + link.height), place)
            for (link, y, _), place in zip(page.links, self.places, strict=True)
        ]
        self.anchors = {name: (x, y, x, y) for name, (x, y) in page.anchors.items()}
        self.forms: dict[None, list[Any]] = {None: []}
        self._page_box = self

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Put the operators into ``stream``, still packed."""
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            stream.stream.append(_Content(self.painted))


class _Content(pydyf.Object):  # type: ignore[misc] # it has no types
    """The operators of a page, unpacked when they are written."""

    def __init__(self, page: PaintedPage) -> None:
        super().__init__()
        self._page = page

    @property
    def data(self) -> bytes:
        """As they are written."""
        return self._page.operators


class _StructureWriter:
    """Puts the structure of all pages into object streams."""

    def __init__(self, level: int) -> None:
        self.streams = ObjectStreams(level)

    def write(self, page: Any, parent: Any, pdf: Any, page_number: int, *lists: Any) -> Iterator[Any]:
        """Write the elements of one page; yields those directly below the document. WeasyPrint calls it."""
        nums: dict[int, bytes] = lists[0]
        annotations: list[Any] = lists[1]
        painted: PaintedPage = page.painted
        structure = painted.structure
        base = len(pdf.objects)
        for mark, owner in enumerate(painted.owners):
            nums[mark] = b"%d 0 R" % (base + owner)
        for place, (_, _, element) in zip(page.places, painted.links, strict=True):
            place.link_annotation["Contents"] = pydyf.String(place.link.contents)
            annotations.append((b"%d 0 R" % (base + element), place.link_annotation))
        links = [place.link_annotation.number for place in page.places]
        made = structure.objects(base, parent.number, pdf.pages["Kids"][3 * page_number], links)
        for number, data in enumerate(made, base):
            self.streams.add(number, data)
        pdf.objects.extend([PACKED] * structure.count)
        for place in structure.topmost:
            yield _Reference(base + place)


class _Reference:
    """An object that others can name."""

    def __init__(self, number: int) -> None:
        self.reference = b"%d 0 R" % number


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
    document = Document(
        [_Page(page) for page in pages], carrier.metadata, carrier.url_fetcher, carrier.font_config, {}, "srgb"
    )
    document.fonts = fonts
    structure = _StructureWriter(_SKETCH_LEVEL if attachments is None else _LEVEL)
    with weasy.own_structure(structure.write):
        pdf = weasy.generate(document, {"pdf_variant": VARIANT, "attachments": list(attachments or ())})
    finish(facts, document, pdf)
    return write_file(pdf, facts.identifier.encode("ascii"), structure.streams)
