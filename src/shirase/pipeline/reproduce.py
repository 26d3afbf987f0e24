"""A sample of finished reports made once more, in fresh processes: the same input must give the same bytes."""

import hashlib
from collections.abc import Sequence

from shirase.domain.finding import Finding
from shirase.pipeline.draft import Engine, ReportLoader
from shirase.pipeline.pool import PoolSettings, RenderPool
from shirase.pipeline.progress import Progress
from shirase.pipeline.receipts import Receipt
from shirase.pipeline.scope import ScopeRun, batch_facts
from shirase.rendering.worker import RenderFailure

SHARE = 100
"""One report in so many is made again, at least one."""

_SECONDS = 900.0


def sample_of(receipts: Sequence[Receipt], size: int | None) -> tuple[Receipt, ...]:
    """The reports to make again: chosen by a digest that nobody picks, so that the same run has the same sample.

    Args:
        receipts: Finished reports.
        size: How many; one in :data:`SHARE`, at least one, when None.
    """
    wanted = -(-len(receipts) // SHARE) if size is None else size
    return tuple(sorted(receipts, key=_lot)[:wanted])


def reproduce(
    run: ScopeRun, sample: Sequence[Receipt], *, engine: Engine, jobs: int, progress: Progress
) -> dict[str, Finding | None]:
    """What is wrong with each report of ``sample``, by its id; None where the bytes are the same."""
    entries = {entry.customer_id: entry for entry in run.expected.entries}
    receipts = {receipt.report_id: receipt for receipt in sample}
    found: dict[str, Finding | None] = {}
    progress.begin("making a sample again", len(sample))
    settings = PoolSettings(min(jobs, max(len(sample), 1)), _SECONDS)
    with ReportLoader(run, batch_facts(run)) as loader, RenderPool(settings, engine.worker) as pool:
        for outcome in pool.render(loader.load(entries[receipt.customer_id]) for receipt in sample):
            receipt = receipts[outcome.report_id]
            if isinstance(outcome, RenderFailure):
                found[receipt.report_id] = _differs(receipt, f"it could not be made again: {outcome.what}")
            elif outcome.sha256 != receipt.pdf_digest:
                what = f"made again it has the digest {outcome.sha256[:12]}…, not {receipt.pdf_digest[:12]}…"
                found[receipt.report_id] = _differs(receipt, what)
            else:
                found[receipt.report_id] = None
            progress.advance(1, f"{len(found)}/{len(sample)} reports")
    progress.end()
    return found


def _lot(receipt: Receipt) -> bytes:
    return hashlib.sha256(f"{receipt.run_key}\x00{receipt.report_id}".encode()).digest()


def _differs(receipt: Receipt, what: str) -> Finding:
    mend = "nothing of this batch may go out: report the fault with run.json of both runs"
    return Finding("not-reproduced", receipt.report_id, what, mend)
