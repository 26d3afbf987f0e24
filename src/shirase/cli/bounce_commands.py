"""``bounces``: what came back; ``preflight``: whether mails in this name will be believed."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.case.delivery_files import read_delivery_settings
from shirase.cli.acting import Acting, LedgerUrl, acting
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.key_options import Credential, Descriptor
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Json, Out
from shirase.cli.progress import DrawnProgress
from shirase.cli.secrets import read_secret
from shirase.delivery.mailbox import open_imap, open_maildir
from shirase.domain.delivery_settings import DeliverySettings, ImapServer, MaildirSection
from shirase.domain.errors import Problem, UsageError
from shirase.domain.exits import ExitCode
from shirase.domain.returned import MEANINGS, Returned
from shirase.pipeline.bounces import Bounces, Box, CameBack
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.outbox import Outbox
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.step import incident_folder
from shirase.wiring import open_incident_ledger

_SHOWN = 60


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(bounces)


@guarded
def bounces(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    maildir: Annotated[
        list[Path] | None, typer.Option("--maildir", help="Another folder with mails; repeatable.")
    ] = None,
    descriptor: Descriptor = None,
    credential: Credential = None,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Read what came back: failure reports, automatic answers, answers of people, and canaries that came round.

    The mailboxes of delivery.toml are only looked at: nothing is marked, moved or deleted. A report counts as evidence
    only when it came to the address, or names the id, that one mail alone was given; all else is shown to a person.
    Mailboxes of several users take a password each, in the order of delivery.toml: a line each, or a credential called
    NAME-USER. Exit code 8 when a mail was not delivered, or a canary came back changed.
    """
    settings = read_delivery_settings(case)
    folder = incident_folder(case, out_folder) or out_folder
    outbox = Outbox.of(OutputFolder(folder))
    with ExitStack() as stack, DrawnProgress(quiet=as_json) as progress:
        review = stack.enter_context(
            closing(IncidentReview(OutputFolder(folder), open_incident_ledger(folder, ledger)))
        )
        boxes = list(_boxes(stack, case, settings, maildir or [], descriptor, credential))
        if not boxes:
            mend = "write [imap] or [maildir] in delivery.toml, or give --maildir"
            raise UsageError(Problem("no mailbox is named", "delivery.toml", mend))
        found = Bounces(outbox, review.ledger, acting(review, by), settings.sender.bounces).read(boxes, progress)
    if as_json:
        print_json(_as_json(found))
    else:
        _show(found)
    if any(not trip.is_good for trip in found.rounds.values()) or any(each.kind == "failed" for each in found.returned):
        raise typer.Exit(ExitCode.DELIVERY_OPEN)


def _boxes(
    stack: ExitStack, case: Path, settings: DeliverySettings, more: list[Path], descriptor: int | None,
    credential: str | None,
) -> Iterator[Box]:  # fmt: skip
    canary = settings.canary
    servers: list[ImapServer | None] = [settings.imap, canary.imap if canary is not None else None]
    folders: list[MaildirSection | None] = [settings.maildir, canary.maildir if canary is not None else None]
    secrets: dict[str, str] = {}
    users = {server.user for server in filter(None, servers)}
    for server in filter(None, servers):
        name = f"{server.user}@{server.host}/{server.folder}"
        if server.user not in secrets:
            kept = f"{credential}-{server.user}" if credential is not None and len(users) > 1 else credential
            secrets[server.user] = read_secret(f"Password of {server.user}", descriptor=descriptor, name=kept)
        authority = case / server.authority if server.authority else None
        yield Box(name, stack.enter_context(open_imap(server, secrets[server.user], authority)))
    for path in (*(case / each.path for each in filter(None, folders)), *more):
        yield Box(str(path), open_maildir(path))


def _as_json(found: CameBack) -> dict[str, object]:
    return {
        "looked_at": found.looked_at,
        "returned": [{**_plain(each), "means": MEANINGS[each.kind]} for each in found.returned],
        "round_trips": {name: {**asdict(trip), "good": trip.is_good} for name, trip in found.rounds.items()},
    }


def _plain(each: Returned) -> dict[str, object]:
    values = asdict(each)
    return {**values, "at": each.at.isoformat() if each.at is not None else None}


def _show(found: CameBack) -> None:
    out.print(f"{found.looked_at} mails looked at, {len(found.returned)} came back and are new.")
    for name, trip in found.rounds.items():
        style = "bold green" if trip.is_good else "bold red"
        words = "came round as it was sent" if trip.is_good else "came round CHANGED: do not send before you know why"
        out.print(Text(f"{name}: {words}", style=style))
        for each in trip.differences:
            out.print(Text(f"  {'✗' if each.is_bad else '!'} {each.what}", style="red" if each.is_bad else "yellow"))
        if trip.authentication:
            out.print(f"  the receiving server says: {', '.join(trip.authentication)}")
    rows = [
        (each.kind.value.replace("_", " "), each.delivery_id or "?", each.recipient, each.status,
         each.doubt or each.diagnostic, "yes" if each.is_evidence else "a person says")
        for each in found.returned
    ]  # fmt: skip
    if rows:
        columns = ["kind", "delivery", "recipient", "status", "says", "counts"]
        out.print(table("Came back", columns, rows[:_SHOWN]))
        for kind in dict.fromkeys(each.kind for each in found.returned):
            out.print(Text(f"{kind.value.replace('_', ' ')}: {MEANINGS[kind]}", style="dim"))
