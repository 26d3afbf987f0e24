"""What ``shirase status`` says about the review, where an incident has a ledger."""

from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from shirase.cli.acting import opened
from shirase.cli.console import out, table
from shirase.cli.decision_commands import standing_json
from shirase.domain.review import State
from shirase.domain.standing import Standing
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.receipts import read_receipt
from shirase.pipeline.status import Status
from shirase.wiring import has_ledger

LISTED = 40


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The review of an incident at one moment.

    Attributes:
        standings: Every registered report.
        waiting: Reports whose draft on disk is another one than the revision in the ledger, or was never registered.
        step: Who runs a step now, which, and since when.
        solo: Whether it is a trial by one person.
    """

    standings: tuple[Standing, ...]
    waiting: tuple[str, ...]
    step: str
    solo: bool

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "reports": [standing_json(each) for each in self.standings], "not_submitted": list(self.waiting),
            "step": self.step or None, "solo": self.solo,
        }  # fmt: skip

    def show(self) -> None:
        """For people: figures first, then what stands in the way."""
        found = self.standings
        counts = [(state.value.replace("_", " "), sum(each.state == state for each in found)) for state in State]
        held = sum(bool(each.holds) for each in found)
        pressing = sum(any(due.pressing for due in each.deadlines) for each in found)
        rows = [
            *(count for count in counts if count[1]), ("held", held), ("deadline pressing or missed", pressing),
            ("draft not submitted", len(self.waiting)), ("open comments", sum(each.open_comments for each in found)),
            ("glass broken", sum(each.glass_broken for each in found)),
        ]  # fmt: skip
        out.print(table("Review", ["state", "reports"], rows))
        missing = sorted({role for each in found if each.state == State.IN_REVIEW for role in each.missing})
        lacking = [
            (role, sum(role in each.missing for each in found if each.state == State.IN_REVIEW)) for role in missing
        ]
        if lacking:
            out.print(table("Approvals missing", ["role", "reports"], lacking))
        self._show_holds()
        if self.step:
            out.print(Text(self.step, style="yellow"))
        if self.solo:
            out.print(Text("Solo trial: one person approves everything, and every approval says so.", style="yellow"))

    def _show_holds(self) -> None:
        rows = [
            (each.report_id, each.customer_id, held.id, held.owner, held.reason, held.overdue)
            for each in self.standings
            for held in each.holds
        ]
        if rows:
            columns = ["report", "customer", "hold", "owner", "reason", "overdue"]
            out.print(table("Holds", columns, rows[:LISTED]))


def review_state(folder: Path, url: str | None, found: Status) -> ReviewState | None:
    """How the review stands; None where it has not begun."""
    if not has_ledger(folder, url):
        return None
    with opened(folder, url) as review:
        standings, running = tuple(review.standings()), review.ledger.overview.running_step()
        solo = review.ledger.people.policy().solo
    current = {each.report_id: each.revision.pdf_digest for each in standings}
    output, waiting = OutputFolder(folder), []
    for report in found.reports:
        receipt = read_receipt(output.receipt(report.report_id))
        if receipt is not None and current.get(report.report_id) != receipt.pdf_digest:
            waiting.append(report.report_id)
    step = "" if running is None else f"{running[0]} runs {running[1]} since {running[2]:%Y-%m-%d %H:%M:%S}Z"
    return ReviewState(standings, tuple(waiting), step, solo)
