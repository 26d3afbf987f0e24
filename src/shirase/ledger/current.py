"""Edge: the current revision of each report, as decisions need it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.phrase import phrase
from shirase.domain.review import State
from shirase.domain.standing import Named
from shirase.ledger import tables


@dataclass(frozen=True, slots=True)
class Current:
    """The current revision of one report."""

    report_id: str
    customer_id: str
    number: int
    pdf_digest: str
    data_digest: str
    state: State
    drafted_by: str
    submitted_by: str
    sealed_digest: str


def current_revisions(connection: Connection, report_id: str | None = None) -> dict[str, Current]:
    """By report id; all of them, or the one asked for."""
    report, revision = tables.reports.c, tables.revisions.c
    query = select(
        report.report_id, report.customer_id, revision.number, revision.pdf_digest, revision.data_digest,
        revision.state, revision.drafted_by, revision.submitted_by, revision.sealed_digest,
    ).join(
        tables.revisions, (revision.report_id == report.report_id) & (revision.number == report.current)
    )  # fmt: skip
    if report_id is not None:
        query = query.where(report.report_id == report_id)
    return {
        row.report_id: Current(*row[:5], State(row.state), row.drafted_by, row.submitted_by, row.sealed_digest)
        for row in connection.execute(query)
    }


def authors_of(connection: Connection, current: Current) -> frozenset[str]:
    """Who drafted or submitted a revision, and whose proposed words stand in it."""
    column = tables.wrote.c
    query = select(column.operator).where(column.report_id == current.report_id, column.number == current.number)
    return frozenset({current.drafted_by, current.submitted_by, *connection.execute(query).scalars()} - {""})


def require_current(known: Mapping[str, Current], report_id: str) -> Current:
    """The current revision of a report.

    Raises:
        NotApprovedError: When it was never registered.
    """
    if (found := known.get(report_id)) is None:
        raise NotApprovedError(
            Problem(phrase("was never submitted"), report_id, phrase("`shirase submit` puts drafts into review"))
        )
    return found


def require_named(connection: Connection, named: Named) -> Current:
    """The current revision, if it has the very digests that were looked at.

    Raises:
        NotApprovedError: When it has others.
    """
    current = require_current(current_revisions(connection, named.report_id), named.report_id)
    if (current.pdf_digest, current.data_digest) != (named.pdf_digest, named.data_digest):
        mend = phrase("look at the current one, then decide about that")
        what = phrase("revision %(number)s has other bytes than those looked at", number=current.number)
        raise NotApprovedError(Problem(what, named.report_id, mend))
    return current


def require_no_hold(connection: Connection, customer_id: str, where: str) -> None:
    """Refuse while somebody holds the customer's report; a hold whose day has passed still holds.

    Raises:
        NotApprovedError: Naming every hold.
    """
    column = tables.holds.c
    query = select(tables.holds).where(column.customer_id == customer_id, column.released_at == "")
    found = connection.execute(query.order_by(column.at)).all()
    if found:
        raise NotApprovedError(
            *(
                Problem(
                    phrase("held by %(owner)s: %(reason)s", owner=row.owner, reason=row.reason),
                    where,
                    phrase("`shirase release %(hold)s` ends it", hold=row.id),
                )
                for row in found
            )
        )
