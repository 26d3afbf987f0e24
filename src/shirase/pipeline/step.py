"""Edge: one step at a time changes the reports of an incident; with a ledger, its journal says whose and when."""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shirase.domain.errors import GateError, Problem
from shirase.domain.journal import stamp
from shirase.domain.review import Operator
from shirase.ledger.drafts import Registered
from shirase.ledger.locks import file_lock
from shirase.ledger.open import Ledger
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_json
from shirase.pipeline.submit import register_drafts


@dataclass(frozen=True, slots=True)
class Step:
    """A step under way; ``ledger`` is None where there is none, ``token`` empty then."""

    output: OutputFolder
    by: Operator
    ledger: Ledger | None
    token: str

    def register(self) -> Registered | None:
        """Register what was drafted, when there is a ledger and it knows who drafted."""
        if self.ledger is None or self.ledger.people.named(self.by.name) is None:
            return None
        return register_drafts(self.output, self.ledger, self.by, token=self.token)


def incident_folder(case_folder: Path, out: Path) -> Path | None:
    """Where the output of a case goes, from its id alone; None when the case cannot be read, which others report."""
    try:
        identifier = tomllib.loads((case_folder / "incident.toml").read_text(encoding="utf-8"))["id"]
    except (OSError, ValueError, KeyError):
        return None
    return out / identifier if isinstance(identifier, str) and identifier.isascii() and "/" not in identifier else None


@contextmanager
def exclusive_step(folder: Path, what: str, by: Operator, now: datetime, *, ledger: Ledger | None) -> Iterator[Step]:
    """Hold the lock of an output folder, and that of its ledger, as long as the block runs.

    Raises:
        GateError: When another step runs; it says whose, and since when.
    """
    output = OutputFolder(folder)
    output.work.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    told = output.work / "step.json"
    with file_lock(output.work / "step.lock") as got:
        if not got:
            raise GateError(Problem(_running(told), str(folder), "one at a time: wait, or ask them to stop"))
        write_json(told, {"operator": by.name, "step": what, "since": stamp(now)})
        try:
            if ledger is None:
                yield Step(output, by, None, "")
            else:
                with ledger.steps.run(by, what) as token:
                    yield Step(output, by, ledger, token)
        finally:
            told.unlink(missing_ok=True)


def _running(told: Path) -> str:
    try:
        said = json.loads(told.read_bytes())
        return f"{said['operator']} runs {said['step']} here since {said['since']}"
    except (OSError, ValueError, KeyError):
        return "another step runs here"
