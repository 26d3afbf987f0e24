"""Commands of the review: ``submit``, ``approve``, ``return``, ``withdraw``, ``hold``, ``release``."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, Reason, acting, chosen_standings, named, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import Json
from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.standing import Standing
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.submit import run_submit

Reports = Annotated[list[str] | None, typer.Argument(metavar="REPORT…", help="Report ids or customer ids.")]
Report = Annotated[str, typer.Argument(metavar="REPORT", help="Report id or customer id.")]
LISTED = 20
STATEMENT = "decided in the terminal; shirase does not know which reports were read"


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(submit)
    app.command()(approve)
    app.command(name="return")(send_back)
    app.command()(revoke)
    app.command()(withdraw)
    app.command()(hold)
    app.command()(release)


@guarded
def submit(
    folder: IncidentFolder,
    report: Annotated[
        list[str] | None, typer.Argument(metavar="REPORT…", help="Report or customer ids; all when left out.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why reports that were sent back come again unchanged.")] = "",
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Put the drafts of the last run into review. For responders.

    Reports with other bytes than before become a new revision without approvals; the same bytes keep theirs. The bytes
    of every revision are kept by their digest.
    """
    with opened(folder, ledger) as review:
        who = acting(review, by)
        done = run_submit(review.output, review.ledger, who, chosen=tuple(report or ()), reason=reason)
        standings = list(review.standings())
    if as_json:
        new, same = done.registered.new, done.registered.same
        print_json({"new": list(new), "same": list(same), "submitted": list(done.submitted)})
        return
    counts = (len(done.registered.new), len(done.registered.same), len(done.submitted))
    out.print(table("Submitted", ["new revisions", "unchanged", "put into review"], [counts]))
    _show_states(standings)


@guarded
def approve(
    folder: IncidentFolder,
    report: Reports = None,
    role: Annotated[str | None, typer.Option("--role", help="In which role: legal, comms, sender, responder.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every report in review that lacks this role.")] = False,
    break_glass: Annotated[
        bool,
        typer.Option("--break-glass", help="In place of a role that nobody can reach; needs --reason and a second."),
    ] = False,
    second: Annotated[
        str | None,
        typer.Option("--second", metavar="ID", help="Stand by as second person for what --break-glass asked."),
    ] = None,
    reason: Reason = "",
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Approve the very bytes that are in review, in one role. All reports named, or none.

    The files are hashed at that moment: exit code 7 when they are not what is in review, 6 when it may not be.
    """
    with opened(folder, ledger) as review:
        who = acting(review, by)
        if second is not None:
            standing = _asked_for(review, second)
            review.break_glass(who, second, named(standing))
            chosen = [standing]
        else:
            chosen = _wanted(review, report or [], role, everything=everything)
            if break_glass:
                asked = [review.ledger.decisions.ask_glass(who, _role(role), named(each), reason) for each in chosen]
                _show_asked(chosen, asked, as_json=as_json)
                return
            review.approve(who, _role(role), [named(each) for each in chosen], STATEMENT)
        after = [review.ledger.overview.standings(each.report_id)[0] for each in chosen]
    _show(after, as_json=as_json)


@guarded
def send_back(
    folder: IncidentFolder, report: Report, reason: Reason = "", by: Acting = None, ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Ask for changes. What was approved of these bytes counts no more."""
    with opened(folder, ledger) as review:
        who = acting(review, by)
        [standing] = chosen_standings(review, [report])
        review.send_back(who, named(standing), reason)
        _show(review.ledger.overview.standings(standing.report_id), as_json=as_json)


@guarded
def revoke(
    folder: IncidentFolder, report: Report, reason: Reason = "", by: Acting = None, ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Take your own approval back, until the report is sealed."""
    with opened(folder, ledger) as review:
        who = acting(review, by)
        [standing] = chosen_standings(review, [report])
        review.ledger.decisions.revoke(who, named(standing), reason)
        _show(review.ledger.overview.standings(standing.report_id), as_json=as_json)


@guarded
def withdraw(
    folder: IncidentFolder, report: Report, reason: Reason = "", by: Acting = None, ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Declare that these bytes are no report any more, sent or not. It cannot be undone; other bytes begin anew."""
    with opened(folder, ledger) as review:
        who = acting(review, by)
        [standing] = chosen_standings(review, [report])
        review.ledger.decisions.withdraw(who, named(standing), reason)
        _show(review.ledger.overview.standings(standing.report_id), as_json=as_json)


@guarded
def hold(
    folder: IncidentFolder,
    report: Report,
    until: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Day (UTC) on which somebody looks again.")
    ],
    reason: Reason = "",
    owner: Annotated[str, typer.Option("--owner", help="Who looks after it; you, when left out.")] = "",
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Stop the report of one customer: it can be approved, but neither sealed nor sent.

    When its day has passed an alarm goes off, and the hold goes on until somebody releases it.
    """
    with opened(folder, ledger) as review:
        who = acting(review, by)
        [standing] = chosen_standings(review, [report])
        if owner and review.ledger.people.named(owner) is None:
            raise UsageError(Problem(f"{owner} is no operator of this incident", "--owner", "name one who is"))
        review.ledger.talk.hold(who, standing.customer_id, reason, until.replace(tzinfo=UTC), owner)
        _show(review.ledger.overview.standings(standing.report_id), as_json=as_json)


@guarded
def release(
    folder: IncidentFolder,
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="Its id, as `shirase deadlines` lists it.")],
    reason: Reason = "",
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Release a hold. For its owner, legal and responders."""
    with opened(folder, ledger) as review:
        who = acting(review, by)
        review.release(who, hold_id, reason)
        left = review.ledger.overview.holds()
    if as_json:
        print_json({"released": hold_id, "holds": [each.id for each in left]})
    else:
        out.print(f"Released. {len(left)} holds are left.", markup=False)


def _wanted(review: IncidentReview, reports: list[str], role: str | None, *, everything: bool) -> list[Standing]:
    if everything == bool(reports):
        raise UsageError(Problem("name reports, or give --all", "REPORT…"))
    if not everything:
        return chosen_standings(review, reports)
    lacking = [each for each in review.standings() if each.state == "in_review" and _role(role) in each.missing]
    if not lacking:
        raise NotApprovedError(Problem(f"no report in review lacks the approval of {_role(role)}", "--all"))
    return lacking


def _asked_for(review: IncidentReview, identifier: str) -> Standing:
    report_id = review.ledger.overview.glass_asked(identifier)
    if report_id is None:
        raise NotApprovedError(Problem("nobody asks for that", identifier, "`--break-glass` printed the id"))
    return review.ledger.overview.standings(report_id)[0]


def _role(role: str | None) -> str:
    if role is None:
        raise UsageError(Problem("say in which role", "--role", "legal, comms, sender or responder"))
    return role


def _show_asked(chosen: list[Standing], asked: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({each.report_id: identifier for each, identifier in zip(chosen, asked, strict=True)})
        return
    rows = [(each.report_id, identifier) for each, identifier in zip(chosen, asked, strict=True)]
    out.print(table("Waiting for a second person (approve --second ID)", ["report", "id"], rows))


def _show(standings: tuple[Standing, ...] | list[Standing], *, as_json: bool) -> None:
    if as_json:
        print_json([standing_json(each) for each in standings])
        return
    rows = [
        (each.report_id, each.customer_id, f"{each.state.replace('_', ' ')}, revision {each.revision.number}",
         "\n".join([*(f"✓ {given.role}: {given.operator}{_mark(given.kind)}" for given in each.given),
                    *(f"… {role}" for role in each.missing)]),
         "held" if each.holds else "")
        for each in standings[:LISTED]
    ]  # fmt: skip
    out.print(table("In review", ["report", "customer", "state", "approvals", ""], rows))
    if len(standings) > LISTED:
        out.print(f"… and {len(standings) - LISTED} more, decided likewise.", markup=False)


def _show_states(standings: list[Standing]) -> None:
    states = sorted({each.state for each in standings})
    rows = [(state.replace("_", " "), sum(each.state == state for each in standings)) for state in states]
    out.print(table("Review", ["state", "reports"], rows))


def _mark(kind: str) -> str:
    return "" if kind == "plain" else f" ({kind.replace('_', '-')})"


def standing_json(each: Standing) -> dict[str, object]:
    """How a report stands, for machines."""
    return {
        "report_id": each.report_id, "customer_id": each.customer_id, "state": each.state,
        "revision": each.revision.number, "pdf_sha256": each.revision.pdf_digest,
        "data_sha256": each.revision.data_digest, "missing": list(each.missing),
        "approvals": [
            {"role": given.role, "operator": given.operator, "at": given.at.isoformat(), "kind": given.kind,
             "second": given.second, "reason": given.reason}
            for given in each.given
        ],
        "holds": [held.id for held in each.holds], "open_comments": each.open_comments,
        "glass_broken": each.glass_broken,
    }  # fmt: skip
