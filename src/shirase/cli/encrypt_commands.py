"""``encrypt``: an extra copy under a passphrase, for a recipient who wishes one."""

from typing import Annotated

import typer

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, acting, chosen_standings, opened
from shirase.cli.console import guarded, out, print_json
from shirase.cli.key_options import Credential, Descriptor
from shirase.cli.options import Json
from shirase.cli.secrets import read_secret
from shirase.domain.review import Move, require_mover
from shirase.pipeline.encrypt import encrypt as make_copy

ANOTHER_WAY = "Tell the passphrase by another way than the file: by telephone, at a number that you had before."


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(encrypt)


@guarded
def encrypt(
    folder: IncidentFolder,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="Report or customer id.")],
    wish: Annotated[str, typer.Option("--wish", help="Who wished it, and when; it stays in the journal.")],
    descriptor: Descriptor = None,
    credential: Credential = None,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Write an extra copy of a sealed report under a passphrase (AES-256), as its recipient wishes. For senders.

    The copy shows the pages and carries the sealed file inside. It replaces nothing: the sealed file is what counts.
    """
    with opened(folder, ledger) as review:
        who = acting(review, by)
        [standing] = chosen_standings(review, [report])
        require_mover(who, Move.SEND, standing.report_id)
        secret = read_secret("Passphrase for the recipient", descriptor=descriptor, name=credential, confirm=True)
        with review.ledger.steps.run(who, f"encrypt {standing.report_id}: {wish}"):
            path = make_copy(review.output, standing.report_id, secret)
    if as_json:
        print_json({"report_id": standing.report_id, "file": str(path)})
    else:
        out.print(f"{path}\n{ANOTHER_WAY}", markup=False, soft_wrap=True)
