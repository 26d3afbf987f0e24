"""A batch in review in the real ledger, on SQLite or on a PostgreSQL server."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from desk_batch import INCIDENT
from desk_server import Served, serving
from shirase.cli.app import app
from shirase.desk.library import Library
from shirase.desk.open import shares_text
from shirase.domain.exits import ExitCode
from shirase.domain.review import Operator
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.output import OutputFolder
from shirase.wiring import open_incident_ledger

RESPONDER = "Riku"
LEGAL, COMMS = "田中 恵子", "Dana Reyes"


def run(*words: object, code: ExitCode = ExitCode.DONE) -> str:
    """What a command prints, which has to end like this."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output + result.stderr
    return result.stdout


@dataclass(frozen=True)
class Reviewed(Served):
    """A running desk over a real ledger."""

    review: IncidentReview
    case: Path
    folder: Path
    url: tuple[str, ...]


def submitted(drafted: Path, root: Path, url: str | None = None, people: int = 0) -> Path:
    """A copy of the batch, its translations confirmed, drafted again, and put into review."""
    shutil.copytree(drafted, root)
    folder, given = root / "out" / INCIDENT, ("--ledger", url) if url else ()
    run("translate", "confirm", root / "case", "--by", "Saki Miyoshi")
    run("draft", root / "case", "--out", root / "out", "--jobs", 2)
    run("operators", "add", folder, RESPONDER, "--role", "responder", "--as", RESPONDER, *given)
    everybody = [(LEGAL, "legal"), (COMMS, "comms")]
    everybody += [(f"Reviewer {number}", "legal" if number % 2 else "comms") for number in range(people)]
    with closing(open_incident_ledger(folder, url)) as ledger:
        responder = ledger.people.named(RESPONDER)
        assert responder is not None
        for name, role in everybody:
            ledger.people.put(responder, Operator(name, (role,)))
    run("submit", folder, "--as", RESPONDER, *given)
    return root


@contextmanager
def reviewing(root: Path, url: str | None = None) -> Iterator[Reviewed]:
    """The desk over what :func:`submitted` made."""
    folder = root / "out" / INCIDENT
    with closing(open_incident_ledger(folder, url)) as ledger:
        library = Library(OutputFolder(folder))
        review = IncidentReview(library.output, ledger, shares_text(library, ledger.overview.standings))
        with serving(folder, review, root / "case") as served:
            yield Reviewed(served.desk, served.address, review, root / "case", folder, ("--ledger", url) if url else ())
