"""How reports stand in review, as the ledger tells it: the values that pages, commands and later steps read."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Given:
    """An approval of the current revision.

    Attributes:
        kind: ``plain``, ``solo`` (the author's own) or ``break_glass`` (by somebody without the role).
        second: Who stood by when the glass was broken.
        reason: Why it was.
    """

    role: str
    operator: str
    at: datetime
    kind: str = "plain"
    second: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """The bytes of one report at one time."""

    number: int
    pdf_digest: str
    data_digest: str
    at: datetime
    state: str = "in_review"
    drafted_by: str = ""


@dataclass(frozen=True, slots=True)
class SealedRevision:
    """A revision that was sealed: the bytes that were approved, and the digest of the sealed file."""

    report_id: str
    number: int
    state: str
    pdf_digest: str
    data_digest: str
    sealed_digest: str


@dataclass(frozen=True, slots=True)
class Held:
    """A hold that nobody has released; ``overdue`` when its day has passed: it then still holds."""

    id: str
    reason: str
    owner: str
    until: datetime | None
    overdue: bool
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of a customer. ``at`` is its last instant; ``pressing`` since its alarm went off, also once missed."""

    regime: str
    at: datetime
    pressing: bool
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How one report stands.

    Attributes:
        report_id: Which report.
        customer_id: Whose.
        state: Of its current revision.
        revision: The current one.
        given: Approvals of that very revision.
        missing: Roles that have not approved it.
        holds: Open holds of the customer.
        deadlines: The nearest first.
        open_comments: Comments on it that nobody has resolved, those on shared text included.
        glass_broken: How often the glass was ever broken for this report, whatever became of that revision.
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
    glass_broken: int = 0


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a comment is about.

    Attributes:
        section: ``1`` to ``13``, ``A`` to ``E``, or ``row``; empty for the report as a whole.
        language: ``ja`` or ``en``; empty for a row.
        key: Digest of the wording without values, or the identifier of the action: the same wherever the same is said.
        quote: The words as they stood there.
    """

    section: str = ""
    language: str = ""
    key: str = ""
    quote: str = ""


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
    """One line of the journal, as it is shown."""

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
