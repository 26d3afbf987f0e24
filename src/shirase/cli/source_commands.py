"""Commands about exports: ``sources`` (what can be read) and ``sniff`` (what a file is)."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from shirase.cli.console import err, guarded, out, print_json, print_problems, table
from shirase.cli.options import Json
from shirase.cli.progress import DrawnProgress
from shirase.domain.errors import ShiraseError
from shirase.intake.sniff import sniff as sniff_file
from shirase.intake.sources.contract import Options
from shirase.pipeline.sniffing import list_sources, read_profile, sniff_sheet

_TABLE = ("time_text", "actor_uid", "action_native", "action_code", "outcome", "native_uid")


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(sources)
    app.command()(sniff)


@guarded
def sources(as_json: Json = False) -> None:
    """List the exports that can be read: one adapter for each, by the name that `adapter = "…"` in incident.toml takes.

    Adapters of installed packages are listed as well; docs/how-to/add-a-source.md shows how to write one.
    """
    cards, registry = list_sources()
    if as_json:
        print_json(
            {
                "sources": [asdict(card) | {"provider": registry.providers.get(card.name)} for card in cards],
                "broken": [asdict(problem) for problem in registry.broken],
            }
        )
        return
    out.print(table("Adapters", ["adapter", "export", "wrappers"], [(c.name, c.title, c.wrappers) for c in cards]))
    rows = [(c.name, c.event_id, c.actor, c.tenant) for c in cards]
    out.print(table("What each record tells", ["adapter", "id of an event", "actor", "tenant"], rows))
    limits = [(c.name, ", ".join(c.needs) or "-", c.limits) for c in cards]
    out.print(table("What to know", ["adapter", "declare", "limits"], limits))
    if registry.providers:
        out.print(table("From installed packages", ["adapter", "package"], registry.providers.items()))
    print_problems(registry.broken)


@guarded
def sniff(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export.", exists=True, dir_okay=False)],
    adapter: Annotated[str | None, typer.Option("--adapter", help="Use this adapter, whatever fits best.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="IANA zone of times without an offset.")] = None,
    locale: Annotated[str | None, typer.Option("--locale", help="Order of dates: mdy, dmy or ymd.")] = None,
    origin: Annotated[str | None, typer.Option("--origin", help="Adapter of what a carrier forwards.")] = None,
    record: Annotated[str | None, typer.Option("--record", help="Path to the record, where one is wrapped.")] = None,
    profile: Annotated[
        Path | None, typer.Option("--profile", help="Mapping profile to read it by.", exists=True, dir_okay=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Say which adapter reads FILE and why, show its first actions, and count what would be rejected. Writes nothing.

    The whole file is read. Exit code 4 when no adapter fits, the file is damaged, or something must be declared first.
    """
    try:
        options = Options(zone, locale, None, None, read_profile(profile) if profile is not None else None, origin)
        with DrawnProgress(quiet=as_json) as progress:
            progress.begin("reading", file.stat().st_size)
            found = sniff_file(file, options, adapter=adapter, record=record, bytes_read=progress.advance)
            progress.end()
    except ShiraseError as error:
        if as_json:
            print_json({"file": file.name, "source": None, "problems": [asdict(p) for p in error.diagnostics()]})
        raise
    sheet = sniff_sheet(found)
    if as_json:
        print_json(sheet)
    else:
        _print(sheet)


def _print(sheet: dict[str, Any]) -> None:
    heading = Text(f"{sheet['file']}: ", style="bold")
    heading.append(sheet["source"], style="bold green")
    wrapped = f'record = "{sheet["record"]}"' if sheet["record"] else ""
    heading.append(f'  adapter = "{sheet["source"]}" {wrapped}'.rstrip(), style="dim")
    out.print(heading)
    reasons = [(entry["source"], entry["reason"]) for entry in sheet["candidates"]]
    out.print(table("Fits", ["adapter", "reason"], reasons))
    names = ("read", "records", "actions", "duplicates", "rejects", "not_an_action", "previews", "headers", "footers")
    out.print(table("Every record is somewhere", [n.replace("_", " ") for n in names], [[sheet[n] for n in names]]))
    if sheet["first_actions"]:
        rows = [[row[name] or "-" for name in _TABLE] for row in sheet["first_actions"]]
        out.print(table("First actions", ["time", "actor", "action", "code", "outcome", "id"], rows))
    if sheet["first_rejects"]:
        rejects = [(entry["line"], entry["reason"], entry["detail"]) for entry in sheet["first_rejects"]]
        out.print(table("Would be rejected", ["line", "reason", "detail"], rejects))
    for title, key in (
        ("Rejects by reason", "reject_reasons"), ("Not an action", "not_an_action_by_kind"),
        ("Never taken in", "stripped"), ("Fields the adapter does not know", "unknown_fields"),
        ("Actions the adapter does not know", "unknown_actions"), ("Outcomes nobody knows", "unknown_outcomes"),
    ):  # fmt: skip
        if sheet[key]:
            most = sorted(sheet[key].items(), key=lambda entry: -entry[1])[:20]
            out.print(table(title, ["", "records"], most))
    for remark in sheet["remarks"]:
        err.print(Text(f"WARNING {sheet['file']} {remark['what']} → {remark['mend']}", style="bold yellow"))
