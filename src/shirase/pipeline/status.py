"""``shirase status``: where each expected report stands, told from the files themselves."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from shirase.domain.errors import Problem, TamperedError, UsageError
from shirase.domain.identifiers import report_id
from shirase.pipeline.inspections import is_blocked
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.receipts import is_intact, read_receipt
from shirase.pipeline.run_sheet import run_key


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFTED = "drafted"
    FAILED = "failed"
    MISSING = "missing"
    CHANGED_ON_DISK = "changed_on_disk"
    BLOCKED = "blocked"
    OUTDATED = "outdated"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """One expected report."""

    report_id: str
    customer_id: str
    actions: int
    state: ReportState


@dataclass(frozen=True, slots=True)
class Status:
    """All expected reports of an incident."""

    incident_id: str
    reports: tuple[ReportStatus, ...]

    def count(self, state: ReportState) -> int:
        """Reports in ``state``."""
        return sum(1 for report in self.reports if report.state is state)


def run_status(folder: Path) -> Status:
    """Read the run sheet in ``folder`` (``out/<incident id>``) and look at every report it expects.

    Raises:
        UsageError: When nothing was run there.
        TamperedError: When the run sheet cannot be read.
    """
    output = OutputFolder(folder)
    sheet = read_sheet(output)
    incident_id = sheet["incident"]["id"]
    failed = {entry["customer_id"] for entry in sheet.get("reports", {}).get("failures", [])}
    reports = []
    key = run_key(sheet)
    for customer_id, actions in sheet["scope"]["expected"]["reports"].items():
        identifier = report_id(incident_id, customer_id)
        state = _state(output, identifier, key, failed=customer_id in failed)
        reports.append(ReportStatus(identifier, customer_id, actions, state))
    known = {report.report_id for report in reports}
    found = sorted({path.name.partition(".")[0] for path in output.reports.glob("*")} - known)
    reports += [ReportStatus(identifier, "", 0, ReportState.UNEXPECTED) for identifier in found]
    return Status(incident_id, tuple(reports))


def _state(output: OutputFolder, identifier: str, key: str, *, failed: bool) -> ReportState:
    receipt = read_receipt(output.receipt(identifier))
    if failed:
        return ReportState.FAILED
    if receipt is None:
        return ReportState.MISSING
    if not is_intact(output, receipt):
        return ReportState.CHANGED_ON_DISK
    if receipt.run_key != key:
        return ReportState.OUTDATED
    return ReportState.BLOCKED if is_blocked(output, receipt) else ReportState.DRAFTED


def read_sheet(output: OutputFolder) -> dict[str, Any]:
    """The run sheet of an output folder.

    Raises:
        UsageError: When nothing was run there.
        TamperedError: When it cannot be read.
    """
    try:
        sheet: dict[str, Any] = json.loads(output.run_sheet.read_bytes())
    except FileNotFoundError as error:
        raise UsageError(
            Problem(
                "nothing was run here",
                str(output.root),
                "give the folder of an incident, for example out/INC-2022-0120",
            )
        ) from error
    except ValueError as error:
        raise TamperedError(
            Problem(f"cannot be read: {error}", str(output.run_sheet), "run scope or draft again")
        ) from error
    return sheet
