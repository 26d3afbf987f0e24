"""Commands about the machine: ``doctor``."""

from dataclasses import asdict

import typer
from rich.text import Text

from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import DEFAULT_OUT, Json, Out
from shirase.domain.exits import ExitCode
from shirase.pipeline.doctor import Verdict, run_doctor
from shirase.settings import cache_folder, default_jobs
from shirase.wiring import now


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(doctor)


@guarded
def doctor(out_folder: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Check fonts, native libraries, versions, folders, memory and clock, and say how to mend each.

    Exit code 4 when reports cannot be made on this machine.
    """
    findings = run_doctor(out_folder, cache_folder(), now=now(), jobs=default_jobs())
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        rows = [(f.verdict.value, f.subject, f.found, f.mend) for f in findings]
        out.print(table("This machine", ["", "", "found", "what to do"], rows))
        problems = sum(1 for finding in findings if finding.verdict is Verdict.PROBLEM)
        verdict = (
            Text("Reports can be made here.", style="green")
            if not problems
            else Text(f"{problems} problems.", style="red")
        )
        out.print(verdict)
    if any(finding.verdict is Verdict.PROBLEM for finding in findings):
        raise typer.Exit(ExitCode.INPUT_UNUSABLE)
