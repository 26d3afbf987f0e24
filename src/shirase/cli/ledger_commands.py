"""Commands about the ledger itself: ``operators``, ``journal``, ``deadlines``."""

import json
import re
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, name_given, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import Json
from shirase.domain.deadlines import Alarm, alarm
from shirase.domain.errors import Problem, TamperedError, UsageError
from shirase.domain.review import Operator
from shirase.domain.standing import Due, Standing
from shirase.pipeline.review_rules import titles_of_deadlines
from shirase.wiring import now

operators = typer.Typer(no_args_is_help=True, help="Who may act in an incident, and in which roles.")
TOLD = ("role", "number", "kind", "roles", "reason", "text", "statement", "until", "note", "pdf_digest")
"""What people want to see of an entry; --json has everything."""


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(operators, name="operators")
    app.command()(journal)
    app.command()(deadlines)


@operators.command(name="add")
@guarded
def add_operator(
    folder: IncidentFolder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As it shall stand in the journal.")],
    role: Annotated[
        list[str] | None, typer.Option("--role", help="responder, legal, comms or sender; may be repeated.")
    ] = None,
    service: Annotated[bool, typer.Option("--service", help="A program, not a person: it approves nothing.")] = False,
    retire: Annotated[bool, typer.Option("--retire", help="This operator may act no more.")] = False,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Add an operator, or change the roles of one. This begins the ledger of an incident.

    The first operator adds themself, as responder; later ones are added by a responder. Nobody changes their own roles.
    """
    person = Operator(name, tuple(role or ()), service, not retire)
    with opened(folder, ledger, create=True) as review:
        acts = name_given(by)
        review.ledger.people.put(Operator(acts, ()), person)
        _show_people(review.ledger.people.everybody(), as_json=as_json)


@operators.command(name="list")
@guarded
def list_operators(folder: IncidentFolder, ledger: LedgerUrl = None, as_json: Json = False) -> None:
    """List everybody who may act, and those who no longer may."""
    with opened(folder, ledger) as review:
        _show_people(review.ledger.people.everybody(), as_json=as_json)


@guarded
def journal(
    folder: IncidentFolder,
    verify: Annotated[
        bool, typer.Option("--verify", help="Prove that nothing was changed; exit code 7 if so.")
    ] = False,
    head: Annotated[
        str | None, typer.Option("--head", metavar="N:DIGEST", help="Hold it against a head noted elsewhere.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many entries, the last first.")] = 40,
    about: Annotated[str | None, typer.Option("--about", help="Only one report, hold, comment or operator.")] = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Show what was done, by whom and when; with --verify, prove that journal and state are what was written.

    Note the head that is printed where nobody who can write the ledger can change it: whoever can write both ledger
    and folder could otherwise write both anew.
    """
    with opened(folder, ledger) as review:
        breaks = review.ledger.find_breaks(_noted(head)) if verify or head else []
        number, digest = review.ledger.overview.head()
        entries = review.ledger.overview.entries(limit=limit, subject=about)
    if as_json:
        listed = [{**asdict(each), "at": each.at.isoformat()} for each in entries]
        sound = not breaks if verify or head else None
        print_json(
            {"head": f"{number}:{digest}", "sound": sound, "breaks": [asdict(b) for b in breaks], "entries": listed}
        )
    else:
        rows = [
            (each.number, f"{each.at:%Y-%m-%d %H:%M:%S}Z", each.operator, each.what.replace("_", " "), each.subject,
             _in_words(each.detail))
            for each in entries
        ]  # fmt: skip
        out.print(table("Journal", ["no.", "when", "who", "what", "about", "detail"], rows))
        out.print(Text(f"head {number}:{digest}"), soft_wrap=True)
    if breaks:
        mend = "restore the ledger from a backup, and find out who changed it"
        raise TamperedError(*(Problem(found.what, found.where, mend) for found in breaks))
    if (verify or head) and not as_json:
        out.print(
            Text(f"✓ {number:,} entries and the state that follows from them are what was written", style="green")
        )


@guarded
def deadlines(folder: IncidentFolder, ledger: LedgerUrl = None, as_json: Json = False) -> None:
    """List until when each customer's report has to be out, the nearest first, and which alarms have gone off.

    The earliest defensible reading of each regime is taken. Holds whose day has passed are listed: they still hold.
    """
    titles, moment = titles_of_deadlines(), now()
    with opened(folder, ledger) as review:
        standings, holds = review.standings(), review.ledger.overview.holds()
        lead = review.ledger.overview.alarm_lead()
    found = sorted(
        ((due, standing) for standing in standings for due in standing.deadlines),
        key=lambda pair: (pair[0].at, pair[1].customer_id),
    )
    alarms = [alarm(due.at, moment, lead) for due, _ in found]
    if as_json:
        listed = [_deadline(due, standing, state) for (due, standing), state in zip(found, alarms, strict=True)]
        print_json({"deadlines": listed, "holds": [{**asdict(h), "until": _iso(h.until)} for h in holds]})
        return
    rows = [
        (f"{due.at:%Y-%m-%d %H:%M %Z}", state.value, standing.customer_id, standing.report_id,
         titles.get(due.regime, due.regime), standing.state.replace("_", " "), "held" if standing.holds else "")
        for (due, standing), state in zip(found, alarms, strict=True)
    ]  # fmt: skip
    if not rows:
        out.print("No deadline runs: incident.toml has no [review] aware_at, or everything was sent.", markup=False)
    else:
        missed, pressing = alarms.count(Alarm.MISSED), alarms.count(Alarm.PRESSING)
        title = f"Deadlines: {missed} missed, {pressing} pressing, {len(rows)} in all"
        out.print(table(title, ["until", "alarm", "customer", "report", "what", "state", ""], rows))
    if holds:
        rows_of_holds = [
            (held.id, held.customer_id, held.owner, held.reason, _iso(held.until) or "", held.overdue) for held in holds
        ]
        out.print(table("Holds", ["hold", "customer", "owner", "reason", "look again", "overdue"], rows_of_holds))


def _deadline(due: Due, standing: Standing, state: Alarm) -> dict[str, object]:
    return {
        "at": due.at.isoformat(), "rule": due.regime, "alarm": state.value, "customer_id": standing.customer_id,
        "report_id": standing.report_id, "state": standing.state, "held": bool(standing.holds),
    }  # fmt: skip


def _iso(instant: object) -> str | None:
    return instant.isoformat() if hasattr(instant, "isoformat") else None


def _show_people(people: tuple[Operator, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(person) for person in people])
        return
    rows = [(each.name, ", ".join(each.roles), each.is_service, each.is_active) for each in people]
    out.print(table("Operators", ["name", "roles", "service", "may act"], rows))


def _in_words(detail: str) -> str:
    said = json.loads(detail)
    words = [f"{name} {str(said[name])[:60]}" for name in TOLD if said.get(name) not in (None, "", "plain")]
    return "; ".join(words)


def _noted(head: str | None) -> tuple[int, str] | None:
    if head is None:
        return None
    if not re.fullmatch(r"[0-9]{1,12}:[0-9a-f]{64}", head):
        raise UsageError(Problem("is no head of a journal", "--head", "give it as `shirase journal` printed it"))
    number, _, digest = head.partition(":")
    return int(number), digest
