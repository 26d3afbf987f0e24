"""What pages and commands read: how reports stand, their revisions and comments, the journal."""

import gc
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, func, select

from shirase.domain.deadlines import Alarm, alarm, is_overdue
from shirase.domain.review import Policy, Role, State, Vote, missing
from shirase.domain.standing import Anchor, Due, Entry, Given, Held, Remark, Revision, SealedRevision, Standing
from shirase.ledger import tables
from shirase.ledger.rows import SOLO, current_policy, instant
from shirase.ledger.writing import Store

_DONE = frozenset({State.SENT.value, State.WITHDRAWN.value})


class Overview:
    """Reads; changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def standings(self, report_id: str | None = None) -> tuple[Standing, ...]:
        """All registered reports by id, or the one asked for."""
        now = self._store.tools.now()
        with self._store.read() as connection, _no_cycle_collection():
            return tuple(_standings(connection, now, report_id))

    def revisions(self, report_id: str) -> tuple[Revision, ...]:
        """All revisions of a report, the first first."""
        column = tables.revisions.c
        query = select(tables.revisions).where(column.report_id == report_id).order_by(column.number)
        with self._store.read() as connection:
            return tuple(_revision(row) for row in connection.execute(query))

    def sealed(self) -> tuple[SealedRevision, ...]:
        """Every revision that was ever sealed, by report id and number."""
        column = tables.revisions.c
        query = select(
            column.report_id, column.number, column.state, column.pdf_digest, column.data_digest, column.sealed_digest
        ).where(column.sealed_digest != "")
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(column.report_id, column.number))
            return tuple(SealedRevision(*row) for row in rows)

    def remarks(self, report_id: str | None = None, keys: Collection[str] = ()) -> tuple[Remark, ...]:
        """Comments made on a report, those on text that it shares, and those with one of ``keys``; or all."""
        column = tables.comments.c
        query = select(tables.comments).order_by(column.at, column.id)
        if report_id is not None:
            sharing = select(tables.shared.c.comment_id).where(tables.shared.c.report_id == report_id)
            where: ColumnElement[bool] = (column.report_id == report_id) | column.id.in_(sharing)
            query = query.where(where | (column.key.in_(sorted(set(keys) - {""}))))
        with self._store.read() as connection:
            return tuple(_remark(row) for row in connection.execute(query))

    def holds(self) -> tuple[Held, ...]:
        """Open holds, those whose day has passed or comes first on top."""
        now = self._store.tools.now()
        with self._store.read() as connection:
            found = [held for holds in _holds(connection, now).values() for held in holds]
        return tuple(sorted(found, key=lambda held: (held.until is None, held.until or now, held.id)))

    def opened(self, operator: str) -> frozenset[str]:
        """Digests of the PDFs that somebody has opened."""
        column = tables.opened.c
        with self._store.read() as connection:
            return frozenset(connection.execute(select(column.pdf_digest).where(column.operator == operator)).scalars())

    def entries(self, before: int | None = None, limit: int = 100, *, subject: str | None = None) -> tuple[Entry, ...]:
        """The journal, the last entry first."""
        column = tables.journal.c
        query = select(tables.journal).order_by(column.number.desc()).limit(limit)
        if before is not None:
            query = query.where(column.number < before)
        if subject is not None:
            query = query.where(column.subject == subject)
        with self._store.read() as connection:
            return tuple(
                Entry(row.number, instant(row.at), row.operator, row.what, row.subject, row.detail, row.digest)
                for row in connection.execute(query)
            )

    def glass_asked(self, identifier: str) -> str | None:
        """The report for which somebody asked to break the glass; None when nobody did, or it is done."""
        column = tables.glass.c
        query = select(column.report_id).where(column.id == identifier, column.second == "")
        with self._store.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def head(self) -> tuple[int, str]:
        """Number and digest of the last entry: what somebody notes elsewhere, to hold the journal against later."""
        with self._store.read() as connection:
            number, digest = connection.execute(select(tables.head.c.number, tables.head.c.digest)).one()
            return number, digest

    def alarm_lead(self) -> timedelta:
        """How long before a deadline its alarm goes off."""
        with self._store.read() as connection:
            return _lead(connection)

    def running_step(self) -> tuple[str, str, datetime] | None:
        """Who runs a step that changes reports, which, and since when."""
        with self._store.read() as connection:
            row = connection.execute(select(tables.steps)).one_or_none()
        return None if row is None else (row.operator, row.what, instant(row.since))


@contextmanager
def _no_cycle_collection() -> Iterator[None]:
    """Ten thousand reports are a hundred thousand objects and no cycle: collecting would take as long as reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _standings(connection: Connection, now: datetime, report_id: str | None) -> Iterable[Standing]:
    report, revision = tables.reports.c, tables.revisions.c
    join = (revision.report_id == report.report_id) & (revision.number == report.current)
    query = select(report.customer_id, tables.revisions).join(tables.revisions, join).order_by(report.report_id)
    if report_id is not None:
        query = query.where(report.report_id == report_id)
    policy = current_policy(connection)
    given = _given(connection)
    wanting = _Wanting(policy)
    holds, comments, glass = _holds(connection, now), _open_comments(connection), _glass(connection)
    deadlines = _deadlines(connection, now)
    for row in connection.execute(query).all():
        votes = given.get((row.report_id, row.number), ())
        done = row.state in _DONE
        yield Standing(
            report_id=row.report_id,
            customer_id=row.customer_id,
            state=row.state,
            revision=_revision(row),
            given=votes,
            missing=wanting.for_votes(votes),
            holds=holds.get(row.customer_id, ()),
            deadlines=() if done else deadlines.get(row.customer_id, ()),
            open_comments=comments.get(row.report_id, 0),
            glass_broken=glass.get(row.report_id, 0),
        )


class _Wanting:
    """Roles that are missing; most reports have the same votes, and are counted once."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._known: dict[tuple[tuple[str, str, str], ...], tuple[str, ...]] = {}

    def for_votes(self, given: tuple[Given, ...]) -> tuple[str, ...]:
        """Names of the roles."""
        key = tuple([(each.role, each.operator, each.kind) for each in given])
        known = self._known.get(key)
        if known is None:
            votes = (Vote(Role(role), who) for role, who, kind in key if self._policy.solo or kind != SOLO)
            known = self._known[key] = tuple(role.value for role in missing(self._policy, votes))
        return known


def _given(connection: Connection) -> Mapping[tuple[str, int], tuple[Given, ...]]:
    column, report = tables.approvals.c, tables.reports.c
    current = (report.report_id == column.report_id) & (report.current == column.number)
    query = (
        select(
            column.report_id, column.number, column.role, column.operator, column.at, column.kind, column.second,
            column.reason,
        )
        .join(tables.reports, current)
        .order_by(column.report_id, column.role, column.operator)
    )  # fmt: skip
    found: dict[tuple[str, int], tuple[Given, ...]] = {}
    for report_id, number, role, operator, at, kind, second, reason in connection.execute(query).all():
        key = (report_id, number)
        found[key] = (*found.get(key, ()), Given(role, operator, instant(at), kind, second, reason))
    return found


def _holds(connection: Connection, now: datetime) -> Mapping[str, tuple[Held, ...]]:
    column = tables.holds.c
    found: dict[str, tuple[Held, ...]] = {}
    for row in connection.execute(select(tables.holds).where(column.released_at == "").order_by(column.at, column.id)):
        until = instant(row.until) if row.until else None
        held = Held(row.id, row.reason, row.owner, until, is_overdue(until, now), row.customer_id)
        found[row.customer_id] = (*found.get(row.customer_id, ()), held)
    return found


def _deadlines(connection: Connection, now: datetime) -> Mapping[str, tuple[Due, ...]]:
    """By customer; those of most customers are the same, and are made once."""
    lead, column = _lead(connection), tables.deadlines.c
    known: dict[str, tuple[Due, ...]] = {}
    found: dict[str, tuple[Due, ...]] = {}
    for customer_id, dues in connection.execute(select(column.customer_id, column.dues)).all():
        if dues not in known:
            ends = [(rule, instant(at)) for at, rule in json.loads(dues)]
            known[dues] = tuple(_due(rule, end, alarm(end, now, lead)) for rule, end in ends)
        found[customer_id] = known[dues]
    return found


def _lead(connection: Connection) -> timedelta:
    hours = connection.execute(select(tables.policy.c.alarm_hours)).scalar_one_or_none()
    return timedelta(hours=24 if hours is None else hours)


def _open_comments(connection: Connection) -> Mapping[str, int]:
    column, shared = tables.comments.c, tables.shared.c
    own = select(column.report_id, func.count()).where(column.resolved_at == "").group_by(column.report_id)
    other = (
        select(shared.report_id, func.count())
        .join(tables.comments, column.id == shared.comment_id)
        .where(column.resolved_at == "")
        .group_by(shared.report_id)
    )
    found: dict[str, int] = defaultdict(int)
    for query in (own, other):
        for report_id, count in connection.execute(query).all():
            found[report_id] += count
    return found


def _glass(connection: Connection) -> Mapping[str, int]:
    column = tables.glass.c
    query = select(column.report_id, func.count().label("times")).where(column.second != "").group_by(column.report_id)
    return {row.report_id: row.times for row in connection.execute(query).all()}


def _revision(row: Row[tuple[object, ...]]) -> Revision:
    return Revision(row.number, row.pdf_digest, row.data_digest, instant(row.at), row.state, row.drafted_by)


def _remark(row: Row[tuple[object, ...]]) -> Remark:
    anchor = Anchor(row.section, row.language, row.key, row.quote)
    return Remark(row.id, row.report_id, anchor, row.text, row.author, instant(row.at), row.resolved_by or None)


def _due(rule: str, end: datetime, found: Alarm) -> Due:
    return Due(rule, end, pressing=found is not Alarm.QUIET, missed=found is Alarm.MISSED)
