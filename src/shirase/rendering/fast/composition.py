"""One report on its way from HTML to sections: rounds of asking and laying out, until every piece is known."""

import gc

from shirase.rendering.fast.composing import Composer, Furnished, Section
from shirase.rendering.fast.refusal import RefusedError
from shirase.rendering.fast.sheets import SheetMaker
from shirase.rendering.html import Parts

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

    def sections(self, second_letter: int, sheets: SheetMaker) -> list[Section]:
        """The sections, where the second letter begins on page ``second_letter``.

        Raises:
            RefusedError: When a piece cannot be drawn exactly.
        """
        paper = self._tasks[0].style.paper
        places = second_letter if self._tasks[0].style.language == "ja" else -second_letter
        for attempt in range(_MOST_ROUNDS):
            thrifty = attempt < _THRIFTY_ROUNDS
            asked = self._composer.ask(self._tasks, places, self._furniture, thrifty=thrifty)
            if not asked:
                return [self._composer.section(task, places, self._furniture) for task in self._tasks]
            for start, laid in sheets.lay_out(self._parts, asked, paper, second_letter).items():
                task = next(task for task in self._tasks if task.context.start == start)
                self._furniture[start] = self._composer.read(task, laid, places)
            if sum(len(request.asked) for sheet in asked.values() for request in sheet.tables.values()) > _MANY:
                gc.collect()
        raise RefusedError("pieces that are never known")
