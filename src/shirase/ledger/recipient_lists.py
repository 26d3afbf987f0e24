"""The list of recipients is approved by a second person, apart from what is sent: by the digest of all its rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.journal import Kind
from shirase.domain.review import Move, Operator, require_mover
from shirase.ledger import tables
from shirase.ledger.decisions import require_reason
from shirase.ledger.rows import current_policy, instant
from shirase.ledger.writing import Store

_MEND = "`shirase recipients submit`, then `shirase recipients approve` by a second person"


@dataclass(frozen=True, slots=True)
class ListStanding:
    """How a list of recipients stands; the names are empty as long as nobody did it."""

    digest: str
    mailboxes: int
    submitted_by: str
    submitted_at: datetime
    approved_by: str
    revoked_by: str
    reason: str

    @property
    def counts(self) -> bool:
        """Whether it may be sent to."""
        return bool(self.approved_by) and not self.revoked_by


class RecipientLists:
    """Who proposes a list, who approves it, who takes that back."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, digest: str) -> ListStanding | None:
        """How a list stands; None when nobody put it up."""
        with self._store.read() as connection:
            return _find(connection, digest)

    def submit(self, by: Operator, digest: str, mailboxes: int) -> None:
        """Put a list up for approval."""
        with self._store.change(by) as change:
            require_mover(change.by, Move.SUBMIT_LIST, "recipients")
            known = _find(change.connection, digest)
            if known is not None and not known.revoked_by:
                what = f"this very list was put up by {known.submitted_by} already"
                raise NotApprovedError(Problem(what, "recipients", "`shirase recipients approve`"))
            change.record(Kind.RECIPIENTS_SUBMITTED, digest, {"mailboxes": mailboxes})

    def approve(self, by: Operator, digest: str) -> None:
        """Say yes to these very rows, as a second person.

        Raises:
            NotApprovedError: When nobody put them up, or the same person did.
        """
        with self._store.change(by) as change:
            require_mover(change.by, Move.APPROVE_LIST, "recipients")
            known = _find(change.connection, digest)
            if known is None:
                what = "nobody put this very list up for approval: a changed row makes it another one"
                raise NotApprovedError(Problem(what, "recipients", _MEND))
            if change.by.is_service:
                what = f"{by.name} is a service account, and those approve nothing"
                raise NotApprovedError(Problem(what, "recipients"))
            if known.submitted_by == by.name and not current_policy(change.connection).solo:
                what = f"{by.name} put this list up, and nobody approves their own list"
                raise NotApprovedError(Problem(what, "recipients", "ask a second person"))
            if known.approved_by or known.revoked_by:
                what = "it is approved already" if known.counts else f"{known.revoked_by} revoked it: {known.reason}"
                raise NotApprovedError(Problem(what, "recipients", "" if known.counts else _MEND))
            change.record(Kind.RECIPIENTS_APPROVED, digest, {"mailboxes": known.mailboxes})

    def revoke(self, by: Operator, digest: str, reason: str) -> None:
        """Nothing more is sent by this list."""
        require_reason(reason)
        with self._store.change(by) as change:
            require_mover(change.by, Move.APPROVE_LIST, "recipients")
            known = _find(change.connection, digest)
            if known is None or known.revoked_by:
                raise NotApprovedError(Problem("there is no such list to take back", "recipients", _MEND))
            change.record(Kind.RECIPIENTS_REVOKED, digest, {"reason": reason})


def require_list(connection: Connection, digest: str) -> None:
    """Refuse a list that a second person has not approved, or no longer.

    Raises:
        NotApprovedError: When it may not be sent to.
    """
    known = _find(connection, digest)
    if known is None or not known.counts:
        what = "this very list of recipients is not approved"
        if known is not None and known.revoked_by:
            what = f"{known.revoked_by} revoked this list of recipients: {known.reason}"
        raise NotApprovedError(Problem(what, "recipients", _MEND))


def _find(connection: Connection, digest: str) -> ListStanding | None:
    query = select(tables.recipient_lists).where(tables.recipient_lists.c.digest == digest)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return ListStanding(
        row.digest,
        row.mailboxes,
        row.submitted_by,
        instant(row.submitted_at),
        row.approved_by,
        row.revoked_by,
        row.reason,
    )
