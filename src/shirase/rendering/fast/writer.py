"""The engine's door: one report in, one finished PDF out."""

from collections.abc import Sequence
from pathlib import Path

from weasyprint import Attachment

from shirase.domain.report import Report
from shirase.rendering.fast.refusal import RefusedError
from shirase.rendering.metadata import FileFacts
from shirase.rendering.pdf import Drawn, PdfWriter


class FastWriter:
    """Draws reports; what is the same for several is laid out once in this process.

    To be made after ``FONTCONFIG_FILE`` is set, like :class:`shirase.rendering.pdf.PdfWriter`.
    """

    def __init__(self, folder: Path, reference: PdfWriter) -> None:
        self._folder = folder
        self._reference = reference

    def write(self, report: Report, facts: FileFacts, attachments: Sequence[Attachment] = ()) -> Drawn:
        """Draw ``report`` exactly as the reference does.

        Raises:
            RefusedError: When that cannot be promised; the reference can draw it.
            DrawingError: As the reference does.
        """
        raise RefusedError("this engine draws nothing yet")
