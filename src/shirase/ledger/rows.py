"""Edge: rows as the domain's values."""

import json
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from shirase.domain.review import Operator, Policy, Role, Vote
from shirase.ledger import tables

PLAIN, SOLO, BREAK_GLASS = "plain", "solo", "break_glass"
"""Kinds of approval."""


@lru_cache(maxsize=65536)
def instant(text: str) -> datetime:
    """An instant as it was written; many rows share one."""
    return datetime.fromisoformat(text)


def operator_named(connection: Connection, name: str) -> Operator | None:
    """Who has that name."""
    row = connection.execute(select(tables.operators).where(tables.operators.c.name == name)).one_or_none()
    if row is None:
        return None
    return Operator(row.name, tuple(json.loads(row.roles)), bool(row.is_service), bool(row.is_active))


def all_operators(connection: Connection) -> tuple[Operator, ...]:
    """Everybody, by name; those who left included."""
    rows = connection.execute(select(tables.operators).order_by(tables.operators.c.name))
    return tuple(
        Operator(row.name, tuple(json.loads(row.roles)), bool(row.is_service), bool(row.is_active)) for row in rows
    )


def current_policy(connection: Connection) -> Policy:
    """What makes a revision approved; the default while nothing was registered."""
    row = connection.execute(select(tables.policy)).one_or_none()
    if row is None:
        return Policy()
    quorum = {Role(role): count for role, count in json.loads(row.quorum).items()}
    return Policy(quorum, bool(row.solo))


def votes_for(connection: Connection, report_id: str, number: int, policy: Policy) -> tuple[Vote, ...]:
    """Approvals of one revision that count: those of a solo trial count for nothing once it is none any more."""
    column = tables.approvals.c
    query = select(tables.approvals).where(column.report_id == report_id, column.number == number)
    rows = connection.execute(query.order_by(column.at, column.role, column.operator))
    return tuple(Vote(Role(row.role), row.operator, row.second) for row in rows if policy.solo or row.kind != SOLO)
