"""Operators, and what makes a revision approved."""

import json
from collections.abc import Sequence

from sqlalchemy import func, select

from shirase.domain.deadlines import Deadline
from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.journal import Kind, canonical, stamp
from shirase.domain.review import Operator, Policy, Role
from shirase.ledger import tables
from shirase.ledger.rows import all_operators, current_policy, operator_named
from shirase.ledger.writing import Change, Store, unknown

LONGEST_NAME = 200


class People:
    """Who may act."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def everybody(self) -> tuple[Operator, ...]:
        """All operators by name, those who left included."""
        with self._store.read() as connection:
            return all_operators(connection)

    def named(self, name: str) -> Operator | None:
        """The active operator of that name."""
        with self._store.read() as connection:
            found = operator_named(connection, name)
        return found if found is not None and found.is_active else None

    def policy(self) -> Policy:
        """What makes a revision approved."""
        with self._store.read() as connection:
            return current_policy(connection)

    def put(self, by: Operator, person: Operator) -> None:
        """Add somebody, or change their roles. The first of all adds themself; later ones are added by a responder.

        Raises:
            UsageError: For a name or role that cannot be.
            NotApprovedError: When ``by`` may not do it; nobody changes their own roles.
        """
        _require_sensible(person)
        with self._store.found(by) as change:
            _require_manager(change, by, person)
            detail = {
                "roles": canonical(sorted(set(person.roles))),
                "is_service": int(person.is_service),
                "is_active": int(person.is_active),
            }
            change.record(Kind.OPERATOR, person.name, detail)

    def set_rules(
        self, by: Operator, policy: Policy, deadlines: Sequence[Deadline] | None = None, *, alarm_hours: int = 24
    ) -> None:
        """Take over what the case says about approval and deadlines; nothing is written when it says the same."""
        with self._store.change(by) as change:
            write_rules(change, policy, deadlines, alarm_hours=alarm_hours)


def write_rules(change: Change, policy: Policy, deadlines: Sequence[Deadline] | None, *, alarm_hours: int) -> None:
    """As :meth:`People.set_rules`, inside of a change under way."""
    quorum = canonical({role.value: count for role, count in policy.quorum.items() if count})
    detail = {"quorum": quorum, "solo": int(policy.solo), "alarm_hours": alarm_hours}
    row = change.connection.execute(select(tables.policy)).mappings().one_or_none()
    if row is None or any(row[name] != value for name, value in detail.items()):
        change.record(Kind.POLICY, "policy", detail)
    if deadlines is None:
        return
    wanted = sorted([each.customer_id, each.rule, stamp(each.at)] for each in deadlines)
    rows = change.connection.execute(select(tables.deadlines)).all()
    found = sorted([row.customer_id, rule, at] for row in rows for at, rule in json.loads(row.dues))
    if wanted != found:
        change.record(Kind.DEADLINES, "deadlines", {"deadlines": wanted})


def _require_sensible(person: Operator) -> None:
    name = person.name
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(Problem("is no name", f"operator {name!r}", "write the name of a person or service account"))
    known = [role.value for role in Role]
    if wrong := [role for role in person.roles if role not in known]:
        raise UsageError(Problem(f"{', '.join(wrong)} is no role", f"operator {name}", f"one of: {', '.join(known)}"))


def _require_manager(change: Change, by: Operator, person: Operator) -> None:
    count = change.connection.execute(select(func.count()).select_from(tables.operators)).scalar_one()
    if not count:
        if by.name != person.name or person.is_service or Role.RESPONDER not in person.roles:
            what = "the first operator is a person with the role responder, and adds themself"
            mend = f"operators add {by.name!r} --role responder --as {by.name!r}"
            raise NotApprovedError(Problem(what, "operators", mend))
        return
    known = operator_named(change.connection, by.name)
    if known is None or not known.is_active:
        raise unknown(by.name)
    if known.is_service or Role.RESPONDER not in known.roles:
        raise NotApprovedError(Problem(f"{by.name} may not: that is for people with the role responder", "operators"))
    if by.name == person.name:
        raise NotApprovedError(Problem("nobody changes their own roles", "operators", "ask another responder"))
