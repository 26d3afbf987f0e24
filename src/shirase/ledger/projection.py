"""The state that follows from the journal: what one entry does to the tables.

The same function runs when an entry is written and when the journal is read again to verify the state, and depends on
nothing but the entry and the state before it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from shirase.domain.journal import Kind, canonical, digest_text
from shirase.domain.review import State
from shirase.ledger import delivery_effects, tables
from shirase.ledger.facts import Fact, put


def project(connection: Connection, fact: Fact) -> None:
    """Change the state as ``fact`` says."""
    _EFFECTS[fact.kind](connection, fact)


def subject_digest(connection: Connection, kind: Kind, subject: str) -> str:
    """Digest of all rows that a subject has; empty when it has none."""
    rows = {}
    for table, column in _SUBJECTS.get(kind, ()):
        where: ColumnElement[bool] = table.c[column] == (1 if column == "id" and table in _ONE_ROW else subject)
        found = connection.execute(select(table).where(where).order_by(*table.primary_key.columns)).all()
        rows[table.name] = [list(row) for row in found]
    return digest_text(canonical(rows)) if any(rows.values()) else ""


def _operator(connection: Connection, fact: Fact) -> None:
    put(connection, tables.operators, {"name": fact.subject, **fact.detail})


def _policy(connection: Connection, fact: Fact) -> None:
    put(connection, tables.policy, {"id": 1, **fact.detail})


def _deadlines(connection: Connection, fact: Fact) -> None:
    connection.execute(delete(tables.deadlines))
    found: dict[str, list[list[str]]] = {}
    for customer_id, rule, at in fact.detail["deadlines"]:
        found.setdefault(customer_id, []).append([at, rule])
    rows = [{"customer_id": name, "dues": canonical(sorted(dues))} for name, dues in found.items()]
    if rows:
        connection.execute(insert(tables.deadlines), rows)


def _registered(connection: Connection, fact: Fact) -> None:
    detail, number = fact.detail, fact.detail["number"]
    if number > 1:
        before = tables.revisions.c
        unsent = before.state.not_in((State.SENT, State.WITHDRAWN))
        connection.execute(
            update(tables.revisions)
            .where(before.report_id == fact.subject, before.number == number - 1, unsent)
            .values(state=State.SUPERSEDED.value)
        )
    put(
        connection, tables.reports,
        {"report_id": fact.subject, "customer_id": detail["customer_id"], "current": number},
    )  # fmt: skip
    values = {
        "report_id": fact.subject, "number": number, "pdf_digest": detail["pdf_digest"],
        "data_digest": detail["data_digest"], "state": State.DRAFTED.value, "drafted_by": fact.operator,
        "submitted_by": "", "at": fact.at, "sealed_digest": "",
    }  # fmt: skip
    connection.execute(insert(tables.revisions).values(values))
    if wrote := detail.get("wrote"):
        rows = [{"report_id": fact.subject, "number": number, "operator": name} for name in wrote]
        connection.execute(insert(tables.wrote), rows)


def _submitted(connection: Connection, fact: Fact) -> None:
    _set_revision(connection, fact, state=State.IN_REVIEW.value, submitted_by=fact.operator)


def _approved(connection: Connection, fact: Fact) -> None:
    _vote(connection, fact, {"operator": fact.operator, "second": "", "reason": ""})


def _glass_asked(connection: Connection, fact: Fact) -> None:
    detail = fact.detail
    values = {
        "id": detail["id"], "report_id": fact.subject, "number": detail["number"], "role": detail["role"],
        "reason": detail["reason"], "first": fact.operator, "second": "", "at": fact.at,
    }  # fmt: skip
    connection.execute(insert(tables.glass).values(values))


def _glass_broken(connection: Connection, fact: Fact) -> None:
    detail = fact.detail
    connection.execute(update(tables.glass).where(tables.glass.c.id == detail["id"]).values(second=fact.operator))
    _vote(connection, fact, {"operator": detail["first"], "second": fact.operator, "reason": detail["reason"]})


def _vote(connection: Connection, fact: Fact, people: Mapping[str, str]) -> None:
    detail = fact.detail
    names = ("number", "role", "pdf_digest", "data_digest", "kind", "statement")
    values = {"report_id": fact.subject, "at": fact.at, **{name: detail[name] for name in names}, **people}
    connection.execute(insert(tables.approvals).values(values))
    _set_revision(connection, fact, state=detail["state"])


def _revoked(connection: Connection, fact: Fact) -> None:
    column = tables.approvals.c
    connection.execute(
        delete(tables.approvals).where(
            column.report_id == fact.subject,
            column.number == fact.detail["number"],
            column.operator == fact.operator,
        )
    )
    _set_revision(connection, fact, state=State.IN_REVIEW.value)


def _returned(connection: Connection, fact: Fact) -> None:
    column = tables.approvals.c
    connection.execute(
        delete(tables.approvals).where(column.report_id == fact.subject, column.number == fact.detail["number"])
    )
    _set_revision(connection, fact, state=State.CHANGES_REQUESTED.value)


def _sealed(connection: Connection, fact: Fact) -> None:
    _set_revision(connection, fact, state=State.SEALED.value, sealed_digest=fact.detail["sealed_digest"])


def _sent(connection: Connection, fact: Fact) -> None:
    column = tables.revisions.c
    earlier = column.number < fact.detail["number"]
    connection.execute(
        update(tables.revisions)
        .where(column.report_id == fact.subject, earlier, column.state == State.SENT.value)
        .values(state=State.SUPERSEDED.value)
    )
    _set_revision(connection, fact, state=State.SENT.value)


def _withdrawn(connection: Connection, fact: Fact) -> None:
    _set_revision(connection, fact, state=State.WITHDRAWN.value)


def _held(connection: Connection, fact: Fact) -> None:
    values = {"id": fact.subject, "at": fact.at, "released_by": "", "released_at": "", "release_reason": ""}
    connection.execute(insert(tables.holds).values({**values, **fact.detail}))


def _released(connection: Connection, fact: Fact) -> None:
    changed = {"released_by": fact.operator, "released_at": fact.at, "release_reason": fact.detail["reason"]}
    connection.execute(update(tables.holds).where(tables.holds.c.id == fact.subject).values(changed))


def _commented(connection: Connection, fact: Fact) -> None:
    detail = dict(fact.detail)
    shared = detail.pop("shared")
    values = {"id": fact.subject, "author": fact.operator, "at": fact.at, "resolved_by": "", "resolved_at": ""}
    connection.execute(insert(tables.comments).values({**values, **detail}))
    if shared:
        rows = [{"comment_id": fact.subject, "report_id": report_id} for report_id in shared]
        connection.execute(insert(tables.shared), rows)


def _resolved(connection: Connection, fact: Fact) -> None:
    done = fact.kind is Kind.RESOLVED
    changed = {"resolved_by": fact.operator if done else "", "resolved_at": fact.at if done else ""}
    connection.execute(update(tables.comments).where(tables.comments.c.id == fact.subject).values(changed))


def _opened(connection: Connection, fact: Fact) -> None:
    put(
        connection, tables.opened,
        {"operator": fact.operator, "pdf_digest": fact.detail["pdf_digest"], "at": fact.at},
    )  # fmt: skip


def _step_begun(connection: Connection, fact: Fact) -> None:
    values = {"operator": fact.operator, "what": fact.subject, "since": fact.at, "token": fact.detail["token"]}
    put(connection, tables.steps, {"id": 1, **values})


def _step_over(connection: Connection, fact: Fact) -> None:
    connection.execute(delete(tables.steps).where(tables.steps.c.token == fact.detail["token"]))


def _set_revision(connection: Connection, fact: Fact, **values: str) -> None:
    column = tables.revisions.c
    connection.execute(
        update(tables.revisions)
        .where(column.report_id == fact.subject, column.number == fact.detail["number"])
        .values(values)
    )


_EFFECTS: Mapping[Kind, Callable[[Connection, Fact], None]] = MappingProxyType(
    {
        Kind.OPERATOR: _operator,
        Kind.POLICY: _policy,
        Kind.DEADLINES: _deadlines,
        Kind.REGISTERED: _registered,
        Kind.SUBMITTED: _submitted,
        Kind.OPENED: _opened,
        Kind.APPROVED: _approved,
        Kind.GLASS_ASKED: _glass_asked,
        Kind.GLASS_BROKEN: _glass_broken,
        Kind.REVOKED: _revoked,
        Kind.RETURNED: _returned,
        Kind.SEALED: _sealed,
        Kind.SENT: _sent,
        Kind.WITHDRAWN: _withdrawn,
        Kind.HELD: _held,
        Kind.RELEASED: _released,
        Kind.COMMENTED: _commented,
        Kind.RESOLVED: _resolved,
        Kind.REOPENED: _resolved,
        Kind.STEP_BEGUN: _step_begun,
        Kind.STEP_ENDED: _step_over,
        Kind.STEP_RECOVERED: _step_over,
        **delivery_effects.EFFECTS,
    }
)

_ONE_ROW = (tables.policy, tables.steps, tables.sending)
_REPORT = tuple((table, "report_id") for table in (tables.reports, tables.revisions, tables.wrote, tables.approvals))
_HOLD = ((tables.holds, "id"),)
_COMMENT = ((tables.comments, "id"), (tables.shared, "comment_id"))
_STEP = ((tables.steps, "id"),)
_SUBJECTS: Mapping[Kind, tuple[tuple[Table, str], ...]] = MappingProxyType(
    {
        Kind.OPERATOR: ((tables.operators, "name"),),
        Kind.POLICY: ((tables.policy, "id"),),
        **dict.fromkeys((Kind.HELD, Kind.RELEASED), _HOLD),
        **dict.fromkeys((Kind.COMMENTED, Kind.RESOLVED, Kind.REOPENED), _COMMENT),
        **dict.fromkeys((Kind.STEP_BEGUN, Kind.STEP_ENDED, Kind.STEP_RECOVERED), _STEP),
        **dict.fromkeys((Kind.GLASS_ASKED, Kind.GLASS_BROKEN), (*_REPORT, (tables.glass, "report_id"))),
        **dict.fromkeys(
            (
                Kind.REGISTERED, Kind.SUBMITTED, Kind.APPROVED, Kind.REVOKED, Kind.RETURNED, Kind.SEALED, Kind.SENT,
                Kind.WITHDRAWN,
            ),
            _REPORT,
        ),
        **delivery_effects.SUBJECTS,
    }
)  # fmt: skip
"""Tables, and the column that names the subject, which the digests before and after cover."""
