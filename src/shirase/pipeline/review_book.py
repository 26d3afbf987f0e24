"""What the review of an incident looks like from outside; :mod:`shirase.pipeline.incident_review` does it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shirase.domain.review import Operator
from shirase.domain.standing import Anchor, Entry, Named, Remark, Revision, Standing


class ReviewBook(Protocol):
    """What reviewers read and do. Every move is refused with a ShiraseError that says why.

    ``wiring.open_review(folder, url)`` returns the one that works.
    """

    def reviewer(self, name: str) -> Operator | None:
        """The active person of that name; None when nobody of that name may sign in."""

    def standings(self) -> Sequence[Standing]:
        """All reports that were registered, by report id."""

    def revisions(self, report_id: str) -> Sequence[Revision]:
        """All revisions of one report, the first first."""

    def remarks(self, report_id: str, keys: frozenset[str]) -> Sequence[Remark]:
        """Comments made on this report, and those on text that it shares."""

    def opened(self, reviewer: Operator) -> frozenset[str]:
        """Digests of the PDFs that this reviewer has opened."""

    def entries(self, before: int | None, limit: int) -> Sequence[Entry]:
        """The journal, the last entry first."""

    def is_sound(self) -> bool:
        """Whether the chain of the journal holds."""

    def note_opened(self, reviewer: Operator, named: Named) -> None:
        """Somebody has opened a report."""

    def approve(self, reviewer: Operator, role: str, named: Sequence[Named], statement: str) -> None:
        """Approve these very bytes; ``statement`` says how much was read. All or none."""

    def send_back(self, reviewer: Operator, named: Named, reason: str) -> None:
        """Ask for changes."""

    def hold(self, reviewer: Operator, report_id: str, reason: str, until: datetime) -> None:
        """Stop a customer's report."""

    def release(self, reviewer: Operator, hold_id: str, reason: str) -> None:
        """Lift a hold."""

    def remark(self, reviewer: Operator, report_id: str, anchor: Anchor, text: str) -> None:
        """Say something about a text or row."""

    def resolve(self, reviewer: Operator, remark_id: str) -> None:
        """Settle a comment."""
