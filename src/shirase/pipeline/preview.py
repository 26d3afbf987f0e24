"""``shirase preview``: one report, quickly, to look at. What is left out of a long action list is said on the page."""

from dataclasses import dataclass, replace
from pathlib import Path

from shirase.domain.errors import GateError, Problem, UsageError
from shirase.domain.identifiers import report_id
from shirase.pipeline.draft import Engine, load_report
from shirase.pipeline.garbage import no_cycle_collection
from shirase.pipeline.output import write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.scope import ScopeRun, batch_facts, run_scope
from shirase.rendering.worker import RenderFailure, initialise, render_report
from shirase.scoping.grouping import CustomerRows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose report to look at (a customer, report or tenant id), and how many of its actions; all when None."""

    customer: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview that was written."""

    path: Path
    customer_id: str
    action_count: int
    shown_count: int
    page_count: int
    seconds: float


def run_preview(case_folder: Path, out: Path, wanted: Wanted, *, engine: Engine, progress: Progress) -> Preview:
    """Render the report of one customer, with the first rows of its action list.

    The figures are those of the whole report. Lines that still wait for a person do not stop a preview.

    Raises:
        UsageError: When nobody of that name gets a report.
        GateError: When the report cannot be rendered.
    """
    # This process goes on living: only workers are limited.
    initialise(replace(engine.worker, memory_limit=None))
    return draw_preview(run_scope(case_folder, out, progress), wanted)


def draw_preview(run: ScopeRun, wanted: Wanted, *, sketch: bool = False) -> Preview:
    """Draw one report of a finished scope, in a process that is ready to render; a sketch is for the eye only.

    Raises:
        UsageError: When nobody of that name gets a report.
        GateError: When the report cannot be rendered.
    """
    entry = _find(run, wanted.customer)
    report = load_report(run, batch_facts(run), entry)
    if wanted.rows is not None and wanted.rows < len(report.actions):
        report = replace(report, preview_rows=wanted.rows)
    with no_cycle_collection():
        outcome = render_report(report, sketch=sketch)
    if isinstance(outcome, RenderFailure):
        raise GateError(Problem(outcome.what, f"{outcome.customer_id}: {outcome.where}", outcome.mend))
    path = run.output.drafts / f"{report.report_id}.preview.pdf"
    write_whole(path, outcome.pdf)
    shown = len(report.actions) if report.preview_rows is None else report.preview_rows
    return Preview(path, entry.customer_id, len(report.actions), shown, outcome.page_count, outcome.seconds)


def _find(run: ScopeRun, name: str) -> CustomerRows:
    owner = run.case.customers.owner_of(name)
    for entry in run.expected.entries:
        if (
            name in (entry.customer_id, report_id(run.case.incident.id, entry.customer_id))
            or owner == entry.customer_id
        ):
            return entry
    raise UsageError(
        Problem("nobody of that name gets a report", f"customer {name}", "give a customer, report or tenant id")
    )
