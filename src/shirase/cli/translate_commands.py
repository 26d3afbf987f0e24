"""``shirase translate``: what waits for a translator, the file they work on, and who confirmed what."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.case.translations import Translations
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import CaseFolder, Json
from shirase.domain.exits import ExitCode
from shirase.domain.translation import waiting
from shirase.pipeline.run_sheet import translation_counts
from shirase.pipeline.translate import (
    Signer,
    TranslationRound,
    confirm_translations,
    export_translations,
    import_translations,
    translation_status,
)
from shirase.wiring import now

_SHOWN = 60

By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who vouches that both languages say the same; kept with each text.")
]

translate_app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Texts out to translators and back. Every text that a case has in both languages has to be confirmed by "
        "somebody, by name; an edit of either text takes that away, and every page of a draft then says so.\n\n"
        "Usual order: `status`, `export`, the translator's tool, `import`."
    ),
)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(translate_app, name="translate")
    translate_app.command()(status)
    translate_app.command()(export)
    translate_app.command(name="import")(import_)
    translate_app.command()(confirm)


@guarded
def status(case: CaseFolder, as_json: Json = False) -> None:
    """Show which texts nobody has confirmed as they stand. Exit code 5 while there is one.

    stale: the source was changed after the translation had been confirmed. edited: the translation was changed.
    new: never confirmed in any form.
    """
    translations = translation_status(case)
    waits = waiting(translations.judged)
    if as_json:
        print_json(_listed(translations))
    else:
        counts = translation_counts(translations.judged)
        out.print(table(f"{translations.incident_id}: texts in both languages", counts.keys(), [counts.values()]))
        rows = [
            (entry.state.value, entry.unit.place, _short(entry.unit.source), _short(entry.unit.target))
            for entry in waits
        ]
        if rows:
            out.print(table("Waiting for somebody to confirm", ["", "place", "source", "translation"], rows))
    if waits:
        raise typer.Exit(ExitCode.GATE_REFUSED)


@guarded
def export(
    case: CaseFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE.po", help="PO file to write; one that is there is replaced.")],
    as_json: Json = False,
) -> None:
    """Write a PO file (gettext) for a translator's tool: every text, those not confirmed marked fuzzy.

    Where the source was changed, the entry carries the source that had been translated (`#| msgid`).
    """
    translations = export_translations(case, file, now().date())
    if as_json:
        print_json({"file": str(file), **_listed(translations)})
        return
    fuzzy = len(waiting(translations.judged))
    out.print(f"{len(translations.judged)} texts written to {file}, {fuzzy} of them marked fuzzy", markup=False)
    out.print(f"Next:  shirase translate import {case} {file} --by NAME", markup=False, soft_wrap=True)


@guarded
def import_(
    case: CaseFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE.po", help="What the translator sent back.")],
    by: By,
    as_json: Json = False,
) -> None:
    """Take over a translator's PO file: texts into their files, and entries no longer fuzzy as confirmed.

    The whole case is checked with the new texts before a file is touched; comments in TOML files stay. Nothing is
    written when the file or the resulting case cannot be used (exit code 4), or when a source was changed after the
    export (exit code 5).
    """
    _print_round(import_translations(case, file, Signer(by, now().date())), as_json=as_json)


@guarded
def confirm(
    case: CaseFolder,
    by: By,
    places: Annotated[
        list[str] | None,
        typer.Option("--place", help="Only texts at this place, as `status` prints it, or below; may be repeated."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Confirm, by name, that the two languages say the same as they stand: after reading both."""
    done = confirm_translations(case, Signer(by, now().date()), tuple(places or ()))
    _print_round(done, as_json=as_json)


def _print_round(done: TranslationRound, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(done))
        return
    line = Text(f"{len(done.texts)} texts changed, {len(done.confirmed)} confirmed", style="bold green")
    if done.waiting:
        line.append(f"; {len(done.waiting)} wait: `shirase translate status` shows them", style="yellow")
    out.print(line)


def _listed(translations: Translations) -> dict[str, object]:
    return {
        "incident_id": translations.incident_id,
        "drafted_in": translations.drafted_in.value,
        "counts": translation_counts(translations.judged),
        "texts": [
            {
                "place": entry.unit.place,
                "state": entry.state.value,
                "source": entry.unit.source,
                "target": entry.unit.target,
                "source_confirmed": entry.confirmed.source if entry.confirmed else None,
                "target_confirmed": entry.confirmed.target if entry.confirmed else None,
                "confirmed_by": entry.confirmed.confirmed_by if entry.confirmed else None,
                "confirmed_on": entry.confirmed.confirmed_on.isoformat() if entry.confirmed else None,
            }
            for entry in translations.judged
        ],
    }


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
