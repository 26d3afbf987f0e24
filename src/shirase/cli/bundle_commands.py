"""``shirase bundle``: review by people without access; and ``shirase proposals``: words that reviewers propose."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from shirase.cli.acting import IncidentFolder, LedgerUrl, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import CaseFolder, Json
from shirase.cli.progress import DrawnProgress
from shirase.domain.errors import Problem, UsageError
from shirase.pipeline.bundle import Tools, import_answer, issue_bundle, write_bundle
from shirase.pipeline.circulate import draft_fonts, marked, review_copy
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.proposals import accept, decline, read_proposals
from shirase.rendering.worker import initialise
from shirase.wiring import build_engine, now, random_bytes

Wanted = Annotated[str, typer.Argument(metavar="ID", help="Number of the proposal, as `list` shows it.")]

bundle = typer.Typer(no_args_is_help=True, help="Review without access: a zip goes out, signed decisions come back.")
proposals = typer.Typer(no_args_is_help=True, help="Other words that reviewers propose for the case.")


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(bundle, name="bundle")
    app.add_typer(proposals, name="proposals")


@bundle.command(name="export")
@guarded
def export(
    folder: IncidentFolder,
    name: Annotated[str, typer.Option("--as", help="The reviewer, as the ledger knows them.")],
    role: Annotated[str, typer.Option("--role", help="In which role they decide: legal, comms …")],
    to: Annotated[Path, typer.Option("--to", help="The zip to write; an existing one is never overwritten.")],
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Write a zip for one reviewer: marked copies of all reports that wait for them, and a page to decide on.

    Prints the code with which the page signs. Tell it to the reviewer by telephone, never in the mail with the zip.
    """
    if to.exists():
        raise UsageError(Problem("is there already", str(to), "give another name"))
    initialise(replace(build_engine().worker, memory_limit=None))
    fonts = draft_fonts()
    with opened(folder, ledger) as book, DrawnProgress(quiet=as_json) as progress:
        reviewer = book.reviewer(name)
        if reviewer is None:
            raise UsageError(Problem("nobody of that name may review", name, "`shirase operators add` adds them"))
        issued = issue_bundle(book.standings(), reviewer, role, random_bytes)
        tools = Tools(lambda pdf: marked(pdf, fonts), lambda pdf, data: review_copy(pdf, data, fonts), progress)
        write_bundle(OutputFolder(folder), issued, to, tools)
    if as_json:
        print_json({"file": str(to), "bundle": issued.bundle, "reports": len(issued.reports), "code": issued.code})
    else:
        out.print(f"{to}: {len(issued.reports)} reports for {name} as {role}", markup=False, soft_wrap=True)
        out.print(f"Code, to be told by telephone: {issued.code}", markup=False)


@bundle.command(name="import")
@guarded
def take_over(
    folder: IncidentFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The file that the page saved.")],
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Take signed decisions over in the name of their reviewer. Exit code 7 when the signature does not hold."""
    with opened(folder, ledger) as book:
        done = import_answer(OutputFolder(folder), book, file.read_bytes(), now())
    if as_json:
        print_json(asdict(done))
    else:
        rows = [
            ("approved", len(done.approved)), ("returned", len(done.returned)), ("commented", len(done.commented)),
            ("taken over before", len(done.before)),
        ]  # fmt: skip
        out.print(table(f"{done.operator} as {done.role}", ["decision", "reports"], rows))


@proposals.command(name="list")
@guarded
def list_proposals(folder: IncidentFolder, as_json: Json = False) -> None:
    """Show what reviewers propose, with the whole change of each."""
    waiting = list(read_proposals(OutputFolder(folder)))
    if as_json:
        print_json([asdict(each) for each in waiting])
        return
    for each in waiting:
        out.print(f"{each.id}  {each.path}  by {each.by}, {each.at}: {each.reason}", markup=False, soft_wrap=True)
        out.print(each.diff, markup=False, soft_wrap=True)
    if not waiting:
        out.print("No proposal waits.")


@proposals.command(name="accept")
@guarded
def accept_proposal(folder: IncidentFolder, case: CaseFolder, wanted: Wanted, as_json: Json = False) -> None:
    """Write one proposed text into CASE. Look at both languages and run `check` and `draft` afterwards."""
    done = accept(OutputFolder(folder), case, wanted)
    if as_json:
        print_json(asdict(done))
    else:
        out.print(f"{done.path}: as {done.by} proposes. Now `shirase check`, then `draft`.", markup=False)


@proposals.command(name="decline")
@guarded
def decline_proposal(folder: IncidentFolder, wanted: Wanted, as_json: Json = False) -> None:
    """Put one proposal away; the case stays as it is."""
    done = decline(OutputFolder(folder), wanted)
    if as_json:
        print_json(asdict(done))
    else:
        out.print(f"{done.id} is declined.", markup=False)
