"""A page ready to be written: operators, structure, links, and the glyphs it shows."""

import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from shirase.rendering.fast.nodes import Link
from shirase.rendering.fast.tagging import Element, PageStructure, packed
from shirase.rendering.fast.typewriter import Letters
from shirase.rendering.refusal import RefusedError


@dataclass(slots=True, eq=False)
class PageInWork:
    """A page that is being painted.

    Attributes:
        width: In CSS pixels; ``height`` likewise.
        elements: Its structure.
        owners: The element of each marked content; by its number.
        links: What can be clicked, with its top and the place of its element.
        anchors: Name, left and top of each place.
        bookmarks: Level, title, left and top.
    """

    width: float
    height: float
    elements: list[Element] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    links: list[tuple[Link, float, int]] = field(default_factory=list)
    anchors: dict[str, tuple[float, float]] = field(default_factory=dict)
    bookmarks: list[tuple[int, str, float, float]] = field(default_factory=list)


class PaintedPage:
    """A finished page, packed: a report may have thousands.

    Attributes:
        width: As of a :class:`PageInWork`, as are ``height``, ``owners``, ``links``, ``anchors`` and ``bookmarks``.
        structure: Its structure.
    """

    def __init__(self, page: PageInWork, operators: bytes) -> None:
        self.width, self.height = page.width, page.height
        self.owners, self.links = page.owners, page.links
        self.anchors, self.bookmarks = page.anchors, page.bookmarks
        self.structure = PageStructure(page.elements)
        self._packed = packed(operators)

    @property
    def operators(self) -> bytes:
        """Its content, in CSS pixels from the upper left corner."""
        return zlib.decompress(self._packed)


class UsedGlyphs:
    """The glyphs of a document, and what each stands for: where it is met first, as WeasyPrint has it."""

    def __init__(self) -> None:
        self._glyphs: dict[str, dict[int, str]] = defaultdict(dict)
        self._letters: dict[Letters, set[str]] = defaultdict(set)

    def add(self, font: str, glyph: int, characters: str) -> None:
        """A glyph is shown."""
        self._glyphs[font].setdefault(glyph, characters)

    def add_letters(self, letters: Letters, text: str) -> None:
        """Letters set one by one are shown."""
        self._letters[letters].update(text)

    def by_font(self) -> Mapping[str, Mapping[int, str]]:
        """By name of the font: glyphs, and what they stand for.

        Raises:
            RefusedError: When what a glyph stands for would depend on whether a letter or other text comes first.
        """
        for letters, shown in self._letters.items():
            known = self._glyphs[letters.name]
            for letter in sorted(shown):
                if known.setdefault(int(letters.codes[letter], 16), letter) != letter:
                    raise RefusedError("a glyph that stands for two characters")
        return self._glyphs
