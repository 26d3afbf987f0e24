"""The engine's door: one report in, one finished PDF out."""

from collections.abc import Sequence
from pathlib import Path

from weasyprint import Attachment

from shirase.domain.customer import Paper
from shirase.rendering import weasy
from shirase.rendering.fast.assembly import assemble
from shirase.rendering.fast.breaking import pages_of
from shirase.rendering.fast.composing import Composer, Section
from shirase.rendering.fast.composition import Composition
from shirase.rendering.fast.pages import PaintedPage, UsedGlyphs
from shirase.rendering.fast.painting import paint
from shirase.rendering.fast.placed import PlacedBlock
from shirase.rendering.fast.sheets import SheetMaker
from shirase.rendering.fast.stylesheet import unsupported
from shirase.rendering.html import Parts
from shirase.rendering.metadata import FileFacts
from shirase.rendering.pdf import STYLESHEETS, Drawn, PdfWriter
from shirase.rendering.refusal import RefusedError

_LIKELY = (1, 9)
"""Pages on which the titles of a first report's letters are taken to stand; if wrong, references are laid out again."""

_ROUNDS = 3
"""In which the pages of the titles must be found: their numbers are printed, and so may move them."""


class FastWriter:
    """Draws reports; what is the same for several is laid out once in this process.

    To be made after ``FONTCONFIG_FILE`` is set, like :class:`shirase.rendering.pdf.PdfWriter`.
    """

    def __init__(self, folder: Path, reference: PdfWriter) -> None:
        self._reference = reference
        self._pen = weasy.Pen()
        stylesheets = {paper.value: sheets for paper, sheets in reference.stylesheets.items()}
        self._sheets = SheetMaker(stylesheets, reference.fonts, self._pen)
        self._composer = Composer(self._sheets, self._pen)
        self._titles = _LIKELY
        texts = [(folder / name).read_text(encoding="utf-8") for name in STYLESHEETS]
        self._unsupported = [words for text in texts for words in unsupported(text)]

    def write(
        self, parts: Parts, facts: FileFacts, paper: Paper = Paper.A4, attachments: Sequence[Attachment] | None = ()
    ) -> Drawn:
        """Draw a report exactly as the reference does.

        Args:
            parts: Its HTML.
            facts: As for the reference, as are the others.
            paper: Size of its pages.
            attachments: Associated files; None for a sketch, which has none, and is packed sooner but less tightly.

        Raises:
            RefusedError: When that cannot be promised; the reference can draw it.
            DrawingError: As the reference does.
        """
        if self._unsupported:
            raise RefusedError(self._unsupported[0])
        with self._reference.silent():
            used = UsedGlyphs()
            painted = self._painted(parts, str(facts.languages[0]), paper.value, used)
            pdf = assemble(painted, self._sheets.last, self._pen.fonts(used.by_font()), facts, attachments)
        self._composer.forget()
        return Drawn(pdf, len(painted))

    def _painted(self, parts: Parts, language: str, paper: str, used: UsedGlyphs) -> list[PaintedPage]:
        """All pages; what they were made of is let go."""
        sections, placed = self._placed(parts, language, paper)
        count = sum(len(pages) for pages in placed)
        painted: list[PaintedPage] = []
        for section, pages in zip(sections, placed, strict=True):
            for page in pages:
                painted.append(paint(page, section.furniture, len(painted) + 1, count, used))
        return painted

    def _placed(self, parts: Parts, language: str, paper: str) -> tuple[list[Section], list[list[PlacedBlock]]]:
        """Sections, and the pages of each."""
        composition = Composition(self._composer, parts, language, paper)
        for _ in range(_ROUNDS):
            sections = composition.sections(self._titles, self._sheets)
            placed = [
                list(pages_of(section.block, around.top, around.bottom, keeps_margins=around.is_named))
                for section in sections
                for around in (section.furniture,)
            ]
            titles = composition.titles(placed)
            if titles == self._titles:
                return sections, placed
            self._titles = titles
        raise RefusedError("a letter whose length depends on its page numbers")
