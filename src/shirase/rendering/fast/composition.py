"""One report on its way from HTML to sections: rounds of asking and laying out, until every piece is known."""

import gc
from collections.abc import Sequence

from shirase.rendering.fast.composing import Composer, Furnished, Section
from shirase.rendering.fast.placed import PlacedBlock, holds
from shirase.rendering.fast.sheets import SheetMaker, title_of
from shirase.rendering.html import Parts
from shirase.rendering.refusal import RefusedError

_THRIFTY_ROUNDS = 3
"""Rounds in which of cells whose text is alike only one is asked for: the others may be set by what it teaches."""

_MOST_ROUNDS = 6

_MANY = 1_000
"""Cells on a sheet from which on what its layout left is worth collecting at once."""


class Composition:
    """One report on its way from pieces to sections."""

    def __init__(self, composer: Composer, parts: Parts, language: str, paper: str) -> None:
        self._composer = composer
        self._parts = parts
        self._tasks = composer.begin(parts, language, paper)
        self._furniture: Furnished = {}

    def sections(self, pages: tuple[int, int], sheets: SheetMaker) -> list[Section]:
        """The sections, where the titles of the letters stand on ``pages``.

        Raises:
            RefusedError: When a piece cannot be drawn exactly.
        """
        paper = self._tasks[0].style.paper
        titles = ((self._tasks[0].style.language, pages[0]), (self._tasks[1].style.language, pages[1]))
        for attempt in range(_MOST_ROUNDS):
            thrifty = attempt < _THRIFTY_ROUNDS
            asked = self._composer.ask(self._tasks, titles, self._furniture, thrifty=thrifty)
            if not asked:
                return [self._composer.section(task, titles, self._furniture) for task in self._tasks]
            for start, laid in sheets.lay_out(self._parts, asked, paper, titles).items():
                task = next(task for task in self._tasks if task.context.start == start)
                self._furniture[start] = self._composer.read(task, laid, titles)
            if sum(len(request.asked) for sheet in asked.values() for request in sheet.tables.values()) > _MANY:
                gc.collect()
        raise RefusedError("pieces that are never known")

    def titles(self, placed: Sequence[Sequence[PlacedBlock]]) -> tuple[int, int]:
        """The pages on which the titles of the letters stand, by the pages of each section.

        Raises:
            RefusedError: When a letter has no title that can be jumped to.
        """
        first = self._title(0, placed[0])
        return first, len(placed[0]) + self._title(1, placed[1])

    def _title(self, letter: int, pages: Sequence[PlacedBlock]) -> int:
        name = title_of(self._tasks[letter].style.language)
        for number, page in enumerate(pages, 1):
            if holds(page, name):
                return number
        raise RefusedError("a letter without a title")
