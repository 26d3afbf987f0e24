"""What share of planted faults the inspection catches, and what it costs against drafting the same reports."""

import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shirase.pipeline.draft import DraftOptions, run_draft
from shirase.pipeline.inspect import InspectOptions, run_inspect
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import run_rehearse
from shirase.rehearsal.generate import Size
from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import initialise
from shirase.settings import cache_folder, default_jobs, story
from shirase.wiring import build_engine

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the faults are those of the tests

import mutants

ROUNDS = 10
SIZE = Size(customers=2_000, affected=24, lines=8_000)


def run() -> None:
    """Print both tables."""
    _cost()
    initialise(prepare_worker(cache_folder()))
    _shares()


def _cost() -> None:
    with tempfile.TemporaryDirectory() as name:
        case, out = Path(name) / "case", Path(name) / "out"
        run_rehearse(case, story(), SIZE)
        engine, jobs = build_engine(), default_jobs()
        done = run_draft(case, out, DraftOptions(PoolSettings(jobs, 900)), engine=engine, progress=Silent())
        begun = time.monotonic()
        inspection = run_inspect(done.scope, InspectOptions(jobs, reproduce=0), engine=engine, progress=Silent())
        inspecting = time.monotonic() - begun
    drafting = done.timings.total - done.timings.scope
    pages, findings = done.timings.pages, [found for report in inspection.reports for found in report.findings]
    print(
        f"{len(inspection.reports)} reports, {pages} pages, {jobs} workers: inspecting takes "
        f"{inspecting / drafting:.0%} of drafting, {1000 * inspecting * jobs / pages:.0f} ms a page and worker; "
        f"{sum(found.blocker for found in findings)} blockers, {sum(not found.blocker for found in findings)} remarks"
    )


def _shares() -> None:
    table = Table("gate", "fault", "planted", "caught", title="Faults planted at random places")
    with tempfile.TemporaryDirectory() as name:
        subjects = tuple(mutants.subjects(Path(name), 2))
        tried = [*mutants.try_all(subjects, ROUNDS)]
    for each in tried:
        table.add_row(each.gate, each.fault, str(each.planted), str(each.caught))
    planted, caught = sum(each.planted for each in tried), sum(each.caught for each in tried)
    table.add_row("", "all", str(planted), f"{caught} ({caught / planted:.1%})")
    Console().print(table)
    for each in tried:
        for words in each.missed:
            print(f"missed: {each.fault}: {words}")
