"""Edge: what a batch is about, written down before the first file is sealed, so that a broken-off run can go on."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from shirase.domain.standing import Named, Standing
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_json
from shirase.pipeline.receipts import read_receipt
from shirase.pipeline.revision_store import DATA, read_revision
from shirase.pipeline.sealed import SealedFolder

_PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Planned:
    """One report of a batch."""

    report_id: str
    number: int
    pdf_digest: str
    data_digest: str
    page_count: int
    code: str

    @property
    def named(self) -> Named:
        """The bytes that were approved."""
        return Named(self.report_id, self.pdf_digest, self.data_digest)


@dataclass(frozen=True, slots=True)
class Plan:
    """A batch under way: its manifest's number, when it was begun, with which key, and its reports."""

    number: int
    sealed_at: str
    salt: str
    fingerprint: str
    reports: tuple[Planned, ...]


def read_plan(folder: SealedFolder) -> Plan | None:
    """The plan of a batch that was broken off; None when there is none."""
    try:
        values = json.loads((folder.batch / _PLAN).read_bytes())
        return Plan(**{**values, "reports": tuple(Planned(**each) for each in values["reports"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def begin_batch(folder: SealedFolder, plan: Plan) -> Plan:
    """``plan`` written down; or the one that was broken off, when it is about the same bytes and the same key."""
    kept = read_plan(folder)
    if kept is not None and (kept.number, kept.reports, kept.fingerprint) == (
        plan.number, plan.reports, plan.fingerprint,
    ):  # fmt: skip
        return kept
    shutil.rmtree(folder.batch, ignore_errors=True)
    folder.batch.mkdir(mode=FOLDER_MODE, parents=True)
    write_json(folder.batch / _PLAN, asdict(plan))
    return plan


def planned(output: OutputFolder, standings: Sequence[Standing]) -> tuple[Planned, ...]:
    """Reports of a batch by id, each with the code on its pages, which its data copy has as well."""
    return tuple(_planned(output, each) for each in sorted(standings, key=lambda each: each.report_id))


def _planned(output: OutputFolder, standing: Standing) -> Planned:
    revision = standing.revision
    receipt = read_receipt(output.receipt(standing.report_id))
    is_its = receipt is not None and receipt.pdf_digest == revision.pdf_digest
    pages = receipt.page_count if receipt is not None and is_its else 0  # without it nothing is sealed, a step later
    code = json.loads(read_revision(output, revision.data_digest, DATA))["document_code"]
    return Planned(standing.report_id, revision.number, revision.pdf_digest, revision.data_digest, pages, code)
