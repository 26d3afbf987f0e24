"""Edge: what the inspection found in each report, kept so that an unchanged one need not be inspected again."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from shirase.domain.finding import Finding
from shirase.inspection.completeness import ItemFound
from shirase.pipeline.output import OutputFolder, write_json
from shirase.pipeline.receipts import Receipt

_ITEMS = TypeAdapter(tuple[ItemFound, ...])


@dataclass(frozen=True, slots=True)
class InspectedReport:
    """One report: what there is to object to, how far it states what the checklists ask for.

    ``reproduced`` says that it was made again and had the same bytes.
    """

    report_id: str
    customer_id: str
    pages: int
    findings: tuple[Finding, ...]
    items: tuple[ItemFound, ...] = ()
    reproduced: bool = False

    @property
    def blocked(self) -> bool:
        """Whether it must not go on to review."""
        return any(finding.blocker for finding in self.findings)


def made_again(report: InspectedReport, differs: Finding | None) -> InspectedReport:
    """``report`` with what became of making it once more."""
    findings = report.findings if differs is None else (differs, *report.findings)
    return replace(report, findings=findings, reproduced=differs is None)


def write_inspection(output: OutputFolder, receipt: Receipt, key: str, report: InspectedReport) -> None:
    """Keep what was found in the report of ``receipt`` by the rules and identifiers that ``key`` stands for."""
    path = output.inspection(receipt.report_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    content = {
        "key": key,
        "report": _files(receipt),
        "findings": [asdict(finding) for finding in report.findings],
        "items": _ITEMS.dump_python(report.items, mode="json"),
        "reproduced": report.reproduced,
    }
    write_json(path, content)


def read_inspection(output: OutputFolder, receipt: Receipt, key: str | None = None) -> InspectedReport | None:
    """What was found in this very report, by the rules of ``key`` (any, when None); None when it was not inspected."""
    try:
        record = json.loads(output.inspection(receipt.report_id).read_bytes())
        same = record["report"] == _files(receipt) and key in (None, record["key"])
        findings = tuple(Finding(**finding) for finding in record["findings"])
        items = _ITEMS.validate_python(record["items"])
        reproduced = bool(record["reproduced"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not same:
        return None
    return InspectedReport(receipt.report_id, receipt.customer_id, receipt.page_count, findings, items, reproduced)


def is_blocked(output: OutputFolder, receipt: Receipt) -> bool:
    """Whether the last inspection of this very report had a blocker."""
    report = read_inspection(output, receipt)
    return report is not None and report.blocked


def _files(receipt: Receipt) -> list[Any]:
    return [receipt.fingerprint, receipt.pdf_digest, receipt.data_digest, receipt.csv_digest]
