"""``preflight``: whether mails in this sender's name will be taken, and believed, before the first is sent."""

from dataclasses import asdict

import typer
from rich.text import Text

from shirase.case.delivery_files import read_delivery_settings
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.key_options import Credential, Descriptor
from shirase.cli.options import DEFAULT_OUT, CaseFolder, Json, Out
from shirase.cli.secrets import read_secret
from shirase.delivery.names import UnansweredError, system_names
from shirase.delivery.preflight import Sending, check_sender
from shirase.domain.errors import PlatformError, Problem
from shirase.domain.exits import ExitCode
from shirase.domain.preflight import Verdict
from shirase.pipeline.outbox import Outbox, read_plan
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.step import incident_folder
from shirase.wiring import now

_SIGNS = {
    Verdict.GOOD: ("✓", "green"), Verdict.WARNING: ("!", "yellow"), Verdict.BAD: ("✗", "bold red"),
    Verdict.UNKNOWN: ("?", "yellow"),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(preflight)


@guarded
def preflight(
    case: CaseFolder,
    out_folder: Out = DEFAULT_OUT,
    descriptor: Descriptor = None,
    credential: Credential = None,
    as_json: Json = False,
) -> None:
    """Look at the sender and its server: SPF, DKIM, DMARC, where answers go, TLS, login, size. Sends nothing.

    Exit code 5 when something is found for which mails would be lost or distrusted.
    """
    settings = read_delivery_settings(case)
    folder = incident_folder(case, out_folder)
    plan = read_plan(Outbox.of(OutputFolder(folder))) if folder is not None else None
    largest = max((each.size for each in plan.mails), default=0) if plan is not None else 0
    password = ""
    if settings.server.user and (descriptor is not None or credential is not None):
        password = read_secret(f"Password of {settings.server.user}", descriptor=descriptor, name=credential)
    authority = case / settings.server.authority if settings.server.authority else None
    try:
        names = system_names()
    except UnansweredError as error:
        mend = "start it where a name server answers, best where the mails are sent from"
        raise PlatformError(Problem(str(error), "DNS", mend)) from error
    checks = check_sender(settings, names, Sending(largest, now(), password, authority))
    if as_json:
        print_json([asdict(each) for each in checks])
    else:
        rows = [
            (Text(_SIGNS[each.verdict][0], style=_SIGNS[each.verdict][1]), each.name, each.what, each.mend)
            for each in checks
        ]
        out.print(table("Before the first mail", ["", "check", "found", "what to do"], rows))
        if plan is None:
            out.print("No mail is planned yet: `shirase send` says how large the largest is.")
    if any(each.verdict is Verdict.BAD for each in checks):
        raise typer.Exit(ExitCode.GATE_REFUSED)
