"""What the desk has read of the reports in review: kept in memory by digest, put into shapes when a digest changes."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from shirase.domain.finding import Finding
from shirase.domain.read_report import ReadReport, ReadSection, wording_of
from shirase.domain.shapes import Shapes, find_shapes
from shirase.domain.standing import Standing
from shirase.inspection.completeness import ItemFound
from shirase.pipeline.inspections import read_inspection
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.read_reports import read_report
from shirase.pipeline.receipts import read_receipt
from shirase.pipeline.revision_store import DATA, read_revision


@dataclass(frozen=True, slots=True)
class Checked:
    """What the inspection found in the very bytes of a revision; nothing is known of bytes it did not see."""

    known: bool
    findings: tuple[Finding, ...]
    items: tuple[ItemFound, ...]


class Library:
    """Reports as they were read; safe for several threads."""

    def __init__(self, output: OutputFolder) -> None:
        self.output = output
        self._reports: dict[str, ReadReport] = {}
        self._sections: dict[ReadSection, ReadSection] = {}
        self._shapes: tuple[frozenset[str], Shapes] | None = None
        self._keys: dict[str, frozenset[str]] = {}
        self._lock = Lock()

    def report(self, pdf_digest: str, data_digest: str) -> ReadReport:
        """One revision.

        Raises:
            TamperedError: When its bytes are gone or others.
        """
        known = self._reports.get(pdf_digest)
        if known is None:
            known = read_report(self.output, pdf_digest, data_digest)
            # Most sections are the same in all reports of a batch: each is kept once.
            shared = tuple(self._sections.setdefault(section, section) for section in known.sections)
            known = self._reports[pdf_digest] = replace(known, sections=shared)
        return known

    def keep(self, reports: Iterable[ReadReport]) -> None:
        """Take over reports that were read elsewhere."""
        self._reports.update((report.pdf_digest, report) for report in reports)

    def batch(self, standings: Sequence[Standing]) -> Mapping[str, ReadReport]:
        """The current revision of each report, by report id."""
        return {each.report_id: self.report(each.revision.pdf_digest, each.revision.data_digest) for each in standings}

    def shapes(self, standings: Sequence[Standing]) -> Shapes:
        """The batch by shape."""
        digests = frozenset(standing.revision.pdf_digest for standing in standings)
        with self._lock:
            if self._shapes is None or self._shapes[0] != digests:
                self._shapes = (digests, find_shapes(list(self.batch(standings).values())))
            return self._shapes[1]

    def keys(self, report: ReadReport) -> frozenset[str]:
        """Keys of everything in a report that a comment may be about."""
        known = self._keys.get(report.pdf_digest)
        if known is None:
            texts = (
                text_key(section.number, section.language, wording_of(block.text, report.own))
                for section in report.sections
                for block in section.blocks
            )
            whole = (section_key(report, number) for number in {section.number for section in report.sections})
            known = frozenset((*texts, *whole, *report.rows))
            self._keys[report.pdf_digest] = known
        return known

    def sharing(self, standings: Sequence[Standing], report_id: str, key: str) -> tuple[str, ...]:
        """The other reports in which the text or row with that key stands."""
        return tuple(
            name for name, report in self.batch(standings).items() if name != report_id and key in self.keys(report)
        )

    def actions(self, data_digest: str) -> list[dict[str, Any]]:
        """Rows of Annex A as the data copy has them."""
        copy: dict[str, Any] = json.loads(read_revision(self.output, data_digest, DATA))
        return list(copy["actions"])

    def kinds(self, data_digest: str) -> dict[str, Any]:
        """Labels and explanations of the kinds of action, by code."""
        copy: dict[str, Any] = json.loads(read_revision(self.output, data_digest, DATA))
        return dict(copy["kinds"])

    def checked(self, standing: Standing) -> Checked:
        """What the inspection found in the current revision of a report."""
        receipt = read_receipt(self.output.receipt(standing.report_id))
        if receipt is None or receipt.pdf_digest != standing.revision.pdf_digest:
            return Checked(known=False, findings=(), items=())
        found = read_inspection(self.output, receipt)
        if found is None:
            return Checked(known=False, findings=(), items=())
        return Checked(known=True, findings=found.findings, items=found.items)


def section_key(report: ReadReport, number: str) -> str:
    """By what a comment finds a section as a whole: where a section says the same, whatever its values."""
    words = (
        f"{section.language}\0{wording_of(block.text, report.own)}"
        for section in sorted(report.sections, key=lambda each: each.language)
        if section.number == number
        for block in section.blocks
    )
    return text_key(number, "", "\0".join(words))


def text_key(section: str, language: str, wording: str) -> str:
    """By what a comment finds its text again: the same wherever the same is said, whatever its values."""
    return hashlib.sha256(f"{section}\0{language}\0{wording}".encode()).hexdigest()[:24]
