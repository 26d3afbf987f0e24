"""``deliveries``: how every report that is owed stands, what a person has to decide, and what proves it."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, Reason, acting, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Json, Out
from shirase.cli.progress import DrawnProgress
from shirase.domain.accounted import Account, Reached, silent_since
from shirase.domain.delivery import DeliveryState
from shirase.domain.errors import Problem, UsageError
from shirase.domain.exits import ExitCode
from shirase.domain.sending import Delivery, Switch
from shirase.pipeline.deliveries import account
from shirase.pipeline.outgoing import read_outgoing
from shirase.pipeline.phone_list import write_phone_list
from shirase.pipeline.proof_pack import write_proof_pack
from shirase.settings import default_jobs
from shirase.wiring import now, open_incident_ledger

deliveries = typer.Typer(
    no_args_is_help=True,
    help="How every report that is owed stands. Nobody is left out: who was never written to is listed by name. "
    "`accepted` says that a mail server took a mail over, `delivered` that the last server reported it.",
)
DeliveryId = Annotated[str, typer.Argument(metavar="DELIVERY", help="Id of a delivery, as `deliveries list` shows it.")]
_STYLES = {
    Reached.ACKNOWLEDGED: "bold green", Reached.DELIVERED: "green", Reached.ACCEPTED: "green",
    Reached.WAITING: "yellow", Reached.BY_HAND: "yellow", Reached.UNKNOWN: "bold red",
    **dict.fromkeys((Reached.FAILED, Reached.NOT_PLANNED, Reached.NOT_SEALED), "red"),
}  # fmt: skip
_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(deliveries, name="deliveries")


@deliveries.command(name="list")
@guarded
def list_all(
    folder: IncidentFolder,
    everything: Annotated[bool, typer.Option("--all", help="Also those that nobody has to look after.")] = False,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Account for everyone who is owed a report. Exit code 8 as long as somebody has to look after one."""
    with opened(folder, ledger) as review:
        accounts = account(review.output, review.ledger)
        switch, who, reason = review.ledger.deliveries.switch()
    if as_json:
        print_json({"sending": switch.value, "reports": [_as_json(each) for each in accounts]})
    else:
        if switch is not Switch.OPEN:
            out.print(Text(f"Sending is {switch.value} by {who}: {reason}", style="bold yellow"))
        _show(accounts, everything=everything)
    if any(each.is_open for each in accounts):
        raise typer.Exit(ExitCode.DELIVERY_OPEN)


@deliveries.command()
@guarded
def show(folder: IncidentFolder, delivery: DeliveryId, ledger: LedgerUrl = None, as_json: Json = False) -> None:
    """Show all that is known of one delivery: the evidence by which a person decides."""
    with opened(folder, ledger) as review:
        found = review.ledger.deliveries.one(delivery)
        events = review.ledger.deliveries.events(delivery)
        returned = review.ledger.deliveries.returned(delivery)
    if as_json:
        print_json({**_delivery_json(found), "events": _plain(events), "returned": _plain(returned)})
        return
    mail = found.mail
    rows = [
        ("state", found.state.value), ("report", f"{mail.report_id}, revision {mail.number}"),
        ("customer", mail.customer_id), ("to", mail.address), ("kind", mail.kind), ("Message-ID", mail.message_id),
        ("envelope id", found.id), ("bytes", f"{mail.size:,}"), ("attempts", found.attempts),
        ("repeats", mail.previous),
    ]  # fmt: skip
    out.print(table(f"Delivery {found.id}", ["what", "is"], [row for row in rows if row[1] != ""]))
    lines = [
        (_moment(each.at), each.event, each.state, each.point, each.reply or each.note, each.operator)
        for each in events
    ]
    out.print(table("What happened", ["when", "event", "state", "point", "reply or note", "by"], lines))
    back = [(_moment(each.read_at), each.kind, each.status, each.diagnostic) for each in returned]
    if back:
        out.print(table("What came back", ["read", "kind", "status", "says"], back))
    if found.state is DeliveryState.UNKNOWN:
        out.print(
            f"Nobody knows whether the server took it. Ask its log for the Message-ID or the envelope id {found.id}: "
            "on Postfix `postqueue -j` and the mail log. Then `shirase deliveries resolve`, --sent or --not-sent.",
            markup=False,
        )


@deliveries.command()
@guarded
def resolve(
    folder: IncidentFolder,
    delivery: DeliveryId,
    evidence: Annotated[str, typer.Option("--evidence", help="Where you looked, and what you found there.")] = "",
    sent: Annotated[bool | None, typer.Option("--sent/--not-sent", help="What became of it.")] = None,
    by: Acting = None,
    ledger: LedgerUrl = None,
) -> None:
    """Say what became of a mail of which nobody knows; without saying it, see the evidence.

    What was not sent is planned again; nothing is sent by this.
    """
    if sent is None:
        show(folder, delivery, ledger=ledger)
        raise UsageError(Problem("say what became of it", "--sent/--not-sent", "`shirase deliveries show` helps"))
    with opened(folder, ledger) as review:
        review.ledger.deliveries.resolve(acting(review, by), delivery, was_sent=sent, evidence=evidence)
    out.print(Text(f"{delivery}: {'accepted' if sent else 'planned again'}", style="green"))


@deliveries.command()
@guarded
def acknowledge(
    folder: IncidentFolder,
    delivery: DeliveryId,
    how: Annotated[str, typer.Option("--how", help="By which way, who, when: by telephone, with Ms Ito, 14:05.")],
    by: Acting = None,
    ledger: LedgerUrl = None,
) -> None:
    """Write down that the customer has confirmed the receipt, or that the report was handed over."""
    with opened(folder, ledger) as review:
        review.ledger.deliveries.acknowledge(acting(review, by), delivery, how)
    out.print(Text(f"{delivery}: acknowledged", style="bold green"))


@deliveries.command()
@guarded
def cancel(
    folder: IncidentFolder, delivery: DeliveryId, reason: Reason, by: Acting = None, ledger: LedgerUrl = None
) -> None:
    """Give up a mail that has not gone out; its report stays on the list as failed until another way is found."""
    with opened(folder, ledger) as review:
        review.ledger.deliveries.cancel(acting(review, by), delivery, reason)
    out.print(Text(f"{delivery}: cancelled", style="yellow"))


@deliveries.command(name="phone-list")
@guarded
def phone_list(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    days: Annotated[int, typer.Option("--days", min=0, help="Also who has not confirmed for so many days.")] = 3,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Write whom to telephone, by which number, and a script for each call, in both languages."""
    with DrawnProgress(quiet=as_json) as progress:
        outgoing = read_outgoing(case, out_folder, progress, today=now().date(), jobs=default_jobs())
    with closing(open_incident_ledger(outgoing.output.root, ledger)) as opened_ledger:
        accounts = account(outgoing.output, opened_ledger)
    silent = {each.report_id for each in silent_since(accounts, now(), timedelta(days=days))}
    chosen = [each for each in accounts if each.report_id in silent or each.is_open]
    path, calls = write_phone_list(outgoing, chosen, now())
    if as_json:
        print_json({"file": path, "calls": calls})
    else:
        out.print(f"{calls} calls: {path}", markup=False)


@deliveries.command()
@guarded
def proof(
    folder: IncidentFolder,
    report: Annotated[list[str], typer.Argument(metavar="REPORT…", help="Report ids.")],
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Write everything that proves what a customer was sent: mails, replies, reports that came back, journal, seal."""
    with opened(folder, ledger) as review:
        paths = [write_proof_pack(review.output, review.ledger, each) for each in report]
    if as_json:
        print_json({"files": paths})
    else:
        for path in paths:
            out.print(path, markup=False)


def _show(accounts: Sequence[Account], *, everything: bool) -> None:
    counts = Counter(each.reached for each in accounts)
    total = len(accounts)
    rows = [
        (reached.value.replace("_", " "), counts[reached], "█" * round(30 * counts[reached] / total))
        for reached in Reached
        if counts[reached]
    ]
    out.print(table(f"{total} reports are owed", ["the best of each", "reports", ""], rows))
    listed = [each for each in accounts if everything or each.is_open or each.failed]
    lines = [
        (
            each.report_id,
            each.customer_id,
            Text(each.reached.value.replace("_", " "), style=_STYLES[each.reached]),
            *_line(one),
        )
        for each in listed
        for one in (each.deliveries or (None,))
    ]
    if lines:
        title = "Everyone" if everything else "Somebody has to look after these"
        columns = ["report", "customer", "stands", "delivery", "to", "state", "last reply"]
        out.print(table(title, columns, lines[:_SHOWN]))
    if len(lines) > _SHOWN:
        out.print(f"… and {len(lines) - _SHOWN} more lines: --json")


def _line(delivery: Delivery | None) -> tuple[str, str, str, str]:
    if delivery is None:
        return "", "", "", ""
    return delivery.id, delivery.mail.address, delivery.state.value.replace("_", " "), delivery.reply


def _as_json(each: Account) -> dict[str, object]:
    return {
        "report_id": each.report_id, "customer_id": each.customer_id, "reached": each.reached.value,
        "open": each.is_open, "failed": each.failed, "deliveries": [_delivery_json(one) for one in each.deliveries],
    }  # fmt: skip


def _delivery_json(delivery: Delivery) -> dict[str, object]:
    values = asdict(delivery)
    return {**values.pop("mail"), **{name: _text(value) for name, value in values.items()}}


def _plain(values: Sequence[object]) -> list[dict[str, object]]:
    return [{name: _text(value) for name, value in asdict(each).items()} for each in values]  # type: ignore[call-overload]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"


def _text(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
