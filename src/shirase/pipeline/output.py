"""Edge: the output folder, its layout, and files that are whole or absent."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER_MODE = 0o700
FILE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """``out/<incident id>/`` and what lies where."""

    root: Path

    @property
    def run_sheet(self) -> Path:
        """``run.json``: counts, digests, versions; the same bytes for the same input."""
        return self.root / "run.json"

    @property
    def timings(self) -> Path:
        """``timings.json``: how long the last run took; the only file here that may differ between equal runs."""
        return self.root / "timings.json"

    @property
    def actions(self) -> Path:
        """``actions.parquet``: every log line with its disposition and rule."""
        return self.root / "actions.parquet"

    @property
    def rejects(self) -> Path:
        """``rejects.ndjson``: every unusable line."""
        return self.root / "rejects.ndjson"

    @property
    def completeness(self) -> Path:
        """``completeness.csv``: where each report states what the checklists ask for."""
        return self.root / "completeness.csv"

    @property
    def reports(self) -> Path:
        """``reports/``: one PDF and its data per affected customer, and nothing else."""
        return self.root / "reports"

    @property
    def drafts(self) -> Path:
        """``drafts/``: copies for circulation and previews."""
        return self.root / "drafts"

    @property
    def withdrawn(self) -> Path:
        """``withdrawn/``: reports of customers that a later scope no longer tells."""
        return self.root / "withdrawn"

    @property
    def work(self) -> Path:
        """``.work/``: what can be made again at any time."""
        return self.root / ".work"

    def report_pdf(self, report_id: str) -> Path:
        """The PDF of one report."""
        return self.reports / f"{report_id}.pdf"

    def report_data(self, report_id: str) -> Path:
        """The data copy of one report."""
        return self.reports / f"{report_id}.json"

    def report_csv(self, report_id: str) -> Path:
        """The rows of one report as a table, unless its customer wants no data."""
        return self.reports / f"{report_id}.csv"

    def report_files(self, report_id: str) -> tuple[Path, ...]:
        """Everything in ``reports/`` that belongs to one report, whether or not it is there."""
        return self.report_pdf(report_id), self.report_data(report_id), self.report_csv(report_id)

    def receipt(self, report_id: str) -> Path:
        """What one finished report was made from."""
        return self.work / "receipts" / f"{report_id}.json"

    def inspection(self, report_id: str) -> Path:
        """What the last inspection of one report found."""
        return self.work / "inspections" / f"{report_id}.json"

    def make(self) -> None:
        """Create the folders, readable by their owner only, and sweep parts of files left by a killed run."""
        for folder in (self.root, self.reports, self.drafts, self.work, self.work / "receipts", self.work / "spill"):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for folder in (self.root, self.reports, self.drafts, self.work, self.work / "receipts"):
            for part in folder.glob("*.part"):
                part.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` so that ``path`` is, at any moment, the old file or the new one.

    Temporary file, fsync, rename, fsync of the folder.
    """
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as JSON that a person can read and that is the same every time."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    write_whole(path, f"{text}\n".encode())
