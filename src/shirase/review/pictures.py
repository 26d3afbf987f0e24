"""Edge: pages as pictures, with the boxes of their words, so that a browser can select the text on the picture."""

import io
from collections.abc import Iterator
from ctypes import byref, c_double
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

SCALE = 1.5
"""Pixels of a point: 108 dots an inch, sharp on common screens."""

_LIGHTER = 0.35
"""Ink of unchanged parts in a picture of differences."""

_FLOOR = 24
"""Steps of grey, of 256, below which two pixels count as the same: edges of letters differ by less."""


@dataclass(frozen=True, slots=True)
class WordBox:
    """Characters that stand together in a line, and where: shares of the page's width and height, from the top left."""

    text: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: PNG, its size in pixels, and its words."""

    png: bytes
    width: int
    height: int
    words: tuple[WordBox, ...]


@dataclass(frozen=True, slots=True)
class OverlaidPages:
    """Two pages in one picture: what only the first has is red, what only the second has is blue.

    ``differs`` is the share of pixels that are not the same.
    """

    png: bytes
    differs: float


def page_picture(content: bytes, number: int, scale: float = SCALE) -> PagePicture:
    """Page ``number`` (from 1) of ``content``.

    Raises:
        IndexError: When there is no such page.
        pypdfium2.PdfiumError: When it is no PDF.
    """
    with pypdfium2.PdfDocument(content) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        page = document[number - 1]
        image = _draw(page, scale)
        textpage = page.get_textpage()
        words = tuple(_words(textpage, *page.get_size()))
        textpage.close()
        page.close()
    return PagePicture(_png(image), image.width, image.height, words)


def overlaid(before: bytes | None, after: bytes | None, number: int, scale: float = SCALE) -> OverlaidPages:
    """Page ``number`` of two files in one picture; a file that is not given or has no such page counts as empty."""
    images = [_page(content, number, scale) for content in (before, after)]
    known = [image for image in images if image is not None]
    size = (max(image.width for image in known), max(image.height for image in known)) if known else (1, 1)
    one, other = (_on_paper(image, size) for image in images)
    changed = ImageChops.difference(one, other).point(lambda value: 255 if value > _FLOOR else 0)
    # White minus ink: a channel that keeps the ink of one page only shows where just that page is inked.
    faint_one, faint_other = (
        Image.eval(image, lambda value: 255 - int((255 - value) * _LIGHTER)) for image in (one, other)
    )
    same = ImageChops.darker(faint_one, faint_other)
    red, green, blue = (
        Image.composite(channel, same, changed) for channel in (other, ImageChops.darker(one, other), one)
    )
    picture = Image.merge("RGB", (red, green, blue))
    histogram = changed.histogram()
    return OverlaidPages(_png(picture), histogram[255] / (size[0] * size[1]))


def page_count(content: bytes) -> int:
    """Pages of ``content``."""
    with pypdfium2.PdfDocument(content) as document:
        return len(document)


def _page(content: bytes | None, number: int, scale: float) -> Image.Image | None:
    if content is None:
        return None
    with pypdfium2.PdfDocument(content) as document:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        image = _draw(page, scale).convert("L")
        page.close()
        return image


def _draw(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    bitmap = page.render(scale=scale)
    image: Image.Image = bitmap.to_pil().copy()
    bitmap.close()
    return image


def _on_paper(image: Image.Image | None, size: tuple[int, int]) -> Image.Image:
    paper = Image.new("L", size, 255)
    if image is not None:
        paper.paste(image)
    return paper


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(written, "PNG", optimize=False, compress_level=6)
    return written.getvalue()


def _words(textpage: pypdfium2.PdfTextPage, page_width: float, page_height: float) -> Iterator[WordBox]:
    """Characters in reading order, put together while they stand in one line without a gap."""
    left, right, bottom, top = (c_double() for _ in range(4))
    text = ""
    box: list[float] = []
    for index in range(textpage.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        pdfium.FPDFText_GetCharBox(textpage, index, byref(left), byref(right), byref(bottom), byref(top))
        here = [left.value, bottom.value, right.value, top.value]
        if character.isspace() or not character.isprintable() or here[2] <= here[0]:
            if character in "\r\n" or not text:
                pass
            else:
                text += " "
            continue
        if text and not _follows(box, here):
            yield _share(text, box, page_width, page_height)
            text, box = "", []
        text += character
        box = [min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3])] if box else here
    if text:
        yield _share(text, box, page_width, page_height)


def _follows(box: list[float], here: list[float]) -> bool:
    height = max(box[3] - box[1], 4.0)
    in_line = here[1] < box[3] and here[3] > box[1]
    return in_line and -height < here[0] - box[2] < 1.5 * height


def _share(text: str, box: list[float], width: float, height: float) -> WordBox:
    return WordBox(
        text.rstrip(),
        round(box[0] / width, 5),
        round((height - box[3]) / height, 5),
        round((box[2] - box[0]) / width, 5),
        round((box[3] - box[1]) / height, 5),
    )
