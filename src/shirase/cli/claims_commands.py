"""``shirase claims``: what every figure of the texts rests on, and the public statement."""

from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Json, Out
from shirase.cli.progress import DrawnProgress
from shirase.domain.exits import ExitCode
from shirase.pipeline.claims import ClaimsLedger, claims_sheet, run_claims
from shirase.pipeline.output import write_json
from shirase.pipeline.scope import require_permissions_hold, require_signed_off, run_scope
from shirase.pipeline.statement import StatementPack, run_statement
from shirase.settings import default_jobs

_QUERY_SHOWN = 110


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(claims)


@guarded
def claims(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    statement: Annotated[
        bool, typer.Option("--statement", help="Also write the public statement, in both languages.")
    ] = False,
    zone: Annotated[
        str, typer.Option("--zone", help="IANA time zone that the statement prints beside UTC.")
    ] = "Asia/Tokyo",
    as_json: Json = False,
) -> None:
    """Trace every figure of the texts to a query over the log, and put the queries again.

    Each figure is printed with its query, the result, and the texts that name it; claims of `claims.toml` and the
    sentences of `permissions.toml` with the result they rest on; and the sentences that state a number in words, or
    speak of everything, and rest on nothing. With --statement the same run writes the public statement: two pages,
    figures and timeline as tables. It is inspected first: the languages say the same, and no customer is named.
    Exit code 5 when a figure is not what the log says, a claim does not hold, or the statement has a blocker.
    """
    with DrawnProgress(quiet=as_json) as progress:
        run = run_scope(case, out_folder, progress, jobs=default_jobs())
        require_signed_off(run)
        if statement:
            require_permissions_hold(run)
        ledger = run_claims(run)
        pack = run_statement(run, zone) if statement and not ledger.wrong else None
    write_json(run.output.root / "claims.json", claims_sheet(ledger))
    if as_json:
        print_json({**claims_sheet(ledger), "statement": _sheet(pack)})
    else:
        print_claims(ledger)
        if pack is not None:
            _print_pack(pack)
    if ledger.wrong or (pack is not None and pack.blocked):
        raise typer.Exit(ExitCode.GATE_REFUSED)


def print_claims(ledger: ClaimsLedger) -> None:
    """Print the ledger as tables."""
    out.print(_values(ledger))
    out.print(_each_customer(ledger))
    if ledger.borne:
        out.print(_borne(ledger))
    if ledger.untraced:
        rows = [(words.place, words.rule, words.found, words.sentence) for words in ledger.untraced]
        title = "Rest on nothing: read them once more, or add a claim"
        out.print(table(title, ["place", "", "words", "sentence"], rows))
    if ledger.wrong:
        out.print(Text("Something does not hold", style="bold red"))
    else:
        out.print(Text("Every figure agrees", style="bold green"))


def _values(ledger: ClaimsLedger) -> Group:
    rows = [
        (entry.name, entry.printed, entry.agrees, _shortened(entry.basis), _places(entry.used_in))
        for entry in ledger.entries
    ]
    return table("Values that texts may name", ["value", "result", "agrees", "rests on", "named in"], rows)


def _each_customer(ledger: ClaimsLedger) -> Group:
    rows = [
        (
            entry.name, entry.total, entry.customers, "not counted" if entry.differing is None else not entry.differing,
            _shortened(entry.basis), _places(entry.used_in),
        )
        for entry in ledger.each_customer
    ]  # fmt: skip
    columns = ["value", "sum", "customers", "agrees", "rests on", "named in"]
    return table("Values that each customer has", columns, rows)


def _borne(ledger: ClaimsLedger) -> Group:
    rows = [
        (claim.name, claim.expected, claim.result, claim.holds, "\n".join(claim.rests)) for claim in ledger.borne
    ]  # fmt: skip
    columns = ["claim", "expected", "found", "holds", "what rests on it"]
    return table("Sentences that rest on a result", columns, rows)


def _places(used_in: tuple[str, ...]) -> str:
    return "\n".join(used_in) or "–"


def _print_pack(pack: StatementPack) -> None:
    rows = [
        ("blocker" if finding.blocker else "remark", finding.rule, finding.place, f"{finding.what}\n→ {finding.mend}")
        for finding in pack.findings
    ]
    if rows:
        out.print(table("Findings in the statement", ["", "rule", "place", "what, and what to do"], rows))
    if pack.blocked:
        out.print(Text("The statement was not written", style="bold red"))
    else:
        out.print(f"{pack.folder}: {', '.join(sorted(pack.files))}", markup=False, soft_wrap=True)


def _sheet(pack: StatementPack | None) -> dict[str, object] | None:
    if pack is None:
        return None
    findings = [
        {"rule": each.rule, "place": each.place, "what": each.what, "mend": each.mend, "blocker": each.blocker}
        for each in pack.findings
    ]
    return {"folder": str(pack.folder), "written": not pack.blocked, "files": sorted(pack.files), "findings": findings}


def _shortened(query: str) -> str:
    return query if len(query) <= _QUERY_SHOWN else f"{query[:_QUERY_SHOWN]}…"
