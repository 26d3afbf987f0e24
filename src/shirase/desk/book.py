"""What the pages need of the ledger: how reports stand, what was said about them, and the moves that reviewers make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who is signed in, and in which roles."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An approval of the current revision."""

    role: str
    operator: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision that went into review."""

    number: int
    pdf_digest: str
    data_digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A hold that nobody has released; ``overdue`` when its day has passed: it then still holds."""

    id: str
    reason: str
    owner: str
    until: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of a customer; ``pressing`` when its alarm has gone off."""

    regime: str
    at: datetime
    pressing: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How one report stands.

    Attributes:
        report_id: Which report.
        customer_id: Whose.
        state: As the ledger names it: ``in_review`` and so on.
        revision: The current one.
        given: Approvals of that very revision.
        missing: Roles that have not approved it.
        holds: Open holds of the customer.
        deadlines: The nearest first.
        open_comments: Comments on it that nobody has resolved, those on shared text included.
    """

    report_id: str
    customer_id: str
    state: str
    revision: Revision
    given: tuple[Given, ...]
    missing: tuple[str, ...]
    holds: tuple[Held, ...]
    deadlines: tuple[Due, ...]
    open_comments: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a comment is about.

    Attributes:
        section: ``1`` to ``13``, ``A`` to ``E``, or ``row``.
        language: ``ja`` or ``en``; empty for a row.
        key: Digest of the wording without values, or the identifier of the action: the same wherever the same is said.
        quote: The words as they stood there.
    """

    section: str
    language: str
    key: str
    quote: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; ``report_id`` is where it was made, it shows wherever the same text stands."""

    id: str
    report_id: str
    anchor: Anchor
    text: str
    author: str
    at: datetime
    resolved_by: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    number: int
    at: datetime
    operator: str
    what: str
    subject: str
    detail: str
    digest: str


@dataclass(frozen=True, slots=True)
class Named:
    """One report as it is approved: by the digests that were looked at."""

    report_id: str
    pdf_digest: str
    data_digest: str


class Book(Protocol):
    """The ledger as reviewers use it. Every move is refused with a ShiraseError that says why."""

    def reviewer(self, name: str) -> Reviewer | None:
        """The person of that name; None when nobody of that name may sign in."""

    def standings(self) -> Sequence[Standing]:
        """All reports that went into review, by report id."""

    def revisions(self, report_id: str) -> Sequence[Revision]:
        """All revisions of one report, the first first."""

    def remarks(self, report_id: str, keys: frozenset[str]) -> Sequence[Remark]:
        """Comments made on this report, and those on text that it shares."""

    def opened(self, reviewer: Reviewer) -> frozenset[str]:
        """Digests of the PDFs that this reviewer has opened."""

    def entries(self, before: int | None, limit: int) -> Sequence[Entry]:
        """The journal, the last entry first."""

    def is_sound(self) -> bool:
        """Whether the chain of the journal holds."""

    def note_opened(self, reviewer: Reviewer, named: Named) -> None:
        """Somebody has opened a report."""

    def approve(self, reviewer: Reviewer, role: str, named: Sequence[Named], statement: str) -> None:
        """Approve these very bytes; ``statement`` says how much was read. All or none."""

    def send_back(self, reviewer: Reviewer, named: Named, reason: str) -> None:
        """Ask for changes."""

    def hold(self, reviewer: Reviewer, report_id: str, reason: str, until: datetime) -> None:
        """Stop a customer's report."""

    def release(self, reviewer: Reviewer, hold_id: str, reason: str) -> None:
        """Lift a hold."""

    def remark(self, reviewer: Reviewer, report_id: str, anchor: Anchor, text: str) -> None:
        """Say something about a text or row."""

    def resolve(self, reviewer: Reviewer, remark_id: str) -> None:
        """Settle a comment."""
