"""Commands of the main job: ``scope``, ``draft``, ``preview``, ``status``."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shirase.cli.acting import Acting, LedgerUrl, one_step
from shirase.cli.console import guarded, out, print_json, print_problems, table
from shirase.cli.inspect_commands import print_inspection
from shirase.cli.options import DEFAULT_OUT, DEFAULT_TIMEOUT, CaseFolder, DrawnBy, Inspect, Jobs, Json, Out, Timeout
from shirase.cli.progress import DrawnProgress
from shirase.cli.review_state import review_state
from shirase.cli.run_tables import print_draft, print_scope
from shirase.domain.errors import ShiraseError
from shirase.domain.exits import ExitCode
from shirase.pipeline.draft import DraftOptions, run_draft
from shirase.pipeline.inspect import inspect_drafted
from shirase.pipeline.output import write_json
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.preview import Preview, Wanted, run_preview
from shirase.pipeline.run_sheet import run_sheet
from shirase.pipeline.scope import require_claims_hold, require_permissions_hold, require_signed_off, run_scope
from shirase.pipeline.status import ReportState, run_status
from shirase.pipeline.watch import watch_preview
from shirase.settings import default_jobs
from shirase.wiring import build_engine, versions


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(scope)
    app.command()(draft)
    app.command()(preview)
    app.command()(status)


@guarded
def scope(case: CaseFolder, out_folder: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Read the evidence, decide every log line, and show who is affected. Renders nothing.

    Prints the accounting identity, the funnel, what each window end decides, and what needs a person.
    Exit code 4 when evidence cannot be used, 5 while a line waits for a decision, or the log shows what the permission
    matrix says is impossible.
    """
    with one_step(case, out_folder, "scope"), DrawnProgress(quiet=as_json) as progress:
        run = run_scope(case, out_folder, progress, jobs=default_jobs())
        sheet = run_sheet(run, versions())
        write_json(run.output.run_sheet, sheet)
    if as_json:
        print_json(sheet)
    else:
        print_scope(run)
    require_signed_off(run)
    require_permissions_hold(run)
    require_claims_hold(run)


@guarded
def draft(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    jobs: Jobs = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="Only this customer id; may be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many reports.")] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    engine: DrawnBy = None,
    inspect: Inspect = True,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Write one PDF and one data copy per affected customer of CASE.

    Finished reports are recognised by the digest of everything that went into them and are not made again, so that an
    interrupted draft goes on where it stopped. Every report is then inspected, as `shirase inspect` does. Exit code 3
    when some customers failed (they are listed), 5 while a line waits for a decision, a report has a blocker, or
    somebody else runs a step here. Where the incident has a ledger and --as names one of its responders, what was
    drafted is registered: other bytes are a new revision without approvals.
    """
    options = DraftOptions(PoolSettings(jobs or default_jobs(), timeout), tuple(customer or ()), limit)
    with one_step(case, out_folder, "draft", by=by, url=ledger) as step, DrawnProgress(quiet=as_json) as progress:
        tools = build_engine(engine)
        done = run_draft(case, out_folder, options, engine=tools, progress=progress)
        inspection = inspect_drafted(done, options.pool.jobs, engine=tools, progress=progress) if inspect else None
        registered = step.register() if step is not None else None
    write_json(done.scope.output.timings, asdict(done.timings))
    if as_json:
        sys.stdout.write(done.scope.output.run_sheet.read_text(encoding="utf-8"))
    else:
        print_scope(done.scope)
        print_draft(done)
        if inspection is not None:
            print_inspection(inspection)
        if registered is not None:
            new, same = len(registered.new), len(registered.same)
            out.print(f"Registered: {new} new revisions, {same} unchanged. `shirase submit` puts them into review.")
    if inspection is not None and inspection.blocked:
        raise typer.Exit(ExitCode.GATE_REFUSED)
    if done.drafted.failed:
        raise typer.Exit(ExitCode.PARTIAL)


@guarded
def preview(
    case: CaseFolder,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Customer id, report id or tenant id.")],
    out_folder: Out = DEFAULT_OUT,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows of the action list to print.")] = 20,
    every_row: Annotated[bool, typer.Option("--all", help="Print every row, however long it takes.")] = False,
    engine: DrawnBy = None,
    keep_watching: Annotated[
        bool, typer.Option("--watch", help="Go on: render again at each save of the case, a template or a catalogue.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Render one report to look at. Figures are those of the whole report; a shortened action list says so.

    With --watch, leave a PDF viewer that reloads by itself open beside your editor.
    """
    wanted = Wanted(customer, None if every_row else rows)
    if keep_watching:
        watch_preview(
            case, out_folder, wanted, engine=build_engine(engine),
            show=lambda shown: _show_preview(shown, as_json=as_json),
        )  # fmt: skip
        return
    with DrawnProgress(quiet=as_json) as progress:
        shown = run_preview(case, out_folder, wanted, engine=build_engine(engine), progress=progress)
    _show_preview(shown, as_json=as_json)


def _show_preview(shown: Preview | ShiraseError, *, as_json: bool) -> None:
    """One preview, or what has to be mended before there can be one."""
    if isinstance(shown, ShiraseError):
        print_problems(shown.diagnostics())
    elif as_json:
        print_json({**asdict(shown), "path": str(shown.path)})
    else:
        shares = f"{shown.page_count} pages, {shown.shown_count} of {shown.action_count} actions, {shown.seconds:.1f} s"
        out.print(f"{shown.path}: {shares}", markup=False, soft_wrap=True)


@guarded
def status(
    folder: Annotated[Path, typer.Argument(metavar="OUT/INCIDENT", help="Output folder of one incident.")],
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Show where each expected report stands, told from the files themselves, and where it stands in review.

    Exit code 3 when some are missing, failed, or of an earlier run, or when a file belongs to nobody; 7 when one was
    changed after it was written.
    """
    found = run_status(folder)
    counts = {state: found.count(state) for state in ReportState}
    standing = review_state(folder, ledger, found)
    if as_json:
        print_json({**asdict(found), "review": standing.as_json() if standing is not None else None})
    else:
        out.print(
            table(found.incident_id, ["state", "reports"], [(s.value.replace("_", " "), n) for s, n in counts.items()])
        )
        rows = [
            (r.report_id, r.customer_id, r.actions, r.state.value.replace("_", " "))
            for r in found.reports
            if r.state is not ReportState.DRAFTED
        ]
        if rows:
            out.print(table("Not drafted", ["report", "customer", "actions", "state"], rows))
        if standing is not None:
            standing.show()
    if counts[ReportState.CHANGED_ON_DISK]:
        raise typer.Exit(ExitCode.TAMPERED)
    if any(counts[state] for state in ReportState if state is not ReportState.DRAFTED):
        raise typer.Exit(ExitCode.PARTIAL)
