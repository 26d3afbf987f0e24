"""Edge: a finished PDF taken apart with pikepdf and pdfium: pages, structure, and everything else that carries text."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import pikepdf
import pypdfium2

from shirase.inspection.page_text import PageText, read_pages

_REACH = 200
"""Characters on either side of a change of page: names and addresses are shorter."""


@dataclass(frozen=True, slots=True)
class Element:
    """A structure element (ISO 32000-1, 14.7).

    Attributes:
        kind: ``P``, ``TD`` and the like.
        language: In effect for it (BCP 47).
        own_language: The same when it was stated for this very element, else empty.
        text: Of its own content; not of its kids.
        alternative: Alternative and replacement text, expansion and title; empty when there is none.
        kids: Elements in it, in reading order.
        page: Number of the page its content begins on, 0 without any.
    """

    kind: str
    language: str
    text: str
    alternative: str
    kids: tuple["Element", ...]
    page: int
    own_language: str = ""

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    @property
    def whole_text(self) -> str:
        """Its text and that of its kids, in reading order."""
        return "".join(element.text for element in self.walk())


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file inside the PDF."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FinishedPdf:
    """Everything in a PDF that says something.

    Attributes:
        pages: Its pages.
        root: Its structure.
        metadata: Entries of the document information and the XMP packet, as text.
        bookmarks: Titles of its outline.
        targets: Addresses that links lead to outside of it.
        descriptions: Descriptions of annotations.
        files: Files inside.
        scripts: Actions that a reader would run; a report has none.
        seams: Text on either side of each change of page, in reading order: what stands at the foot and head of every
            page lies between them on the pages, and nothing in the text.
    """

    pages: tuple[PageText, ...]
    root: Element
    metadata: tuple[str, ...]
    bookmarks: tuple[str, ...]
    targets: tuple[str, ...]
    descriptions: tuple[str, ...]
    files: tuple[Embedded, ...]
    scripts: tuple[str, ...]
    seams: tuple["Seam", ...] = ()


@dataclass(frozen=True, slots=True)
class Seam:
    """Where the text goes on from one page to another."""

    before_page: int
    after_page: int
    before: str
    after: str


class UnreadablePdfError(Exception):
    """The bytes are no PDF, or none with a structure."""


_FAULTS = (
    pypdfium2.PdfiumError, pikepdf.PdfError, pikepdf.DataDecodingError, AttributeError, KeyError, OSError,
)  # fmt: skip


def read_finished(content: bytes, look: Callable[[PageText], PageText] | None = None) -> FinishedPdf:
    """Take ``content`` apart.

    Args:
        content: A whole file.
        look: Shown each page with its picture, and gives what is kept of it: pictures take megabytes.

    Raises:
        UnreadablePdfError: When it cannot be.
    """
    try:
        pages = tuple(map(look, read_pages(content, drawn=True))) if look else tuple(read_pages(content))
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _take_apart(pdf, pages)
    except _FAULTS as error:
        raise UnreadablePdfError(str(error)) from error


def read_files(content: bytes) -> tuple[Embedded, ...]:
    """Nothing but the files inside.

    Raises:
        UnreadablePdfError: When ``content`` is no PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _files(pdf)
    except _FAULTS as error:
        raise UnreadablePdfError(str(error)) from error


def _files(pdf: pikepdf.Pdf) -> tuple[Embedded, ...]:
    attached = pdf.attachments.items()
    return tuple(Embedded(name, spec.description, spec.get_file().read_bytes()) for name, spec in attached)


def _take_apart(pdf: pikepdf.Pdf, pages: tuple[PageText, ...]) -> FinishedPdf:
    annotations = [each for page in pdf.pages for each in page.get("/Annots", [])]
    pieces: list[_Piece] = []
    root = _structure(pdf, pages, pieces)
    with pdf.open_outline() as outline:
        bookmarks = tuple(_titles(outline.root))
    return FinishedPdf(
        pages=pages,
        root=root,
        metadata=(*(f"{key} {value}" for key, value in pdf.docinfo.items()), _packet(pdf)),
        bookmarks=bookmarks,
        targets=tuple(str(each.A.URI) for each in annotations if "/A" in each and "/URI" in each.A),
        descriptions=tuple(str(each.Contents) for each in annotations if "/Contents" in each),
        files=_files(pdf),
        scripts=tuple(_scripts(pdf, annotations)),
        seams=tuple(_seams(pieces)),
    )


def _packet(pdf: pikepdf.Pdf) -> str:
    return bytes(pdf.Root.Metadata.read_bytes()).decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _scripts(pdf: pikepdf.Pdf, annotations: list[Any]) -> Iterator[str]:
    if "/OpenAction" in pdf.Root and isinstance(pdf.Root.OpenAction, pikepdf.Dictionary):
        yield f"on opening: {pdf.Root.OpenAction.get('/S', '')}"
    if "/AA" in pdf.Root or "/JavaScript" in pdf.Root.get("/Names", {}):
        yield "in the document"
    for each in annotations:
        if "/A" in each and str(each.A.get("/S", "")) not in ("/URI", "/GoTo"):
            yield f"on a link: {each.A.get('/S', '')}"


_Texts = dict[tuple[int, int], PageText]

_Piece = tuple[int, str]
"""Number of a page, and a piece of text on it."""


def _seams(pieces: Sequence[_Piece]) -> Iterator[Seam]:
    """The text of whole pages around each change of page, as far as a name can reach."""
    runs = [(page, "".join(text for _, text in run)) for page, run in groupby(pieces, key=lambda piece: piece[0])]
    for (before_page, before), (after_page, after) in pairwise(runs):
        yield Seam(before_page, after_page, before[-_REACH:], after[:_REACH])


def _structure(pdf: pikepdf.Pdf, pages: tuple[PageText, ...], pieces: list[_Piece]) -> Element:
    """The structure; ``pieces`` receives all of its text in reading order."""
    texts = {page.obj.objgen: text for page, text in zip(pdf.pages, pages, strict=True)}
    tree = pdf.Root.StructTreeRoot
    return read_element(tree, str(pdf.Root.get("/Lang", "")), None, (texts, pieces))


def read_element(
    raw: Any, language: str, page: Any, known: tuple[dict[tuple[int, int], PageText], list[_Piece]]
) -> Element:
    """A structure element and all below it.

    Args:
        raw: As the file has it.
        language: In effect for it.
        page: The page in effect for its content.
        known: The pages by their objects; and a list that receives all text in reading order.
    """
    texts, read = known
    language = str(raw.get("/Lang", language))
    page = texts.get(raw.Pg.objgen, page) if "/Pg" in raw else page
    pieces, kids, first = [], [], 0
    for kid in structure_kids(raw):
        where, number = page, None
        if isinstance(kid, int):
            number = kid
        elif "/MCID" in kid:
            where, number = (texts[kid.Pg.objgen] if "/Pg" in kid else page), int(kid.MCID)
        elif "/S" in kid:
            kids.append(read_element(kid, language, page, known))
        if number is not None and where is not None:
            pieces.append(where.marked.get(number, ""))
            read.append((where.number, pieces[-1]))
            first = first or where.number
    first = first or next((kid.page for kid in kids if kid.page), 0)
    alternative = " ".join(str(raw[name]) for name in ("/Alt", "/ActualText", "/E", "/T") if name in raw)
    return Element(
        kind=str(raw.get("/S", "/"))[1:],
        language=language,
        text="".join(pieces),
        alternative=alternative,
        kids=tuple(kids),
        page=first,
        own_language=str(raw.get("/Lang", "")),
    )


def structure_kids(raw: Any) -> Iterator[Any]:
    """What stands right below a structure element: elements, content of a page, or numbers of such content."""
    kids = raw.get("/K", [])
    if isinstance(kids, pikepdf.Array):
        yield from kids
    else:
        yield kids
