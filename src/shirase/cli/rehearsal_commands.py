"""Commands of the synthetic incident: ``rehearse`` and ``demo``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shirase.cli.console import guarded, out, print_json
from shirase.cli.inspect_commands import print_inspection
from shirase.cli.options import DEFAULT_OUT, DEFAULT_TIMEOUT, DrawnBy, Inspect, Jobs, Json, Out, Timeout
from shirase.cli.progress import DrawnProgress
from shirase.cli.run_tables import print_draft, print_scope
from shirase.domain.errors import Problem, TamperedError
from shirase.domain.exits import ExitCode
from shirase.pipeline.draft import DraftOptions, run_draft
from shirase.pipeline.inspect import inspect_drafted
from shirase.pipeline.output import write_json
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.rehearse import compare_with_key, run_rehearse
from shirase.rehearsal.generate import Size
from shirase.settings import default_jobs, story
from shirase.wiring import build_engine

FULL = Size()

Seed = Annotated[int, typer.Option("--seed", help="Same seed and size give the same bytes.")]
Customers = Annotated[int, typer.Option("--customers", min=1, help="Customers in the register.")]
Affected = Annotated[int, typer.Option("--affected", min=1, help="Customers with actions in scope.")]
Lines = Annotated[int, typer.Option("--lines", min=1, help="Log lines, traps included.")]


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(rehearse)
    app.command()(demo)


@guarded
def rehearse(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder for the case.")],
    seed: Seed = FULL.seed,
    customers: Customers = FULL.customers,
    affected: Affected = FULL.affected,
    lines: Lines = FULL.lines,
    hard_cases: Annotated[
        bool, typer.Option("--hard-cases", help="Write the small incident of what must fail.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a synthetic incident shaped by the facts of January 2022, with an answer key, to rehearse with.

    The data is made up; every page of its reports says so. With --hard-cases it is a dozen customers whose names and
    logs hold everything hostile, some of which must be refused: draft then ends with exit code 3.
    """
    size = Size(seed=seed, customers=customers, affected=affected, lines=lines)
    summary = run_rehearse(folder, story(), None if hard_cases else size)
    if as_json:
        print_json(asdict(summary))
    else:
        out.print(f"{summary}", markup=False, soft_wrap=True)
        out.print(f"Next:  shirase draft {folder}", markup=False, soft_wrap=True)


@guarded
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the demo's case is written.")] = Path(
        "out/demo-case"
    ),
    out_folder: Out = DEFAULT_OUT,
    jobs: Jobs = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    seed: Seed = FULL.seed,
    customers: Customers = FULL.customers,
    affected: Affected = FULL.affected,
    lines: Lines = FULL.lines,
    engine: DrawnBy = None,
    inspect: Inspect = True,
) -> None:
    """Rehearse, draft and inspect in one go, and hold the result against the answer key.

    A demo case that is there already is used as it is, so that an interrupted demo goes on where it stopped.
    """
    if not (folder / "incident.toml").exists():
        out.print(f"writing the synthetic incident to {folder} …", markup=False, soft_wrap=True)
        run_rehearse(folder, story(), Size(seed=seed, customers=customers, affected=affected, lines=lines))
    options = DraftOptions(PoolSettings(jobs or default_jobs(), timeout))
    with DrawnProgress() as progress:
        tools = build_engine(engine)
        done = run_draft(folder, out_folder, options, engine=tools, progress=progress)
        inspection = inspect_drafted(done, options.pool.jobs, engine=tools, progress=progress) if inspect else None
    write_json(done.scope.output.timings, asdict(done.timings))
    print_scope(done.scope)
    print_draft(done)
    if inspection is not None:
        print_inspection(inspection)
    comparison = compare_with_key(done.scope, folder)
    if comparison is not None:
        verdict = "agrees" if comparison.agrees else "DIFFERS"
        out.print(
            f"answer key: {comparison.agreeing:,} of {comparison.lines:,} lines agree; run {verdict}", markup=False
        )
        if not comparison.agrees:
            raise TamperedError(*(Problem("differs from the answer key", words) for words in comparison.differences))
    if inspection is not None and inspection.blocked:
        raise typer.Exit(ExitCode.GATE_REFUSED)
    if done.drafted.failed:
        raise typer.Exit(ExitCode.PARTIAL)
