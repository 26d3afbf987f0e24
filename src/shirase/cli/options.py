"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from shirase.rendering.worker import Drawing

CaseFolder = Annotated[
    Path, typer.Argument(metavar="CASE", help="Case folder, as `shirase init` or `shirase rehearse` writes it.")
]
Out = Annotated[Path, typer.Option("--out", help="Where the incident's output folder is made.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines instead of tables.")]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, help="Worker processes; as many as processors by default.")]
DrawnBy = Annotated[
    Drawing | None,
    typer.Option(
        "--engine",
        help="How pages are made: each whole document laid out (reference), or what is common to several once (fast). "
        "The pages are the same. By default as $SHIRASE_ENGINE says.",
    ),
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=1.0, help="Seconds one report may take before its worker is stopped.")
]

Inspect = Annotated[
    bool, typer.Option("--inspect/--no-inspect", help="Inspect the reports written; they go to nobody uninspected.")
]

DEFAULT_OUT = Path("out")
DEFAULT_TIMEOUT = 900.0
