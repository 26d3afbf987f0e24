"""The review of one incident: its ledger, held against the files on disk at the moment of each decision."""

from collections.abc import Callable, Sequence
from datetime import datetime

from shirase.domain.errors import ShiraseError
from shirase.domain.review import Operator
from shirase.domain.standing import Anchor, Entry, Named, Remark, Revision, Standing
from shirase.ledger.open import Ledger
from shirase.pipeline.obstacles import find_obstacles
from shirase.pipeline.output import OutputFolder

Sharing = Callable[[str, Anchor], Sequence[str]]
"""Reports that have the text of a comment made on one report; by default none but that one."""


def shared_with_none(report_id: str, anchor: Anchor) -> Sequence[str]:  # noqa: ARG001 - one way to answer
    """Nobody looked which other reports have that text."""
    return ()


class IncidentReview:
    """What reviewers read and do; see :class:`shirase.pipeline.review_book.ReviewBook`."""

    def __init__(self, output: OutputFolder, ledger: Ledger, sharing: Sharing = shared_with_none) -> None:
        self.output = output
        self.ledger = ledger
        self._sharing = sharing

    def reviewer(self, name: str) -> Operator | None:
        """The active person of that name; a service account reviews nothing."""
        found = self.ledger.people.named(name)
        return None if found is None or found.is_service else found

    def standings(self) -> Sequence[Standing]:
        """All reports that were registered, by report id."""
        return self.ledger.overview.standings()

    def revisions(self, report_id: str) -> Sequence[Revision]:
        """All revisions of one report, the first first."""
        return self.ledger.overview.revisions(report_id)

    def remarks(self, report_id: str, keys: frozenset[str]) -> Sequence[Remark]:
        """Comments made on this report, and those on text that it shares."""
        return self.ledger.overview.remarks(report_id, keys)

    def opened(self, reviewer: Operator) -> frozenset[str]:
        """Digests of the PDFs that this reviewer has opened."""
        return self.ledger.overview.opened(reviewer.name)

    def entries(self, before: int | None, limit: int) -> Sequence[Entry]:
        """The journal, the last entry first."""
        return self.ledger.overview.entries(before, limit)

    def is_sound(self) -> bool:
        """Whether journal and state are what was written."""
        try:
            return not self.ledger.find_breaks()
        except ShiraseError:
            return False

    def note_opened(self, reviewer: Operator, named: Named) -> None:
        """Somebody has opened a report."""
        self.ledger.talk.note_opened(reviewer, named.report_id, named.pdf_digest)

    def approve(self, reviewer: Operator, role: str, named: Sequence[Named], statement: str) -> None:
        """Approve these very bytes, hashed again from disk now. All or none.

        Raises:
            TamperedError: When the files are others than those looked at.
            NotApprovedError: When the approval may not be.
        """
        obstacles = find_obstacles(self.output, named)
        self.ledger.decisions.approve(reviewer, role, named, statement=statement, obstacles=obstacles)

    def break_glass(self, second: Operator, identifier: str, named: Named) -> None:
        """Stand by as the second person, with the same look at the files as an approval."""
        obstacles = find_obstacles(self.output, [named])
        self.ledger.decisions.break_glass(second, identifier, obstacles=obstacles)

    def send_back(self, reviewer: Operator, named: Named, reason: str) -> None:
        """Ask for changes."""
        self.ledger.decisions.send_back(reviewer, named, reason)

    def hold(self, reviewer: Operator, report_id: str, reason: str, until: datetime) -> None:
        """Stop a customer's report."""
        customers = {each.customer_id for each in self.ledger.overview.standings(report_id)}
        self.ledger.talk.hold(reviewer, next(iter(customers), report_id), reason, until)

    def release(self, reviewer: Operator, hold_id: str, reason: str) -> None:
        """Lift a hold."""
        self.ledger.talk.release(reviewer, hold_id, reason)

    def remark(self, reviewer: Operator, report_id: str, anchor: Anchor, text: str) -> None:
        """Say something about a text or row; it shows on every report that has the text."""
        shared = self._sharing(report_id, anchor)
        self.ledger.talk.comment(reviewer, report_id, anchor, text, shared=shared)

    def resolve(self, reviewer: Operator, remark_id: str) -> None:
        """Settle a comment."""
        self.ledger.talk.resolve(reviewer, remark_id)

    def close(self) -> None:
        """Close the connections of its ledger."""
        self.ledger.close()
