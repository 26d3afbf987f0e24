"""``recipients``: who receives which report, approved by a second person apart from the reports."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.acting import Acting, LedgerUrl, Reason, acting, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Json, Out
from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.recipients import latest_day
from shirase.ledger.recipient_lists import ListStanding
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.outgoing import digest_of_recipients
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.recipients import ReadList, draft_list, read_list
from shirase.pipeline.step import incident_folder
from shirase.wiring import has_ledger, now

recipients = typer.Typer(
    no_args_is_help=True,
    help="Who receives which report. The list is approved by a second person, and by its digest: any change of it, or "
    "of a customer's domains or policy, asks for another approval. `draft`, fill in, `check`, `submit`, `approve`.",
)
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(recipients, name="recipients")


@recipients.command()
@guarded
def draft(case: CaseFolder, as_json: Json = False) -> None:
    """Write a first recipients.csv from the mailboxes in customers.csv. Somebody has to check and date every row."""
    rows = draft_list(case)
    if as_json:
        print_json({"rows": rows, "file": str(case / "recipients.csv")})
    else:
        out.print(f"{case / 'recipients.csv'}: {rows} rows. None is checked yet: fill in role, source, checked_on.")


@recipients.command()
@guarded
def check(case: CaseFolder, out_folder: Out = DEFAULT_OUT, ledger: LedgerUrl = None, as_json: Json = False) -> None:
    """Say everything that stands against the list, and what a second person should look at twice."""
    folder = _folder(case, out_folder)
    found = read_list(case, OutputFolder(folder), latest_day(now()))
    standing = None
    if folder.is_dir() and has_ledger(folder, ledger):
        with opened(folder, ledger) as review:
            standing = review.ledger.recipients.find(found.recipients.digest)
    if as_json:
        print_json({**_as_json(found), "approved": bool(standing and standing.counts)})
    else:
        _show(found, standing)


@recipients.command()
@guarded
def submit(
    case: CaseFolder, out_folder: Out = DEFAULT_OUT, by: Acting = None, ledger: LedgerUrl = None, as_json: Json = False
) -> None:
    """Put the list up for approval by somebody else. For responders and senders."""
    with _opened(case, out_folder, ledger) as (review, found):
        digest = found.recipients.digest
        review.ledger.recipients.submit(acting(review, by), digest, len(found.recipients.entries))
    if as_json:
        print_json(_as_json(found))
    else:
        _show(found, None)
        out.print(f"Put up. A second person reads it and types: shirase recipients approve … --list {digest[:12]}")


@recipients.command()
@guarded
def approve(
    case: CaseFolder,
    listed: Annotated[str, typer.Option("--list", metavar="DIGEST", help="The list you looked at; 12 digits do.")],
    out_folder: Out = DEFAULT_OUT,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Approve the very list that you looked at, as a second person."""
    with _opened(case, out_folder, ledger) as (review, found):
        digest = found.recipients.digest
        _require_named(digest, listed)
        review.ledger.recipients.approve(acting(review, by), digest)
    if as_json:
        print_json({**_as_json(found), "approved": True})
    else:
        out.print(Text(f"Approved: {len(found.recipients.entries)} mailboxes, list {digest[:12]}", style="bold green"))


@recipients.command()
@guarded
def revoke(
    case: CaseFolder, reason: Reason, out_folder: Out = DEFAULT_OUT, by: Acting = None, ledger: LedgerUrl = None
) -> None:
    """Take the approval of the present list back: nothing more is sent by it."""
    with _opened(case, out_folder, ledger) as (review, found):
        review.ledger.recipients.revoke(acting(review, by), found.recipients.digest, reason)
    out.print(Text(f"Taken back: list {found.recipients.digest[:12]}", style="yellow"))


@contextmanager
def _opened(case: Path, out_folder: Path, url: str | None) -> Iterator[tuple[IncidentReview, ReadList]]:
    folder = _folder(case, out_folder)
    with opened(folder, url) as review:
        before = digest_of_recipients(case)
        found = read_list(case, OutputFolder(folder), latest_day(now()))
        if digest_of_recipients(case) != before:
            raise NotApprovedError(Problem("is being changed", "recipients.csv", "do it again"))
        yield review, found


def _folder(case: Path, out_folder: Path) -> Path:
    return incident_folder(case, out_folder) or out_folder


def _require_named(digest: str, named: str) -> None:
    if len(named) < 12 or not digest.startswith(named.lower()):
        mend = "look at the list again: `shirase recipients check`"
        raise NotApprovedError(Problem(f"the list on disk is {digest[:12]}, and not {named}", "--list", mend))


def _as_json(found: ReadList) -> dict[str, object]:
    rows = [each.model_dump(mode="json") for each in found.recipients.entries]
    return {"digest": found.recipients.digest, "recipients": rows, "remarks": list(found.remarks)}


def _show(found: ReadList, standing: ListStanding | None) -> None:
    entries = found.recipients.entries
    policies = Counter(each.delivery_policy.value for each in found.addressed)
    rows = [
        ("mailboxes", len(entries)), ("customers", len(found.addressed)),
        ("only when others fail", sum(each.alternate for each in entries)),
        ("emergency mailboxes", sum(each.break_glass for each in entries)),
        ("of another domain, with a reason", sum(bool(each.waiver) for each in entries)), *sorted(policies.items()),
    ]  # fmt: skip
    out.print(table("Recipients", ["what", "how many"], rows))
    remarks = found.remarks
    for remark in remarks[:_SHOWN]:
        out.print(Text(f"! {remark}", style="yellow"))
    if len(remarks) > _SHOWN:
        out.print(f"… and {len(remarks) - _SHOWN} more: --json")
    state = "not approved" if standing is None else f"put up by {standing.submitted_by}, waits for a second person"
    if standing is not None and standing.counts:
        state = f"approved by {standing.approved_by}"
    elif standing is not None and standing.revoked_by:
        state = f"taken back by {standing.revoked_by}: {standing.reason}"
    out.print(Text(f"list {found.recipients.digest[:12]}: {state}", style="bold"))
