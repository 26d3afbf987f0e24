"""``send``: every mail made and looked at; sent only when somebody says so twice. ``sending``: the switch."""

import ipaddress
import random
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, Reason, acting, one_step, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.key_options import Credential, Descriptor
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Jobs, Json, Out
from shirase.cli.progress import DrawnProgress
from shirase.cli.secrets import read_secret
from shirase.delivery.dialogue import MailConnection, Patience
from shirase.domain.delivery import Outcome
from shirase.domain.delivery_settings import MailServer, Tls
from shirase.domain.errors import Problem, UsageError
from shirase.domain.exits import ExitCode
from shirase.domain.recipients import latest_day
from shirase.domain.review import Operator
from shirase.domain.sending import BY_HAND, Switch, masked
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.mail_protection import read_mail_keys
from shirase.pipeline.outbox import Outbox, read_plan
from shirase.pipeline.outgoing import Outgoing, read_outgoing
from shirase.pipeline.send import Ending, Sending, SendOptions, SendRun, SendTools
from shirase.pipeline.send_gates import require_canary, require_confirmed, require_same_plan
from shirase.pipeline.send_plan import Planned, PlanOptions, PlanTools, list_orders, make_plan
from shirase.pipeline.sink import send_to_sink
from shirase.settings import default_jobs
from shirase.wiring import now, open_incident_ledger

sending = typer.Typer(
    no_args_is_help=True,
    help="Pause, stop or open the sending of mails. Anybody in a role may; it counts before the next mail.",
)
_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(send)
    app.add_typer(sending, name="sending")


@guarded
def send(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    report: Annotated[
        list[str] | None, typer.Option("--report", help="Only this report or customer id; repeatable.")
    ] = None,
    canary: Annotated[bool, typer.Option("--canary", help="To the mailboxes of our own instead of customers.")] = False,
    really: Annotated[bool, typer.Option("--really", help="Send. Without it nothing leaves this machine.")] = False,
    manifest: Annotated[str, typer.Option("--manifest", metavar="DIGEST", help="Of the manifest; 12 digits do.")] = "",
    count: Annotated[int | None, typer.Option("--count", help="How many mails the plan says go out.")] = None,
    wave: Annotated[int | None, typer.Option("--wave", min=1, help="Only this wave of the plan.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many mails at most in this run.")] = None,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="Wait for servers that put mails off, and for the hours of customers.")
    ] = False,
    without_canary: Annotated[
        str,
        typer.Option("--without-canary", metavar="REASON", help="Why no canary is wanted; it stays in the journal."),
    ] = "",
    again: Annotated[
        str, typer.Option("--again", metavar="DELIVERY", help="Once more, linked to the first: what came to nothing.")
    ] = "",
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="With --again: another mailbox of the list.")] = "",
    remind: Annotated[
        int | None, typer.Option("--remind", metavar="DAYS", help="Reminders of what nobody confirmed for so long.")
    ] = None,
    sink: Annotated[
        str | None, typer.Option("--to-sink", metavar="HOST:PORT", help="The whole batch to a capture server here.")
    ] = None,
    descriptor: Descriptor = None,
    credential: Credential = None,
    smime_descriptor: Annotated[
        int | None,
        typer.Option("--smime-passphrase-fd", metavar="N", help="Descriptor with the S/MIME key's passphrase."),
    ] = None,
    smime_credential: Annotated[
        str | None,
        typer.Option("--smime-credential", metavar="NAME", help="Credential with the S/MIME key's passphrase."),
    ] = None,
    jobs: Jobs = None,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Make every mail, look at each, and show the plan. With --really, send them. For senders.

    Nothing is sent by default: each mail lies in mail/ as it would be sent. A real sending needs --really, the digest
    of the manifest and the number of mails, which the plan shows, and a canary that came back. It may be broken off at
    any time, and run again: no mail goes out twice. Exit code 8 when one was refused, put off, or nobody knows.
    """
    if sink is not None and really:
        raise UsageError(Problem("a sink is for what is not really sent", "--to-sink", "leave --really away"))
    target = _sink_server(sink) if sink is not None else None
    with DrawnProgress(quiet=as_json) as progress:
        outgoing = read_locked(case, out_folder, ledger, progress)
        with closing(IncidentReview(outgoing.output, open_incident_ledger(outgoing.output.root, ledger))) as review:
            operator = acting(review, by) if really else None
            chosen = _chosen(outgoing, report or [])
            options = PlanOptions(
                chosen, canary=canary, again=again, to=to, jobs=jobs or default_jobs(),
                remind_after=timedelta(days=remind) if remind is not None else None,
            )  # fmt: skip
            seen = read_plan(Outbox.of(outgoing.output))
            keys = read_mail_keys(
                outgoing,
                now=now(),
                passphrase=lambda: read_secret(
                    "Passphrase of the S/MIME key", descriptor=smime_descriptor, name=smime_credential
                ),
            )
            planned = make_plan(outgoing, review.ledger, options, PlanTools(now, keys), progress)
            if operator is not None:
                require_same_plan(seen, planned.written)
                require_confirmed(planned.written, manifest=manifest, count=count or 0, mails=len(planned.pending))
                if not canary:
                    require_canary(outgoing, review.ledger, without=without_canary)
                    if without_canary.strip():
                        review.ledger.deliveries.remark(operator, f"without a canary: {without_canary.strip()}")
                secret = _password(outgoing.settings.server, descriptor, credential)
                run = _send(
                    outgoing, review, operator, planned, options, SendOptions(wave, limit, until_done), secret, progress
                )
            elif target is not None:
                connection = MailConnection(target, "", authority=None, patience=Patience())
                mails = [each for each in planned.written.mails if each.kind != BY_HAND]
                attempts = list(send_to_sink(outgoing, mails, connection, progress))
    if operator is not None:
        _show_run(run, planned, as_json=as_json)
    elif target is not None:
        _show_sink([(mail.delivery_id, attempt.reply, attempt.outcome) for mail, attempt in attempts], as_json=as_json)
    else:
        _show_plan(outgoing, planned, as_json=as_json)


@sending.command()
@guarded
def pause(folder: IncidentFolder, reason: Reason, by: Acting = None, ledger: LedgerUrl = None) -> None:
    """Let a sending wait before its next mail, until somebody opens it again."""
    _turn(folder, Switch.PAUSED, reason, by, ledger)


@sending.command()
@guarded
def stop(folder: IncidentFolder, reason: Reason, by: Acting = None, ledger: LedgerUrl = None) -> None:
    """End a sending before its next mail; none can begin until somebody opens it again."""
    _turn(folder, Switch.STOPPED, reason, by, ledger)


@sending.command(name="open")
@guarded
def open_again(folder: IncidentFolder, reason: Reason, by: Acting = None, ledger: LedgerUrl = None) -> None:
    """Let mails go out again."""
    _turn(folder, Switch.OPEN, reason, by, ledger)


def _turn(folder: Path, switch: Switch, reason: str, by: str | None, url: str | None) -> None:
    with opened(folder, url) as review:
        review.ledger.deliveries.turn(acting(review, by), switch, reason)
    out.print(Text(f"Sending is {switch.value}.", style="green" if switch is Switch.OPEN else "bold yellow"))


def read_locked(case: Path, out_folder: Path, url: str | None, progress: DrawnProgress) -> Outgoing:
    """Read what is to go out, while no step changes it."""
    with one_step(case, out_folder, "send", url=url):
        return read_outgoing(case, out_folder, progress, today=latest_day(now()), jobs=default_jobs())


def _chosen(outgoing: Outgoing, wanted: list[str]) -> tuple[str, ...]:
    by_key = {owner.customer_id: report_id for report_id, owner in outgoing.owners.items()}
    by_key |= {report_id: report_id for report_id in outgoing.owners}
    if unknown := [each for each in wanted if each not in by_key]:
        mend = "give a report id or customer id of the manifest"
        raise UsageError(*(Problem("is not sealed", each, mend) for each in unknown))
    return tuple(dict.fromkeys(by_key[each] for each in wanted))


def _sink_server(sink: str) -> MailServer:
    """A capture server on this machine: one elsewhere may be a real one by mistake."""
    host, _, port = sink.rpartition(":")
    host = host.strip("[]")
    is_here = host == "localhost"
    if not is_here:
        try:
            is_here = ipaddress.ip_address(host).is_loopback
        except ValueError:
            is_here = False
    if not is_here or not port.isdigit() or not 0 < int(port) < 65536:
        mend = "a port of this machine, such as 127.0.0.1:2525; `ssh -L` brings another machine's here"
        raise UsageError(Problem("is no capture server on this machine", f"--to-sink {sink}", mend))
    return MailServer(host=host, port=int(port), tls=Tls.NONE)


def _password(server: MailServer, descriptor: int | None, credential: str | None) -> str:
    return read_secret(f"Password of {server.user}", descriptor=descriptor, name=credential) if server.user else ""


def _send(
    outgoing: Outgoing, review: IncidentReview, operator: Operator, planned: Planned, options: PlanOptions,
    chosen: SendOptions, secret: str, progress: DrawnProgress,
) -> SendRun:  # fmt: skip
    server = outgoing.settings.server
    authority = outgoing.folder / server.authority if server.authority else None

    def connect() -> MailConnection:
        return MailConnection(server, secret, authority=authority, patience=Patience())

    tools = SendTools(connect, now, time.sleep, random.random)
    wanted = list_orders(outgoing, review.ledger, options, planned.written.made_at)
    orders = {each.order.delivery_id: each.order for each in wanted}
    return Sending(outgoing, review.ledger, operator, tools).run(planned.written, orders, chosen, progress)


def _show_plan(outgoing: Outgoing, planned: Planned, *, as_json: bool) -> None:
    plan = planned.written
    if as_json:
        print_json(
            {
                "pending": len(planned.pending), "plan": plan.digest, "manifest": plan.manifest_digest,
                "recipients": plan.list_digest,
                "mails": [asdict(each) for each in plan.mails],
                "refused": {name: [asdict(each) for each in problems] for name, problems in planned.refused.items()},
            }
        )  # fmt: skip
    else:
        _print_plan(outgoing, planned)
    if planned.refused:
        raise typer.Exit(ExitCode.GATE_REFUSED)
    if not as_json:
        words = f"--really --manifest {plan.manifest_digest[:12]} --count {len(planned.pending)}"
        out.print(f"Nothing was sent. To send: {words}", markup=False)


def _print_plan(outgoing: Outgoing, planned: Planned) -> None:
    plan = planned.written
    waves = Counter((each.wave, each.kind) for each in plan.mails)
    size = {key: sum(each.size for each in plan.mails if (each.wave, each.kind) == key) for key in waves}
    reports = {key: len({each.report_id for each in plan.mails if (each.wave, each.kind) == key}) for key in waves}
    rows = [
        (wave or "canary", kind.replace("_", " "), number, reports[wave, kind], f"{size[wave, kind] / 1e6:,.1f}")
        for (wave, kind), number in sorted(waves.items())
    ]
    out.print(table("Plan", ["wave", "kind", "deliveries", "reports", "MB"], rows))
    first = [(each.wave, each.report_id, each.customer_id, masked(each.address), each.kind) for each in plan.mails]
    columns = ["wave", "report", "customer", "to", "kind"]
    out.print(table(f"The first {min(_SHOWN, len(first))} of {len(first)}", columns, first[:_SHOWN]))
    if len(planned.pending) < len(plan.mails):
        out.print(f"{len(planned.pending)} of these would go out by mail now; the others are out, or go by hand.")
    refused = [(name, problem.what, problem.mend) for name, problems in planned.refused.items() for problem in problems]
    if refused:
        out.print(table(f"Refused: {len(planned.refused)} mails", ["mail", "why", "what to do"], refused[:40]))
    out.print(f"mails: {Outbox.of(outgoing.output).root}    manifest {plan.manifest_digest[:12]}", markup=False)


def _show_run(run: SendRun, planned: Planned, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "ending": run.ending.value, "reason": run.reason, "recovered": list(run.recovered),
                "attempts": {name: asdict(each) for name, each in run.attempts.items()},
                "stopped": {name: [asdict(each) for each in found] for name, found in run.stopped.items()},
                "refused": list(planned.refused), "waiting": run.waiting,
            }
        )  # fmt: skip
    else:
        _print_run(run, planned)
    is_whole = run.ending is Ending.DONE and run.count(Outcome.ACCEPTED) == len(run.attempts)
    if run.stopped or run.recovered or planned.refused or not is_whole:
        raise typer.Exit(ExitCode.DELIVERY_OPEN)


def _print_run(run: SendRun, planned: Planned) -> None:
    styles = {
        Outcome.ACCEPTED: "green",
        Outcome.UNKNOWN: "bold red",
        Outcome.REFUSED: "red",
        Outcome.DEFERRED: "yellow",
    }
    line = Text()
    for outcome, style in styles.items():
        line.append(f"{run.count(outcome)} {outcome.value}   ", style=style)
    line.append(f"{len(run.stopped) + len(planned.refused)} stopped by a gate   {run.waiting} waiting")
    out.print(line)
    if run.ending is not Ending.DONE:
        out.print(Text(f"The run ended: {run.ending.value}. {run.reason}", style="bold yellow"))
    rows = [(name, each.outcome.value, each.point.value, each.reply) for name, each in run.attempts.items()
            if each.outcome is not Outcome.ACCEPTED]  # fmt: skip
    rows += [(name, "stopped", "", problem.what) for name, found in run.stopped.items() for problem in found]
    if rows:
        out.print(table("Not accepted", ["mail", "outcome", "point", "why"], rows[:40]))
    if run.recovered:
        what = f"{len(run.recovered)} mails of an earlier run are unknown: `shirase deliveries resolve`"
        out.print(Text(what, style="bold red"))
    out.print(
        "Accepted is not delivered: a server has taken the mail over. `shirase deliveries list` says how all stand."
    )


def _show_sink(rows: list[tuple[str, str, Outcome]], *, as_json: bool) -> None:
    taken = sum(outcome is Outcome.ACCEPTED for _, _, outcome in rows)
    if as_json:
        print_json(
            {
                "mails": len(rows),
                "accepted": taken,
                "others": [row[0] for row in rows if row[2] is not Outcome.ACCEPTED],
            }
        )
    else:
        style = "bold green" if taken == len(rows) else "bold red"
        out.print(Text(f"{taken} of {len(rows)} mails taken by the sink. No ledger heard of it.", style=style))
    if taken != len(rows):
        raise typer.Exit(ExitCode.DELIVERY_OPEN)
