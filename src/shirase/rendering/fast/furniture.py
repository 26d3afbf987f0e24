"""What stands in the margins of every page, and the page numbers among it."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shirase.rendering import weasy
from shirase.rendering.fast.nodes import Text
from shirase.rendering.refusal import RefusedError

if TYPE_CHECKING:
    from shirase.rendering.fast.reading import BoxReader
    from shirase.rendering.fast.sheets import LaidSheet

_NUMBER = re.compile(r"(\d+) / (\d+)")
_SHOWN = re.compile(rb"(/\S+ \S+ Tf) \[<([0-9a-f]+)>\] TJ")
_NEAR = 1e-4


@dataclass(frozen=True, slots=True)
class Digits:
    """The characters of a page number.

    Attributes:
        font: Operator that chooses the font.
        name: The font's name.
        glyphs: Number of the glyph of each character.
        advance: Width of each, in CSS pixels.
        color: Operator that sets the colour.
    """

    font: bytes
    name: str
    glyphs: dict[str, int]
    advance: float
    color: bytes

    def text(self, words: str, middle: float, y: float) -> Text:
        """``words`` around ``middle``."""
        show = b"[<%s>] TJ" % b"".join(b"%04x" % self.glyphs[letter] for letter in words)
        glyphs = tuple((self.name, self.glyphs[letter], letter) for letter in dict.fromkeys(words))
        return Text(middle - len(words) * self.advance / 2, y, self.color, self.font, show, self.font, glyphs)


@dataclass(frozen=True, slots=True, eq=False)
class PageNumber:
    """Where the page number stands among the other texts."""

    middle: float
    y: float


@dataclass(slots=True, eq=False)
class Furniture:
    """Size of a page, and what stands in its margins.

    Attributes:
        width: In CSS pixels, like all lengths; ``height`` likewise.
        top: Where the area inside the margins begins, ``bottom`` where it ends.
        is_named: Whether the stylesheet gives these pages a name.
        texts: What is printed, from the top of the page.
        decorations: Rules: operators, and where they begin.
        digits: Of page numbers.
    """

    width: float
    height: float
    top: float
    bottom: float
    is_named: bool
    texts: list[Text | PageNumber]
    decorations: list[tuple[bytes, float]]
    digits: Digits

    def texts_of(self, number: int, count: int) -> list[Text]:
        """The texts of page ``number`` of ``count``."""
        return [
            self.digits.text(f"{number} / {count}", text.middle, text.y) if isinstance(text, PageNumber) else text
            for text in self.texts
        ]


def digits_of(pages: list[Any], pen: weasy.Pen) -> Digits:
    """Read the figures from pages that carry all of them.

    Raises:
        RefusedError: When page numbers are not of one font whose figures are equally wide.
    """
    glyphs: dict[str, int] = {}
    found: set[tuple[bytes, str, bytes, float]] = set()
    for page in pages:
        for box in _text_boxes(page):
            if not _NUMBER.fullmatch(box.text):
                continue
            _, _, color, shown, used = pen.text(box)
            match = _SHOWN.fullmatch(b" ".join(shown))
            if match is None or len(match[2]) != 4 * len(box.text):
                raise RefusedError("page numbers whose figures are not equally wide")
            codes = [int(match[2][at : at + 4], 16) for at in range(0, len(match[2]), 4)]
            glyphs.update(zip(box.text, codes, strict=True))
            (name,) = {font for font, _, _ in used}
            found.add((match[1], name, color, round(box.width / len(box.text), 4)))
    if len(found) != 1 or len(glyphs) < len("0123456789 /"):
        raise RefusedError("page numbers that are not of one kind")
    font, name, color, advance = found.pop()
    return Digits(font, name, glyphs, advance, color)


def furniture_of(laid: "LaidSheet", reader: "BoxReader", digits: Digits) -> Furniture:
    """The furniture of a sheet's page, as it stands on the report's."""
    texts: list[Text | PageNumber] = []
    decorations = []
    for box in laid.margins:
        shift = laid.shift if box.position_y > laid.bottom else 0.0
        frame = reader.frame(box, None, None)
        if frame.decoration is not None:
            decorations.append((frame.decoration, box.border_box_y() - shift))
        for text_box in _text_boxes(box):
            text = reader.text(text_box, shift)
            if _NUMBER.fullmatch(text_box.text):
                middle = text_box.position_x + text_box.width / 2
                again = digits.text(text_box.text, middle, text.y)
                if abs(again.x - text.x) > _NEAR or (again.font, again.show, again.color) != (
                    text.font,
                    text.show,
                    text.color,
                ):
                    raise RefusedError("a page number that cannot be made by itself")
                texts.append(PageNumber(middle, text.y))
            else:
                texts.append(text)
    return Furniture(laid.width, laid.height, laid.top, laid.bottom, laid.is_named, texts, decorations, digits)


def _text_boxes(box: Any) -> list[Any]:
    if isinstance(box, weasy.TEXT):
        return [box]
    return [text for child in getattr(box, "children", ()) for text in _text_boxes(weasy.without_placeholder(child))]
