"""``shirase circulate``: copies of reports for people who read without the desk."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import Json
from shirase.cli.progress import DrawnProgress
from shirase.pipeline.circulate import CirculateOptions, run_circulate
from shirase.rendering.worker import initialise
from shirase.wiring import build_engine


def register(app: typer.Typer) -> None:
    """Add this command to ``app``."""
    app.command()(circulate)


@guarded
def circulate(
    folder: Annotated[Path, typer.Argument(metavar="OUT/INCIDENT", help="Output folder of one incident.")],
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="Only this customer or report id; may be repeated.")
    ] = None,
    side_by_side: Annotated[
        bool, typer.Option("--side-by-side", help="Also the Japanese beside the English, section by section.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write copies of finished reports for circulation, with DRAFT 草案 over every page.

    The mark is put over the finished bytes, so that no template can leave it out. Copies lie in `drafts/`; the reports
    themselves, which are what gets approved, are not touched.
    """
    options = CirculateOptions(tuple(customer or ()), side_by_side)
    with DrawnProgress(quiet=as_json) as progress:
        if side_by_side:
            initialise(replace(build_engine().worker, memory_limit=None))
        written = run_circulate(folder, options, progress)
    rows = [(each.report_id, str(each.draft), str(each.review_copy or "–")) for each in written]
    if as_json:
        names = ("report_id", "draft", "review_copy")
        print_json([dict(zip(names, (*row[:2], row[2] if row[2] != "–" else None), strict=True)) for row in rows])
    else:
        out.print(table("Copies for circulation", ["report", "marked copy", "side by side"], rows))
