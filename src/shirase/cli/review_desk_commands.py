"""``shirase review``: the review pages, and the links by which reviewers sign in."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shirase.cli.acting import IncidentFolder, LedgerUrl, opened
from shirase.cli.console import guarded, out, print_json
from shirase.cli.options import Json
from shirase.cli.progress import DrawnProgress
from shirase.desk.guard import doors
from shirase.desk.library import Library
from shirase.desk.open import Tools, link_folder, put_together, shares_text, warm_up
from shirase.desk.serve import LOOPBACK, serve
from shirase.desk.state import Proxy, Setting
from shirase.domain.errors import Problem, UsageError
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.read_reports import read_reports
from shirase.rendering.worker import initialise
from shirase.settings import default_jobs
from shirase.wiring import build_engine, new_token, now, open_incident_ledger

PORT = 8417

review = typer.Typer(no_args_is_help=True, help="The review pages: open them, and let reviewers in.")


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(review, name="review")


@review.command(name="open")
@guarded
def open_desk(
    folder: IncidentFolder,
    case: Annotated[
        Path | None, typer.Option("--case", help="The case folder: lets reviewers propose other words for it.")
    ] = None,
    ledger: LedgerUrl = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on loopback.")] = PORT,
    link: Annotated[
        list[str] | None, typer.Option("--link", help="Print a sign-in link for this reviewer; may be repeated.")
    ] = None,
    public: Annotated[
        str | None,
        typer.Option("--public", help="Address of a company proxy in front of it, such as https://review.example.com."),
    ] = None,
    proxy: Annotated[str | None, typer.Option("--proxy", help="IP address from which that proxy connects.")] = None,
    proxy_header: Annotated[
        str, typer.Option("--proxy-header", help="Header in which it names the person; believed from --proxy only.")
    ] = "X-Remote-User",
    listen: Annotated[
        str, typer.Option("--listen", help="Address to listen on; anything but loopback takes --public and --proxy.")
    ] = LOOPBACK,
) -> None:
    """Open the review pages of one incident on this machine, until interrupted.

    Reviewers sign in by links, each of which works once. The pages answer on loopback, and to no other site.
    """
    if listen != LOOPBACK and (public is None or proxy is None):
        what = "other machines may only come through a proxy that signs people in"
        raise UsageError(Problem(what, "--listen", "give --public and --proxy, too"))
    with closing(open_incident_ledger(folder, ledger)) as kept:
        library = Library(OutputFolder(folder))
        book = IncidentReview(library.output, kept, shares_text(library, kept.overview.standings))
        with DrawnProgress(quiet=False) as progress:
            engine = build_engine()
            digests = [(each.revision.pdf_digest, each.revision.data_digest) for each in book.standings()]
            read_reports(library.output, digests, progress, default_jobs())
        setting = Setting(
            doors=doors(port, public),
            case_folder=case,
            proxy=Proxy(proxy, proxy_header) if proxy is not None else None,
            secure=public is not None and public.startswith("https://"),
        )
        desk = put_together(library, book, setting, Tools(now, new_token))
        warm_up(desk)
        initialise(replace(engine.worker, memory_limit=None))
        out.print(f"http://{LOOPBACK}:{port}/ – {len(digests)} reports in review. Stop it with Ctrl+C.", markup=False)
        for name in link or ():
            address = f"{_address(port, public)}/sign-in/{desk.links.issue(name)}"
            out.print(f"{name}: {address}", markup=False, soft_wrap=True)
        serve(desk, listen, port)


@review.command(name="link")
@guarded
def make_link(
    folder: IncidentFolder,
    name: Annotated[str, typer.Option("--as", help="The reviewer, as the ledger knows them.")],
    ledger: LedgerUrl = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the open desk.")] = PORT,
    public: Annotated[str | None, typer.Option("--public", help="Address under which the reviewer reaches it.")] = None,
    as_json: Json = False,
) -> None:
    """Print a link by which one reviewer signs in, once, within 24 hours."""
    with opened(folder, ledger) as book:
        if book.reviewer(name) is None:
            raise UsageError(Problem("nobody of that name may review", name, "`shirase operators add` adds them"))
    token = link_folder(folder, Tools(now, new_token)).issue(name)
    address = f"{_address(port, public)}/sign-in/{token}"
    if as_json:
        print_json({"name": name, "link": address})
    else:
        out.print(address, markup=False, soft_wrap=True)


def _address(port: int, public: str | None) -> str:
    return public.rstrip("/") if public is not None else f"http://{LOOPBACK}:{port}"
