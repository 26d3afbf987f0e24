"""Both drawing engines side by side on one report."""

from pathlib import Path

from same_pages import differences
from shirase.domain.report import Report
from shirase.rendering.attachments import attachments, data_files
from shirase.rendering.fast.writer import FastWriter
from shirase.rendering.html import report_parts
from shirase.rendering.metadata import FileFacts
from shirase.rendering.pdf import Drawn, PdfWriter
from shirase.rendering.refusal import RefusedError
from shirase.text.resources import templates_root

REPORT = templates_root() / "report"


class Engines:
    """Both engines of one process; to be made after the ``renderer`` of ``conftest.py``."""

    def __init__(self, folder: Path = REPORT) -> None:
        self.reference = PdfWriter(folder)
        self.fast = FastWriter(folder, self.reference)

    def draw_fast(self, report: Report) -> bytes:
        """The file of the fast engine.

        Raises:
            RefusedError: When it leaves the report to the reference.
        """
        return self._fast(report).pdf

    def draw_reference(self, report: Report) -> bytes:
        """The file of WeasyPrint, which lays out the whole document."""
        facts = FileFacts(report.report_id, report.customer.languages)
        inside = attachments(report, data_files(report))
        return self.reference.write(report_parts(report).whole, facts, report.customer.paper, inside).pdf

    def pages(self, report: Report) -> int:
        """Pages by the fast engine, which is quick to ask. Raises as :meth:`draw_fast` does."""
        return self._fast(report).page_count

    def differences(self, report: Report) -> list[str]:
        """What differs between the two, in words. Raises as :meth:`draw_fast` does."""
        return differences(self.draw_reference(report), self.draw_fast(report))

    def compared(self, report: Report) -> list[str] | str:
        """What differs; or why the fast engine refused."""
        try:
            drawn = self.draw_fast(report)
        except RefusedError as refusal:
            return str(refusal)
        return differences(self.draw_reference(report), drawn)

    def _fast(self, report: Report) -> Drawn:
        facts = FileFacts(report.report_id, report.customer.languages)
        inside = attachments(report, data_files(report))
        return self.fast.write(report_parts(report), facts, report.customer.paper, inside)
