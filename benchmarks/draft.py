"""Pages and rows per second of drafting a part of the synthetic incident."""

import tempfile
from pathlib import Path

from shirase.pipeline.draft import DraftOptions, run_draft
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import run_rehearse
from shirase.rehearsal.generate import Size
from shirase.settings import default_jobs, story
from shirase.wiring import build_engine

SIZE = Size(customers=2_000, affected=40, lines=14_000)


def run() -> None:
    """Draft a tenth of the incident, then again with nothing changed."""
    with tempfile.TemporaryDirectory() as name:
        case, out = Path(name) / "case", Path(name) / "out"
        run_rehearse(case, story(), SIZE)
        options = DraftOptions(PoolSettings(default_jobs(), 900))
        first = run_draft(case, out, options, engine=build_engine(), progress=Silent())
        again = run_draft(case, out, options, engine=build_engine(), progress=Silent())
    seconds = first.timings.total - first.timings.scope
    rows = sum(receipt.action_count for receipt in first.drafted.written)
    print(
        f"{len(first.drafted.written)} reports, {first.timings.pages} pages, {rows} rows in {seconds:.1f} s on "
        f"{first.timings.jobs} workers: {first.timings.pages / seconds:.1f} pages/s, {rows / seconds:.0f} rows/s"
    )
    share = again.timings.total / first.timings.total
    print(f"nothing changed: {again.timings.total:.1f} s, {share:.1%} of the first run")
