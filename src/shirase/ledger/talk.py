"""What people say about reports: holds on a customer, and comments on texts and rows."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.journal import Kind, stamp
from shirase.domain.phrase import phrase
from shirase.domain.review import Operator, Role
from shirase.domain.standing import Anchor
from shirase.ledger import tables
from shirase.ledger.current import current_revisions, require_current
from shirase.ledger.decisions import require_reason
from shirase.ledger.writing import Store

MAY_RELEASE = frozenset({Role.RESPONDER, Role.LEGAL})
"""Besides the owner."""


class Talk:
    """Holds and comments."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hold(self, by: Operator, customer_id: str, reason: str, until: datetime | None, owner: str = "") -> str:
        """Stop the report of a customer. ``until`` only raises an alarm: the hold ends when somebody releases it.

        Returns:
            Its id.
        """
        require_reason(reason)
        with self._store.change(by) as change:
            reports = tables.reports.c
            if not change.connection.execute(
                select(reports.report_id).where(reports.customer_id == customer_id)
            ).first():
                raise UsageError(
                    Problem(phrase("has no registered report to hold"), f"customer {customer_id}", phrase("submit it"))
                )
            identifier = change.new_id()
            detail = {
                "customer_id": customer_id, "reason": reason, "owner": owner or by.name,
                "until": "" if until is None else stamp(until),
            }  # fmt: skip
            change.record(Kind.HELD, identifier, detail)
        return identifier

    def release(self, by: Operator, hold_id: str, reason: str) -> None:
        """End a hold.

        Raises:
            NotApprovedError: When ``by`` is neither its owner nor in a role that may end it.
        """
        require_reason(reason)
        with self._store.change(by) as change:
            row = change.connection.execute(select(tables.holds).where(tables.holds.c.id == hold_id)).one_or_none()
            if row is None or row.released_at:
                raise UsageError(
                    Problem(phrase("there is no such open hold"), f"hold {hold_id}", "see `shirase status`")
                )
            if change.by.is_service or (change.by.name != row.owner and not MAY_RELEASE & set(change.by.roles)):
                what = phrase(
                    "%(name)s may not: that is for its owner %(owner)s, or for %(roles)s",
                    name=change.by.name,
                    owner=row.owner,
                    roles=tuple(sorted(MAY_RELEASE)),
                )
                raise NotApprovedError(Problem(what, f"hold {hold_id}", phrase("ask one of them")))
            change.record(Kind.RELEASED, hold_id, {"reason": reason})

    def comment(self, by: Operator, report_id: str, anchor: Anchor, text: str, *, shared: Collection[str] = ()) -> str:
        """Say something about a text or row; ``shared`` names other reports that have the same text.

        Returns:
            Its id.
        """
        require_reason(text)
        with self._store.change(by) as change:
            known = current_revisions(change.connection)
            require_current(known, report_id)
            identifier = change.new_id()
            detail = {
                "report_id": report_id, "section": anchor.section, "language": anchor.language, "key": anchor.key,
                "quote": anchor.quote, "text": text, "shared": sorted((set(shared) & set(known)) - {report_id}),
            }  # fmt: skip
            change.record(Kind.COMMENTED, identifier, detail)
        return identifier

    def resolve(self, by: Operator, comment_id: str) -> None:
        """Settle a comment."""
        self._settle(by, comment_id, Kind.RESOLVED)

    def reopen(self, by: Operator, comment_id: str) -> None:
        """Take up a settled comment again."""
        self._settle(by, comment_id, Kind.REOPENED)

    def note_opened(self, by: Operator, report_id: str, pdf_digest: str) -> None:
        """Somebody has opened these bytes. The journal says it once a person and revision."""
        column = tables.opened.c
        query = select(column.at).where(column.operator == by.name, column.pdf_digest == pdf_digest)
        with self._store.read() as connection:
            if connection.execute(query).first():
                return
        with self._store.change(by) as change:
            if change.connection.execute(query).first() is None:
                change.record(Kind.OPENED, report_id, {"pdf_digest": pdf_digest})

    def _settle(self, by: Operator, comment_id: str, kind: Kind) -> None:
        with self._store.change(by) as change:
            column = tables.comments.c
            row = change.connection.execute(select(column.resolved_at).where(column.id == comment_id)).one_or_none()
            if row is None:
                raise UsageError(
                    Problem(phrase("there is no such comment"), f"comment {comment_id}", "see `shirase comment`")
                )
            if bool(row.resolved_at) is not (kind is Kind.RESOLVED):
                change.record(kind, comment_id, {})
