"""From HTML to PDF with WeasyPrint: no fetching, no warnings, no clock."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration

from shirase.domain.customer import Paper
from shirase.rendering.fetcher import NoFetch
from shirase.rendering.metadata import FileFacts, finish
from shirase.rendering.structure import mended_structure
from shirase.rendering.weasy import require_known_weasyprint

VARIANT = "pdf/a-3a"
"""What WeasyPrint knows how to write; :mod:`shirase.rendering.metadata` and ``structure`` add what PDF/UA-1 wants."""


STYLESHEETS = ("report.css", "letter-paper.css")
"""What decides how pages look."""


class DrawingError(Exception):
    """The document was drawn, but not as it should be. ``kind`` is ``fetch`` or ``warning``."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished PDF."""

    pdf: bytes
    page_count: int


class PdfWriter:
    """Draws documents with the report's stylesheets. Fonts and rules are read once for all documents of the process.

    To be made after ``FONTCONFIG_FILE`` is set: the fonts visible then are used for good.
    """

    def __init__(self, folder: Path) -> None:
        require_known_weasyprint()
        self._fonts = FontConfiguration()
        self._fetcher = NoFetch()
        with _warnings() as records:
            a4, letter, sketch = (self._read(folder / name) for name in (*STYLESHEETS, "sketch.css"))
        _require_silence(records, self._fetcher)
        self._sketch = sketch
        self._laid_out: dict[tuple[str, Paper], Document] = {}
        self._stylesheets = {Paper.A4: [a4], Paper.LETTER: [a4, letter]}

    @property
    def fonts(self) -> FontConfiguration:
        """The fonts of this process."""
        return self._fonts

    @property
    def stylesheets(self) -> dict[Paper, list[CSS]]:
        """The stylesheets of each size of paper."""
        return self._stylesheets

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Hold WeasyPrint and fontTools to silence meanwhile. Raises as :meth:`write` does."""
        self._fetcher.attempts.clear()
        with _warnings() as records:
            yield
        _require_silence(records, self._fetcher)

    def write(
        self, html: str, facts: FileFacts, paper: Paper = Paper.A4, attachments: Sequence[Attachment] = ()
    ) -> Drawn:
        """Draw ``html``.

        Args:
            html: A whole document with title, author and dates.
            facts: What else the file says about itself; the same for the same report, as is the identifier of the
                file (ISO 32000-1, 14.4), which is the report's id.
            paper: Size of its pages.
            attachments: Associated files.

        Raises:
            DrawingError: When something was to be fetched, or WeasyPrint or fontTools warned of anything.
        """
        self._fetcher.attempts.clear()
        with _warnings() as records:
            document = HTML(string=html, url_fetcher=self._fetcher).render(
                font_config=self._fonts, stylesheets=self._stylesheets[paper], pdf_variant=VARIANT
            )
            with mended_structure():
                pdf = document.write_pdf(
                    finisher=partial(finish, facts),
                    pdf_identifier=facts.identifier.encode("ascii"),
                    pdf_variant=VARIANT,
                    attachments=list(attachments),
                )
        _require_silence(records, self._fetcher)
        return Drawn(pdf, len(document.pages))

    def sketch(self, parts: Sequence[str], paper: Paper = Paper.A4) -> Drawn:
        """Draw documents, one after the other in one file, for the eye only: without tags, data and metadata.

        Parts that were drawn the time before are not laid out again. Pages are numbered part by part.

        Raises:
            DrawingError: As :meth:`write` does.
        """
        self._fetcher.attempts.clear()
        known, self._laid_out = self._laid_out, {}
        with _warnings() as records:
            for html in parts:
                self._laid_out[html, paper] = known.get((html, paper)) or self._lay_out(html, paper)
            documents = [self._laid_out[html, paper] for html in parts]
            pages = [page for document in documents for page in document.pages]
            pdf = documents[0].copy(pages).write_pdf()
        _require_silence(records, self._fetcher)
        return Drawn(pdf, len(pages))

    def _lay_out(self, html: str, paper: Paper) -> Document:
        stylesheets = [*self._stylesheets[paper], self._sketch]
        return HTML(string=html, url_fetcher=self._fetcher).render(font_config=self._fonts, stylesheets=stylesheets)

    def _read(self, path: Path) -> CSS:
        return CSS(string=path.read_text(encoding="utf-8"), font_config=self._fonts, url_fetcher=self._fetcher)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What WeasyPrint and fontTools complain about meanwhile; they go on, and the page is wrong."""
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        for logger in loggers:
            logger.removeHandler(collector)


def _require_silence(messages: list[str], fetcher: NoFetch) -> None:
    if fetcher.attempts:
        raise DrawingError("fetch", f"something asked for {fetcher.attempts[0]!r}")
    if messages:
        raise DrawingError("warning", "; ".join(dict.fromkeys(messages)))
