"""Cells of plain text in a font whose letters are all equally wide, put together letter by letter.

Times, numbers, codes and names of objects fill most of the action tables, and hardly two are the same. WeasyPrint lays
out one specimen with every letter for each kind of cell; what is set by it afterwards is compared with what WeasyPrint
makes of the same text wherever it lays out such a cell as well.
"""

import re
from dataclasses import dataclass, replace
from html import unescape
from string import ascii_letters, digits, punctuation
from typing import Any
from unicodedata import east_asian_width

from shirase.rendering import weasy
from shirase.rendering.fast.memory import Memory
from shirase.rendering.fast.nodes import Cell, Line, Text
from shirase.rendering.refusal import RefusedError

SPECIMEN = f"{ascii_letters} {digits} {punctuation}"
"""Every letter that is set by itself."""

_SHOWN = re.compile(rb"\[((?:<[0-9a-f]+>)+)\] TJ")
_PLAIN = re.compile(r"[^\s]+(?: [^\s]+)*")
_ALIKE = str.maketrans(ascii_letters + digits, "a" * len(ascii_letters) + "0" * len(digits))
"""Letters are alike, and so are figures, for where a line may end (UAX #14: classes AL and NU)."""

_NEAR = 1e-4
_MOST_LINES = 20_000

Segments = tuple[tuple[int, int, int], ...]
"""How a text is broken into lines: where each begins and ends, and how many of its letters are shown."""


@dataclass(slots=True, eq=False)
class Letters:
    """A font whose letters are equally wide, or twice as wide.

    Attributes:
        font: Operator that chooses it.
        name: Its name.
        codes: Glyph of each letter, in four hexadecimal digits.
        advance: Width of a letter, in CSS pixels.
    """

    font: bytes
    name: str
    codes: dict[str, bytes]
    advance: float


class Typewriter:
    """Sets cells of one kind.

    Attributes:
        frame: A cell of that kind.
    """

    def __init__(self, frame: Cell, letters: Letters, line: Line, room: float) -> None:
        self.frame = frame
        self._letters = letters
        self._line = line
        (self._text,) = (kid for kid in line.kids if isinstance(kid, Text))
        self._most = int((room - _NEAR) / letters.advance)
        self._units = dict.fromkeys(letters.codes, 1)
        self._lines: Memory[str, tuple[Line, ...]] = Memory(_MOST_LINES)
        self._breaks: Memory[str, Segments] = Memory(_MOST_LINES)

    def likeness(self, html: str) -> str | None:
        """What is equal for cells that are broken into lines alike; None for a cell that is not plain text."""
        text = content_of(html)
        return None if text is None else text.translate(_ALIKE)

    def cell(self, html: str) -> Cell | None:
        """The cell ``html``; None when it does not know how to set it."""
        text = content_of(html)
        if text is None:
            return None
        y = 0.0
        lines = []
        for words in text.split("\n"):
            found = self._set(words)
            if found is None:
                return None
            for line in found:
                lines.append(Line(line.height, line.kids, y))
                y += line.height
        frame = self.frame
        return Cell(
            frame.tag, frame.lang, frame.scope, frame.colspan, frame.x, frame.width, frame.padding_top,
            frame.padding_bottom, y, tuple(lines), frame.at_bottom, frame.background, frame.border_top,
            frame.border_bottom,
        )  # fmt: skip

    def learn(self, html: str, box: Any, cell: Cell) -> None:
        """Remember the lines of a cell that WeasyPrint laid out.

        Raises:
            RefusedError: When it would have set one of them in another way.
        """
        text = content_of(html)
        if text is None or any(len(line.children) != 1 for line in box.children if isinstance(line, weasy.LINE)):
            return
        nodes = [node for node in cell.kids if isinstance(node, Line) and isinstance(node.kids[0], Text)]
        texts = [line.children[0].text.rstrip("\n") for line in box.children if isinstance(line, weasy.LINE)]
        if len(nodes) != len(box.children):
            return
        at = 0
        for words in text.split("\n"):
            count = _lines_of(words, texts[at:])
            if not count:
                return
            ours = self._set(words)
            theirs = tuple(replace(node, y=0.0) for node in nodes[at : at + count])
            if ours is not None and words not in self._lines:
                _require_equal(ours, theirs)
            else:
                self._remember(words, theirs, texts[at : at + count])
            at += count

    def trim(self) -> None:
        """Forget what is too much."""
        self._lines.trim()
        self._breaks.trim()

    def _remember(self, words: str, lines: tuple[Line, ...], texts: list[str]) -> None:
        self._lines[words] = lines
        segments = []
        start = 0
        for text, line in zip(texts, lines, strict=True):
            shown = self._learn_letters(text, line)
            if shown is None:
                return
            segments.append((start, start + len(text), shown))
            start += len(text)
        self._breaks[words.translate(_ALIKE)] = tuple(segments)

    def _learn_letters(self, text: str, line: Line) -> int | None:
        """Learn glyphs from a line; how many of its letters are shown, None when they are not all of this font."""
        (kid,) = line.kids
        shown = _SHOWN.fullmatch(kid.show) if isinstance(kid, Text) else None
        if not isinstance(kid, Text) or shown is None or kid.font != self._letters.font:
            return None
        if abs(line.height - self._line.height) > _NEAR or abs(kid.y - self._text.y) > _NEAR:
            return None
        codes = _codes(shown[1])
        if len(codes) not in {len(text), len(text.rstrip(" "))} or kid.color != self._text.color:
            return None
        found = dict(zip(text, codes, strict=False))
        known = self._letters.codes
        if any(known.get(letter, code) != code for letter, code in found.items()):
            raise RefusedError("a letter with two glyphs")
        wide = {letter for letter in found if letter not in self._units}
        if any(east_asian_width(letter) not in {"W", "F"} for letter in wide):
            return None
        known.update(found)
        self._units.update(dict.fromkeys(wide, 2))
        return len(codes)

    def _set(self, text: str) -> tuple[Line, ...] | None:
        """The lines of ``text``; None when it does not know how."""
        known = self._lines.get(text)
        if known is not None:
            return known
        try:
            units = sum([self._units[letter] for letter in text])
        except KeyError:
            return None
        if not _PLAIN.fullmatch(text):
            return None
        if units <= self._most:
            segments: Segments | None = ((0, len(text), len(text)),)
        else:
            segments = self._breaks.get(text.translate(_ALIKE))
        if segments is None:
            return None
        return tuple(self._set_line(text[start : start + shown]) for start, _, shown in segments)

    def _set_line(self, text: str) -> Line:
        codes = self._letters.codes
        show = b"[<%s>] TJ" % b"".join([codes[letter] for letter in text])
        model = self._text
        made = Text(model.x, model.y, model.color, model.font, show, model.font, (), (self._letters, text))
        return Line(self._line.height, (made,))


def _lines_of(words: str, texts: list[str]) -> int:
    """How many of the lines ``texts`` ``words`` takes; 0 when they are not the same."""
    start = 0
    for count, text in enumerate(texts, 1):
        if not text or not words.startswith(text, start):
            return 0
        start += len(text)
        if start == len(words):
            return count
    return 0


def _codes(groups: bytes) -> list[bytes]:
    digits_of = groups.replace(b"><", b"").strip(b"<>")
    return [digits_of[at : at + 4] for at in range(0, len(digits_of), 4)]


def content_of(html: str) -> str | None:
    """The text of a cell that holds nothing but text."""
    inner = html[html.index(">") + 1 : html.rindex("<")]
    return None if "<" in inner else unescape(inner)


def specimen_of(html: str) -> str:
    """A cell like ``html`` that holds every letter."""
    start, end = html.index(">") + 1, html.rindex("<")
    content = SPECIMEN.replace("&", "&amp;").replace("<", "&lt;")
    return f"{html[:start]}{content}{html[end:]}"


def can_be_set(box: Any) -> bool:
    """Whether the style of a cell allows its text to be set line by line: spaces kept, lines that start at the left."""
    style = box.style
    starts_left = style["text_align_all"] in {"start", "left"} and not style["text_indent"].value
    return bool(style["white_space"] == "pre-wrap" and starts_left)


def typewriter_of(box: Any, frame: Cell) -> Typewriter | None:
    """What sets cells like ``box``, which holds the specimen; None when they are not to be set letter by letter."""
    lines = [node for node in frame.kids if isinstance(node, Line)]
    if not can_be_set(box) or len(lines) != len(box.children):
        return None
    if any(abs(line.height - lines[0].height) > _NEAR for line in lines):
        return None
    letters = _letters_of(list(zip(box.children, lines, strict=True)))
    return None if letters is None else Typewriter(frame, letters, replace(lines[0], y=0.0), box.width)


def _letters_of(lines: list[tuple[Any, Line]]) -> Letters | None:
    """The letters of the specimen; None when they are not equally wide, or of several fonts."""
    codes: dict[str, bytes] = {}
    found: set[tuple[bytes, str, float]] = set()
    for line, node in lines:
        kid = node.kids[0]
        if len(line.children) != 1 or not isinstance(kid, Text):
            return None
        text = line.children[0].text
        shown = _SHOWN.fullmatch(kid.show)
        names = {name for name, _, _ in kid.glyphs}
        if shown is None or len(names) != 1 or len(_codes(shown[1])) not in {len(text), len(text.rstrip(" "))}:
            return None
        codes.update(zip(text, _codes(shown[1]), strict=False))
        found.add((kid.font, names.pop(), round(line.children[0].width / len(text), 4)))
    if len(found) != 1 or set(SPECIMEN) - set(codes):
        return None
    font, name, advance = found.pop()
    return Letters(font, name, codes, advance)


def _require_equal(ours: tuple[Line, ...], theirs: tuple[Line, ...]) -> None:
    if len(ours) != len(theirs):
        raise RefusedError("text that is broken elsewhere than its letters")
    for our, their in zip(ours, theirs, strict=True):
        one, other = our.kids[0], their.kids[0]
        if not isinstance(one, Text) or not isinstance(other, Text):
            raise RefusedError("a line that is not one text")
        same = (one.font, one.show, one.color) == (other.font, other.show.replace(b"><", b""), other.color)
        near = max(abs(one.x - other.x), abs(one.y - other.y), abs(our.height - their.height))
        if not same or near > _NEAR:
            raise RefusedError("text that is not as wide as its letters")
