"""Whether two PDFs show and say the same: pages as pictures, text, structure, outline, links, names, data inside.

Read by pikepdf (qpdf) and pypdfium2 (PDFium), neither of which had a part in making them. Numbers of objects and of marked
content do not matter, only what they stand for.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageChops

from same_structure import Structure, plain

SCALE = 1.25
"""Pixels a point: 90 dots an inch."""

DARKER = 16
"""Of 255, in any of red, green and blue: what a pixel may differ by."""

MOST_PIXELS = 4
"""Pixels of a page that may differ by more: the end of a hairline that falls between two pixels. A letter has more."""

FAINT = 2
"""Of 255: what all pixels of a block may differ by; the palest ground of a report is 6 away from paper."""

BLOCK = 8
"""Pixels: side of such a block, 6.4 points."""

NEAR = 0.05
"""Points that two places may lie apart."""

WORDS = 400
"""Characters of each side that are told of a difference."""

MOST_TOLD = 3
"""Places of one file, where its own structure does not hold together, that are told."""


def differences(one: bytes, other: bytes) -> list[str]:
    """What differs between two PDFs, in words; nothing when they are the same to whoever reads them.

    Every page that looks or reads differently is named; of structure, outline and the like, the first difference each.
    """
    with pikepdf.open(io.BytesIO(one)) as first, pikepdf.open(io.BytesIO(other)) as second:
        if len(first.pages) != len(second.pages):
            return [f"{len(first.pages)} pages against {len(second.pages)}", *_pictures(one, other)]
        return [*_pictures(one, other), *_documents(first, second)]


# --- pages -------------------------------------------------------------------------------------------------------


def _pictures(one: bytes, other: bytes) -> Iterator[str]:
    with closing(pypdfium2.PdfDocument(one)) as first, closing(pypdfium2.PdfDocument(other)) as second:
        for number, pair in enumerate(zip(first, second, strict=False), 1):
            texts = [page.get_textpage().get_text_range() for page in pair]
            if texts[0] != texts[1]:
                lines = zip(texts[0].splitlines(), texts[1].splitlines(), strict=False)
                where = next((both for both in lines if both[0] != both[1]), ("", ""))
                yield f"page {number}: text {where[0]!r} against {where[1]!r}"
            images = [page.render(scale=SCALE).to_pil().convert("RGB") for page in pair]
            if images[0].size != images[1].size:
                yield f"page {number}: size {images[0].size} against {images[1].size}"
            else:
                yield from (f"page {number}: {words}" for words in _seen(images[0], images[1]))


def _seen(one: Image.Image, other: Image.Image) -> Iterator[str]:
    """What an eye can tell between two pictures of the same size."""
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    count = sum(most.histogram()[DARKER + 1 :])
    if count > MOST_PIXELS:
        left, top, right, bottom = most.point(lambda value: 255 * (value > DARKER)).getbbox() or (0, 0, 0, 0)
        yield (
            f"{count} pixels look different, within {left / SCALE:.0f} to {right / SCALE:.0f} pt from the left and "
            f"{top / SCALE:.0f} to {bottom / SCALE:.0f} pt from the top"
        )
    blocks = most.point(lambda value: 255 * (value > FAINT)).reduce(BLOCK)
    if blocks.getextrema()[1] == 255:
        yield f"the ground of {blocks.histogram()[255]} blocks looks different"


# --- documents ---------------------------------------------------------------------------------------------------


def _documents(first: pikepdf.Pdf, second: pikepdf.Pdf) -> Iterator[str]:
    structures = Structure(first), Structure(second)
    for which, structure in zip(("first", "second"), structures, strict=True):
        yield from (f"structure of the {which}: {words}" for words in islice(structure.broken(), MOST_TOLD))
    yield from _unlike("structure", structures[0].elements, structures[1].elements)
    yield from _unlike("outside the structure", *(list(structure.outside()) for structure in structures))
    artefacts = [[content.artefacts for content in structure.contents] for structure in structures]
    yield from _unlike("artefacts", *artefacts)
    parts: Mapping[str, Callable[[pikepdf.Pdf], Iterator[Any]]] = {
        "outline": _outline, "links": _links, "places": _places, "facts": _facts, "pages": _pages,
        "data inside": _attachments, "fonts": _fonts,
    }  # fmt: skip
    for name, read in parts.items():
        yield from _unlike(name, list(read(first)), list(read(second)))


def _unlike(name: str, ours: list[Any], theirs: list[Any]) -> Iterator[str]:
    """The first entry that is not the same."""
    if len(ours) != len(theirs):
        yield f"{name}: {len(ours)} entries against {len(theirs)}"
    for at, (left, right) in enumerate(zip(ours, theirs, strict=False), 1):
        if not _alike(left, right):
            yield f"{name}, entry {at}: {str(left)[:WORDS]} against {str(right)[:WORDS]}"
            return


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers within :data:`NEAR`."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= NEAR
    return type(one) is type(other) and bool(one == other)


def _numbers(pdf: pikepdf.Pdf) -> dict[Any, int]:
    return {page.objgen: number for number, page in enumerate(pdf.pages, 1)}


def _outline(pdf: pikepdf.Pdf) -> Iterator[Any]:
    numbers = _numbers(pdf)
    with pdf.open_outline() as outline:
        yield from _entries(outline.root, 0, numbers)


def _entries(items: Any, depth: int, numbers: dict[Any, int]) -> Iterator[Any]:
    for item in items:
        yield depth, item.title, bool(item.is_closed), plain(item.destination, numbers), str(item.action)
        yield from _entries(item.children, depth + 1, numbers)


def _links(pdf: pikepdf.Pdf) -> Iterator[Any]:
    numbers = _numbers(pdf)
    for number, page in enumerate(pdf.pages, 1):
        yield from ((f"page {number}", plain(note, numbers)) for note in page.get("/Annots", []))


def _places(pdf: pikepdf.Pdf) -> Iterator[Any]:
    numbers = _numbers(pdf)
    for name, target in pikepdf.NameTree(pdf.Root.Names.Dests).items():
        yield name, plain(target, numbers)


_APART = {"/Metadata", "/Pages", "/StructTreeRoot", "/Outlines", "/Names", "/AF"}
"""What the catalogue holds that is compared by itself."""


def _facts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    yield "version", pdf.pdf_version
    yield "facts", {key: str(value) for key, value in pdf.docinfo.items()}
    yield "metadata", pdf.Root.Metadata.read_bytes().decode()
    yield "identifier", str(pdf.trailer.ID[0])
    for key in sorted({*pdf.Root.keys()} - _APART):
        yield key, plain(pdf.Root[key], {})


_OF_PAGES = ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Rotate", "/UserUnit", "/Tabs", "/Group")


def _pages(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for number, page in enumerate(pdf.pages, 1):
        yield f"page {number}", page.label, {key: plain(page[key], {}) for key in _OF_PAGES if key in page}


def _attachments(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """The files by name, and in the order of the document's associated files."""
    for name, spec in pdf.attachments.items():
        data = spec.get_file().read_bytes()
        yield name, len(data), hashlib.sha256(data).hexdigest(), _without_streams(spec.obj)
    yield [_without_streams(entry) for entry in pdf.Root.get("/AF", [])]


def _without_streams(spec: Any) -> Any:
    """What a file specification says, and of the stream itself its type and dates."""
    said = {key: plain(value, {}) for key, value in spec.items() if key != "/EF"}
    return said, {key: plain(value, {}) for key, value in spec.EF.items()}


def _fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Each font of the document once: its name, whether it is inside, its widths, and what its glyphs stand for."""
    fonts: dict[str, Any] = {}
    for page in pdf.pages:
        fonts.update({str(font.BaseFont): font for font in page.Resources.get("/Font", pikepdf.Dictionary()).values()})
    for name, font in sorted(fonts.items()):
        inner = font.DescendantFonts[0]
        inside = sorted({*inner.FontDescriptor.keys()} & {"/FontFile", "/FontFile2", "/FontFile3"})
        lines = font.ToUnicode.read_bytes().splitlines()
        pairs = sorted(line for line in lines if line.startswith(b"<") and b"> <" in line)
        widths: dict[int, float] = {}
        entries = list(inner.W)
        for at in range(0, len(entries), 2):
            widths.update({int(entries[at]) + offset: float(width) for offset, width in enumerate(entries[at + 1])})
        yield name, str(font.Encoding), inside, widths, pairs
