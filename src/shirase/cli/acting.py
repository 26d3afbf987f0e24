"""Who acts, on which incident, with which ledger: options that the commands of the review share."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.console import err
from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.review import Move, Operator, require_mover
from shirase.domain.standing import Named, Standing
from shirase.ledger.open import Ledger
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.output import FOLDER_MODE, OutputFolder
from shirase.pipeline.step import Step, exclusive_step, incident_folder
from shirase.settings import acting_operator, login
from shirase.wiring import has_ledger, now, open_incident_ledger

MEND = "`shirase operators list` names those who may; `shirase operators add` adds one"

IncidentFolder = Annotated[Path, typer.Argument(metavar="OUT/INCIDENT", help="Output folder of one incident.")]
LedgerUrl = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="URL",
        help="Where the ledger is kept: $SHIRASE_LEDGER, or ledger.db in the folder. A team gives a PostgreSQL URL.",
    ),
]
Acting = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who acts; by default $SHIRASE_OPERATOR.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stays in the journal.")]


@contextmanager
def opened(folder: Path, url: str | None, *, create: bool = False) -> Iterator[IncidentReview]:
    """The review of an incident, closed afterwards."""
    review = IncidentReview(OutputFolder(folder), open_incident_ledger(folder, url, create=create))
    try:
        yield review
    finally:
        review.close()


@contextmanager
def one_step(
    case: Path, out: Path, what: str, *, by: str | None = None, url: str | None = None
) -> Iterator[Step | None]:
    """Hold the lock of a step that changes the reports of a case; None when the case cannot be read, which it will say.

    Raises:
        NotApprovedError: When somebody is named whom the ledger does not know; or nobody, for a draft of an incident
            that has a ledger: nobody approves their own change, so it has to be known whose it is.
        GateError: When another step runs.
    """
    folder = incident_folder(case, out)
    if folder is None:
        yield None
        return
    name = by or acting_operator()
    with ExitStack() as stack:
        ledger = None
        if has_ledger(folder, url):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            ledger = stack.enter_context(closing(open_incident_ledger(folder, url, create=True)))
            if name is not None or what == "draft":
                require_mover(_known(ledger, name_given(name)), Move.SUBMIT, what)
        operator = Operator(name or login(), ())
        yield stack.enter_context(exclusive_step(folder, what, operator, now(), ledger=ledger))


def acting(review: IncidentReview, name: str | None) -> Operator:
    """Who acts. Says so when the ledger is that of a trial by one person.

    Raises:
        NotApprovedError: When nobody is named, or nobody of that name may act.
    """
    found = _known(review.ledger, name_given(name))
    if review.ledger.people.policy().solo:
        err.print(Text("Solo trial: authors may approve their own reports; every approval says so.", style="yellow"))
    return found


def name_given(name: str | None) -> str:
    """The name of who acts.

    Raises:
        NotApprovedError: When there is none: nothing is done anonymously.
    """
    chosen = name or acting_operator()
    if not chosen:
        what = "nobody is named, and nothing is decided anonymously"
        raise NotApprovedError(Problem(what, "--as", "give --as NAME, or set SHIRASE_OPERATOR"))
    return chosen


def chosen_standings(review: IncidentReview, wanted: list[str]) -> list[Standing]:
    """Reports by report id or customer id.

    Raises:
        UsageError: When one was never submitted.
    """
    by_key: dict[str, Standing] = {}
    for standing in review.standings():
        by_key[standing.customer_id] = by_key[standing.report_id] = standing
    if unknown := [each for each in wanted if each not in by_key]:
        mend = "give a report id or customer id that `shirase status` lists in review"
        raise UsageError(*(Problem("was never submitted", each, mend) for each in unknown))
    return list({by_key[each].report_id: by_key[each] for each in wanted}.values())


def _known(ledger: Ledger, name: str) -> Operator:
    found = ledger.people.named(name)
    if found is None:
        raise NotApprovedError(Problem(f"{name} is no operator of this incident", "--as", MEND))
    return found


def named(standing: Standing) -> Named:
    """The current bytes of a report."""
    return Named(standing.report_id, standing.revision.pdf_digest, standing.revision.data_digest)
