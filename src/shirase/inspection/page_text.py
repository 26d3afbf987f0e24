"""Edge: what stands on the pages of a finished PDF, read with pdfium, which had no part in making it."""

from collections.abc import Iterator
from ctypes import byref, c_double
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium


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
class PageText:
    """One page.

    Attributes:
        number: From 1.
        width: In points; likewise ``height``.
        text: Its text, lines ended by LF, in the order in which it was drawn.
        glyphs: Every character that leaves ink, in the same order.
    """

    number: int
    width: float
    height: float
    text: str
    glyphs: tuple[Glyph, ...]


def read_pages(pdf: bytes, *, boxes: bool = True) -> Iterator[PageText]:
    """The pages of ``pdf``, one after the other.

    Args:
        pdf: A whole file.
        boxes: Whether glyphs are wanted too: they take most of the time.

    Raises:
        pypdfium2.PdfiumError: When it is no PDF.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            textpage = page.get_textpage()
            width, height = page.get_size()
            text = textpage.get_text_range().replace("\r\n", "\n").replace("\r", "\n")
            yield PageText(number, width, height, text, tuple(_glyphs(textpage)) if boxes else ())
            textpage.close()
            page.close()


def _glyphs(textpage: pypdfium2.PdfTextPage) -> Iterator[Glyph]:
    left, right, bottom, top = (c_double() for _ in range(4))
    last: Glyph | None = None
    for index in range(textpage.count_chars()):
        if pdfium.FPDFText_IsGenerated(textpage, index):
            continue
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        pdfium.FPDFText_GetCharBox(textpage, index, byref(left), byref(right), byref(bottom), byref(top))
        if right.value > left.value and top.value > bottom.value:
            glyph = Glyph(chr(code), left.value, bottom.value, right.value, top.value)
            if last is not None and glyph.box == last.box:
                glyph = Glyph(last.character + glyph.character, *last.box)
            elif last is not None:
                yield last
            last = glyph
    if last is not None:
        yield last
