"""Edge: the files of a batch are sealed aside, each checked as soon as it is made.

Workers read the approved bytes, prepare each file, and check what came of it; the process that holds the key, which
may be a token that cannot be shared, does nothing but sign.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from shirase.domain.errors import Problem, TamperedError
from shirase.domain.manifest import SealedReport, customer_key
from shirase.pipeline.output import OutputFolder, write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.revision_store import PDF, read_revision
from shirase.pipeline.seal_plan import Plan, Planned
from shirase.pipeline.sealed import SealedFolder
from shirase.pipeline.spread import workers
from shirase.rendering.validation import require_standards
from shirase.sealing.append import Prepared, prepare, sign
from shirase.sealing.check import check_signature
from shirase.sealing.keys import SealingKey
from shirase.sealing.time_stamps import TimeStamper


@dataclass(frozen=True, slots=True)
class SealTools:
    """Key, clock, chance and number of processes, which ``wiring`` and the command pick."""

    key: SealingKey
    now: Callable[[], datetime]
    random: Callable[[], bytes]
    jobs: int
    timestamper: TimeStamper | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A sealed file: how long the approved part is, its own length, and both digests."""

    approved_size: int
    size: int
    digest: str


def seal_files(output: OutputFolder, plan: Plan, tools: SealTools, progress: Progress) -> Mapping[str, SealedReport]:
    """Seal into the batch folder what is not sealed there yet; the first file is held against the standards as well.

    Raises:
        TamperedError: When bytes are not those that were approved, or a seal does not hold.
    """
    progress.begin("sealing", 2 * len(plan.reports))
    folder = SealedFolder.of(output)
    checked = {}
    with workers(len(plan.reports), jobs=tools.jobs) as hands:
        for each, made in zip(plan.reports, hands.each(partial(_prepared, output, plan), plan.reports), strict=True):
            if made is not None:
                content = sign(made, tools.key.signer, tools.timestamper)
                write_whole(folder.batch / f"{each.report_id}.pdf", content)
            progress.advance(1, each.report_id)
        for each, file in zip(plan.reports, hands.each(partial(_checked, output), plan.reports), strict=True):
            checked[each.report_id] = _entry(each, plan, file)
            progress.advance(1, each.report_id)
    for report_id in list(checked)[:1]:
        require_standards((folder.batch / f"{report_id}.pdf").read_bytes())
    progress.end()
    return checked


def _prepared(output: OutputFolder, plan: Plan, report: Planned) -> Prepared | None:
    """The file without its signature; None when a broken-off run left it sealed with the same key."""
    approved = read_revision(output, report.pdf_digest, PDF)
    path = SealedFolder.of(output).batch / f"{report.report_id}.pdf"
    if path.exists() and (kept := path.read_bytes()).startswith(approved):
        said = check_signature(kept, None)
        if said.certificate is not None and said.certificate.sha256.hex() == plan.fingerprint and not said.failing:
            return None
    return prepare(approved)


def _checked(output: OutputFolder, report: Planned) -> _Made:
    """The file as it lies on the disk now, its seal read by a reader that knows nothing of how it was made."""
    approved = read_revision(output, report.pdf_digest, PDF)
    content = (SealedFolder.of(output).batch / f"{report.report_id}.pdf").read_bytes()
    wrong = check_signature(content, None).failing
    if wrong or not content.startswith(approved):
        what = f"the seal just made does not hold: {wrong or 'it does not begin with the approved bytes'}"
        raise TamperedError(Problem(what, report.report_id, "seal again; if it stays, report it"))
    return _Made(len(approved), len(content), hashlib.sha256(content).hexdigest())


def _entry(report: Planned, plan: Plan, made: _Made) -> SealedReport:
    return SealedReport(
        report_id=report.report_id,
        revision=report.number,
        customer_key=customer_key(plan.salt, report.code),
        approved_digest=report.pdf_digest,
        approved_size=made.approved_size,
        sealed_digest=made.digest,
        sealed_size=made.size,
        data_digest=report.data_digest,
        page_count=report.page_count,
    )
