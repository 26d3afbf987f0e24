"""Commands about what people write: ``init``, ``canary``, ``check``, ``lint``, ``schema``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shirase.case.canary_key import write_key
from shirase.case.scaffold import write_scaffold
from shirase.case.schemas import schemas
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import CaseFolder, Json
from shirase.cli.progress import DrawnProgress
from shirase.domain.errors import Problem, UsageError
from shirase.domain.exits import ExitCode
from shirase.pipeline.check import run_check
from shirase.pipeline.lint import blocked, run_lint
from shirase.rendering.data_schema import DATA_COPY, data_copy_schema
from shirase.settings import starter_case
from shirase.wiring import build_engine


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(init)
    app.command()(canary)
    app.command()(check)
    app.command()(lint)
    app.command()(schema)


@guarded
def init(
    folder: Annotated[Path, typer.Argument(help="New folder to write the case into.")], as_json: Json = False
) -> None:
    """Write a small, commented case to start from. Nothing that exists is overwritten."""
    written = write_scaffold(folder, starter=starter_case())
    if as_json:
        print_json({"folder": str(folder), "files": [str(path) for path in written]})
        return
    out.print(
        f"{len(written)} files written to {folder}. Every key is explained where it stands.",
        markup=False,
        soft_wrap=True,
    )
    out.print(
        f"Next: edit incident.toml, put the exported logs under evidence/, then  shirase check {folder}", markup=False
    )


@guarded
def canary(case: CaseFolder, as_json: Json = False) -> None:
    """Write `canary.key`, the secret of CASE, for a case that was not written by `init`.

    From it every customer gets a code, printed on each page and held by each copy of that customer's report and of no
    other: `inspect` then finds a page that came into the wrong report. An existing key is never overwritten.
    """
    path = write_key(case)
    if as_json:
        print_json({"file": str(path)})
    else:
        out.print(f"{path} written. Keep it with the case; with another key every page changes.", markup=False)


@guarded
def check(case: CaseFolder, as_json: Json = False) -> None:
    """Read everything people wrote in CASE and report every problem at once. Reads no logs.

    Exit code 4 when the case cannot be used, 5 when a sentence must be mended, or waived in decisions.toml, before
    anything is approved. Drafts can be made all the same.
    """
    checked = run_check(case)
    blocked = any(finding.blocker for finding in checked.wording)
    if as_json:
        print_json(asdict(checked))
        raise typer.Exit(ExitCode.GATE_REFUSED if blocked else ExitCode.DONE)
    rows = [(name.replace("_", " "), value) for name, value in asdict(checked).items() if isinstance(value, int)]
    out.print(table(f"{checked.incident_id}: the case can be used", ["", "count"], rows))
    out.print(table("Evidence", ["file"], [(path,) for path in checked.evidence_files]))
    if checked.wording:
        findings = [
            ("blocker" if found.blocker else "remark", found.rule, found.place, f"{found.sentence}\n→ {found.found}",
             f"{found.reason}: {found.mend}")
            for found in checked.wording
        ]  # fmt: skip
        out.print(table("Wording", ["", "rule", "place", "sentence", "why, and what to write"], findings))
    if blocked:
        raise typer.Exit(ExitCode.GATE_REFUSED)


@guarded
def lint(
    case: CaseFolder,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows of the largest report.")] = 10_000,
    keep: Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="Keep the PDFs there, to look at.")] = None,
    as_json: Json = False,
) -> None:
    """Draw the templates and the texts of CASE at their limits: no rows, one, ten thousand, the longest names.

    For whoever edits templates or stylesheets. Customers and actions are made up; no log is read. Looks for text off
    the page or printed over other text, rows that got lost, and whatever would fail a draft. Exit code 5 when there is
    any. Ten thousand rows take minutes; --rows 300 shows most faults sooner.
    """
    with DrawnProgress(quiet=as_json) as progress:
        linted = run_lint(case, rows=rows, engine=build_engine(), progress=progress, keep=keep)
    if as_json:
        print_json([asdict(report) for report in linted])
    else:
        columns = ["hard case", "rows", "pages", "seconds", "findings"]
        counts = [(entry.name, entry.rows, entry.pages, entry.seconds, len(entry.findings)) for entry in linted]
        out.print(table("Templates at their limits", columns, counts))
        found = [(entry.name, f.rule, f.place, f.what, f.mend) for entry in linted for f in entry.findings]
        if found:
            out.print(table("Findings", ["hard case", "rule", "place", "what", "mend"], found))
    if blocked(linted):
        raise typer.Exit(ExitCode.GATE_REFUSED)


@guarded
def schema(
    file: Annotated[
        str, typer.Argument(help="One file, for example incident.toml or data-copy.json; all when left out.")
    ] = "",
) -> None:
    """Print the JSON Schema of the files of a case, for editors, and of the data copy, for those who read it."""
    known = {**schemas(), DATA_COPY: data_copy_schema()}
    if file and file not in known:
        raise UsageError(Problem("no such file", file, f"one of: {', '.join(known)}"))
    print_json(known[file] if file else known)
