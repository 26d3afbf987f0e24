"""``shirase inspect``: independent checks of finished reports."""

from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.acting import one_step
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Jobs, Json, Out
from shirase.cli.progress import DrawnProgress
from shirase.domain.completeness import Standing
from shirase.domain.exits import ExitCode
from shirase.pipeline.completeness_sheet import completeness_figures
from shirase.pipeline.inspect import Inspection, InspectOptions, inspection_sheet, record_inspection, run_inspect
from shirase.pipeline.receipts import engine_of
from shirase.pipeline.scope import run_scope
from shirase.rendering.worker import Drawing
from shirase.settings import default_jobs
from shirase.wiring import build_engine

_SHOWN = 100


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(inspect)


@guarded
def inspect(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    jobs: Jobs = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="Only this customer id; may be repeated.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also reports that were inspected before, unchanged.")] = False,
    reproduce: Annotated[
        int | None, typer.Option("--reproduce", min=0, help="Reports to make again; one in a hundred by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read finished reports with other libraries than those that made them, and say what is wrong.

    Leaks: identifiers of every other customer, in pages, metadata, bookmarks, alternative texts and files inside.
    Rows: the table on the pages against the data copy against the scope. Languages: figures, dates and hedges of both.
    Pages: text that is hidden, off the page or over other text. Checklists: what laws and contracts ask for, and where
    each report states it. And a sample is made again and must have the same bytes. Exit code 5 when a report has a
    blocker, 3 when one is missing. `draft` does the same at its end.
    """
    with one_step(case, out_folder, "inspect"), DrawnProgress(quiet=as_json) as progress:
        run = run_scope(case, out_folder, progress, jobs=default_jobs())
        options = InspectOptions(jobs or default_jobs(), tuple(customer or ()), known=not again, reproduce=reproduce)
        engine = build_engine(Drawing(found) if (found := engine_of(run.output)) else None)
        inspection = run_inspect(run, options, engine=engine, progress=progress)
        if not customer:
            record_inspection(run.output, inspection)
    if as_json:
        print_json(inspection_sheet(inspection))
    else:
        print_inspection(inspection)
    if inspection.blocked:
        raise typer.Exit(ExitCode.GATE_REFUSED)
    if inspection.missing:
        raise typer.Exit(ExitCode.PARTIAL)


def print_inspection(inspection: Inspection) -> None:
    """Print what is wrong, and what was not searched."""
    blocked = inspection.blocked
    line = Text(f"{len(inspection.reports)} reports inspected", style="bold yellow" if blocked else "bold green")
    remarks = sum(not finding.blocker for report in inspection.reports for finding in report.findings)
    line.append(f": {len(blocked)} blocked, {remarks} remarks")
    if inspection.missing:
        line.append(f"; {len(inspection.missing)} not there", style="yellow")
    out.print(line)
    if inspection.not_searched:
        skipped = [(reason, len(values), ", ".join(values[:8])) for reason, values in inspection.not_searched.items()]
        out.print(table("Not searched by the leak gate", ["why", "identifiers", "the first"], skipped))
    figures = completeness_figures(inspection.reports)
    if figures:
        standings = [standing.value for standing in Standing]
        lines = [
            (regime, *(found[name] for name in standings), len(found["blocked"])) for regime, found in figures.items()
        ]
        out.print(
            table("Checklists: items of all reports, in both languages", ["", *standings, "reports blocked"], lines)
        )
    rows = [
        ("blocker" if finding.blocker else "remark", report.customer_id, finding.rule, finding.place,
         f"{finding.what}\n→ {finding.mend}")
        for report in inspection.reports
        for finding in sorted(report.findings, key=lambda finding: not finding.blocker)
    ]  # fmt: skip
    if rows:
        title = f"Findings{f' (the first {_SHOWN} of {len(rows)}; all are in run.json)' if len(rows) > _SHOWN else ''}"
        out.print(table(title, ["", "customer", "rule", "place", "what, and what to do"], rows[:_SHOWN]))
