"""Edge: what stands on the pages of a finished PDF, read with pdfium, which had no part in making it."""

import unicodedata
from collections.abc import Iterator, Sequence
from ctypes import addressof, byref, c_double
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from shirase.inspection.folding import whole_characters

READABLE = 48
"""Steps of grey, of 256, between ink and paper below which nobody sees a letter."""

THINNEST = 0.05
"""Points that the ink of a letter is wide and high at least. Of an empty glyph pdfium gives a line of 0.01 instead."""

_HYPHEN = "\x02"
"""What pdfium gives for a hyphen that ends a line. Reports never hyphenate, so it is one of the text."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """What is drawn at once, and the box of its ink in points from the lower left corner of the page.

    ``character`` is one character, or all that a ligature stands for.
    """

    character: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top


@dataclass(frozen=True, slots=True)
class Picture:
    """A page drawn in grey: 0 black to 255 white, rows from the top.

    Attributes:
        pixels: One byte each, ``stride`` bytes a row.
        stride: Bytes from one row to the next.
        width: Pixels; likewise ``height``.
        scale: Pixels of a point.
    """

    pixels: bytes
    stride: int
    width: int
    height: int
    scale: float

    @classmethod
    def of(cls, page: pypdfium2.PdfPage, scale: float = 2.0) -> "Picture":
        """Draw ``page`` at 144 dots an inch."""
        bitmap = page.render(scale=scale, grayscale=True)
        picture = cls(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height, scale)
        bitmap.close()
        return picture

    def contrast(self, glyph: Glyph) -> int:
        """Difference between the lightest and the darkest pixel where ``glyph`` is drawn, and just around it."""
        left = max(0, int(glyph.left * self.scale) - 1)
        right = min(self.width, int(glyph.right * self.scale) + 2)
        top = max(0, self.height - int(glyph.top * self.scale) - 2)
        bottom = min(self.height, self.height - int(glyph.bottom * self.scale) + 1)
        darkest, lightest = 255, 0
        for row in range(top, bottom):
            pixels = self.pixels[row * self.stride + left : row * self.stride + right]
            if pixels:
                darkest, lightest = min(darkest, *pixels), max(lightest, *pixels)
            if lightest - darkest >= READABLE:
                break
        return max(0, lightest - darkest)


@dataclass(frozen=True, slots=True)
class PageText:
    """One page.

    Attributes:
        number: From 1.
        width: In points; likewise ``height``.
        text: Its text, lines ended by LF, in the order in which it was drawn.
        marked: The text of each piece of marked content (ISO 32000-1, 14.6) by its identifier, lines ended by LF.
        glyphs: Every character with a shape, in order.
        blank: Characters that ought to have a shape and have none: their glyph is empty.
        picture: The page as it is drawn.
    """

    number: int
    width: float
    height: float
    text: str
    marked: dict[int, str] = field(default_factory=dict)
    glyphs: tuple[Glyph, ...] = ()
    blank: str = ""
    picture: Picture | None = None


def read_pages(pdf: bytes, *, drawn: bool = False) -> Iterator[PageText]:
    """The pages of ``pdf``, one after the other.

    Args:
        pdf: A whole file.
        drawn: Whether each page is wanted as a picture, too.

    Raises:
        pypdfium2.PdfiumError: When it is no PDF.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            textpage = page.get_textpage()
            yield _read_page(number, page, textpage, Picture.of(page) if drawn else None)
            textpage.close()
            page.close()


def read_some_pages(pdf: bytes, numbers: Sequence[int]) -> Iterator[PageText]:
    """Those pages of ``pdf`` (from 1), in that order, without pictures.

    Raises:
        pypdfium2.PdfiumError: When it is no PDF.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        for number in numbers:
            page = document[number - 1]
            textpage = page.get_textpage()
            yield _read_page(number, page, textpage, None)
            textpage.close()
            page.close()


def _read_page(
    number: int, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, picture: Picture | None
) -> PageText:
    left, right, bottom, top = (c_double() for _ in range(4))
    contents: dict[int, int] = {}
    marked: dict[int, list[str]] = {}
    text: list[str] = []
    glyphs: list[Glyph] = []
    blank: list[str] = []
    content = -1
    for index in range(textpage.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        if character == "\r":
            continue
        if character == _HYPHEN:
            character = "-"
        text.append(character)
        if not pdfium.FPDFText_IsGenerated(textpage, index):
            content = _content_of(textpage, index, contents, content)
            pdfium.FPDFText_GetCharBox(textpage, index, byref(left), byref(right), byref(bottom), byref(top))
            if character.isspace():
                pass
            elif right.value - left.value > THINNEST and top.value - bottom.value > THINNEST:
                glyph = Glyph(character, left.value, bottom.value, right.value, top.value)
                if glyphs and glyphs[-1].box == glyph.box:
                    glyph = Glyph(glyphs.pop().character + character, *glyph.box)
                glyphs.append(glyph)
            elif unicodedata.category(character)[0] not in "MCZ":
                blank.append(character)
        if content >= 0:
            marked.setdefault(content, []).append(character)
    width, height = page.get_size()
    pieces = {identifier: whole_characters("".join(piece)).strip("\n") for identifier, piece in marked.items()}
    return PageText(
        number, width, height, whole_characters("".join(text)), pieces, tuple(glyphs), "".join(blank), picture
    )


def _content_of(textpage: pypdfium2.PdfTextPage, index: int, known: dict[int, int], last: int) -> int:
    """Identifier of the marked content a character belongs to; -1 for what is only decoration, as running heads are.

    Further characters of one glyph have no object of their own: they belong where the ``last`` one does.
    """
    drawn = pdfium.FPDFText_GetTextObject(textpage, index)
    if not drawn:
        return last
    address = addressof(drawn.contents)
    if address not in known:
        known[address] = pdfium.FPDFPageObj_GetMarkedContentID(drawn)
    return known[address]
