"""What people decide about a revision: approve, return, break the glass, withdraw; and what follows: sealed, sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.journal import Kind
from shirase.domain.phrase import phrase
from shirase.domain.review import (
    Ballot,
    Move,
    Operator,
    Policy,
    Role,
    State,
    Vote,
    is_complete,
    missing,
    moved,
    require_glass_breaker,
    require_mover,
    require_voter,
)
from shirase.domain.standing import Named
from shirase.ledger import tables
from shirase.ledger.current import (
    Current,
    authors_of,
    current_revisions,
    require_current,
    require_named,
    require_no_hold,
)
from shirase.ledger.rows import BREAK_GLASS, PLAIN, SOLO, current_policy, operator_named, votes_for
from shirase.ledger.writing import Change, Store, unknown

Obstacles = Mapping[str, Sequence[str]]
"""By report id: why nobody can approve it, as somebody found who looked at the files just now."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything that one decision rests on."""

    current: Current
    policy: Policy
    ballot: Ballot


class Decisions:
    """Every method changes all reports named, or none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def approve(self, by: Operator, role: str, named: Sequence[Named], *, statement: str, obstacles: Obstacles) -> None:
        """Say yes to these very bytes in one role; ``statement`` says how much was read.

        Raises:
            NotApprovedError: When it may not be.
        """
        chosen = role_of(role)
        with self._store.change(by) as change:
            for each in named:
                case = _case(change, each, obstacles)
                require_voter(change.by, chosen, case.ballot, case.policy, each.report_id)
                own = by.name in case.ballot.authors or any(vote.operator == by.name for vote in case.ballot.votes)
                detail = _vote(case, Vote(chosen, by.name), SOLO if own else PLAIN)
                change.record(Kind.APPROVED, each.report_id, {**detail, "statement": statement})

    def revoke(self, by: Operator, named: Named, reason: str) -> None:
        """Take back one's own approval."""
        require_reason(reason)
        with self._store.change(by) as change:
            case = _case(change, named, {})
            moved(case.current.state, Move.REVOKE, named.report_id)
            if not any(vote.operator == by.name for vote in case.ballot.votes):
                raise NotApprovedError(Problem(phrase("%(name)s has not approved it", name=by.name), named.report_id))
            change.record(Kind.REVOKED, named.report_id, {"number": case.current.number, "reason": reason})

    def send_back(self, by: Operator, named: Named, reason: str) -> None:
        """Ask for changes; what was approved of these bytes counts no more."""
        require_reason(reason)
        with self._store.change(by) as change:
            require_mover(change.by, Move.RETURN, named.report_id)
            current = require_named(change.connection, named)
            moved(current.state, Move.RETURN, named.report_id)
            change.record(Kind.RETURNED, named.report_id, {"number": current.number, "reason": reason})

    def ask_glass(self, by: Operator, role: str, named: Named, reason: str) -> str:
        """Ask to approve in the place of a role that nobody can reach. Returns the id that the second person names."""
        require_reason(reason)
        chosen = role_of(role)
        with self._store.change(by) as change:
            case = _case(change, named, {})
            _require_human(change.by, case, named.report_id)
            if chosen not in missing(case.policy, case.ballot.votes):
                raise NotApprovedError(
                    Problem(phrase("no approval of %(role)s is missing", role=chosen), named.report_id)
                )
            moved(case.current.state, Move.APPROVE, named.report_id)
            identifier = change.new_id()
            detail = {
                "id": identifier, "number": case.current.number, "role": chosen.value, "reason": reason,
                "pdf_digest": named.pdf_digest, "data_digest": named.data_digest,
            }  # fmt: skip
            change.record(Kind.GLASS_ASKED, named.report_id, detail)
        return identifier

    def break_glass(self, by: Operator, identifier: str, *, obstacles: Obstacles) -> None:
        """Stand by as the second person: the approval then counts, and is shown for ever.

        Raises:
            NotApprovedError: When it may not be.
        """
        with self._store.change(by) as change:
            column = tables.glass.c
            asked = change.connection.execute(select(tables.glass).where(column.id == identifier)).one_or_none()
            if asked is None or asked.second:
                raise NotApprovedError(
                    Problem(phrase("nobody asks for that any more"), identifier, phrase("look at the journal"))
                )
            first = operator_named(change.connection, asked.first)
            if first is None:
                raise unknown(asked.first)
            current = require_current(current_revisions(change.connection, asked.report_id), asked.report_id)
            if current.number != asked.number:
                what = phrase("there is a newer revision than the one asked for")
                raise NotApprovedError(Problem(what, asked.report_id))
            case = _case(change, Named(asked.report_id, current.pdf_digest, current.data_digest), obstacles)
            require_glass_breaker(first, change.by, case.ballot, asked.report_id)
            if (role := Role(asked.role)) not in missing(case.policy, case.ballot.votes):
                raise NotApprovedError(
                    Problem(phrase("no approval of %(role)s is missing", role=role), asked.report_id)
                )
            detail = _vote(case, Vote(role, first.name, by.name), BREAK_GLASS)
            more = {"id": identifier, "first": first.name, "reason": asked.reason, "statement": ""}
            change.record(Kind.GLASS_BROKEN, asked.report_id, {**detail, **more})

    def seal(self, by: Operator, named: Named, sealed_digest: str, *, obstacles: Obstacles) -> None:
        """The approved bytes were sealed, and the sealed file has this digest.

        Raises:
            NotApprovedError: When a role's approval of these very bytes is missing, something was found against them
                since, or somebody holds the report.
        """
        self.seal_batch(by, [(named, sealed_digest)], manifest_digest="", obstacles=obstacles)

    def seal_batch(
        self, by: Operator, sealed: Sequence[tuple[Named, str]], *, manifest_digest: str, obstacles: Obstacles
    ) -> None:
        """A batch was sealed: all of it, or nothing.

        Args:
            by: Who sealed it.
            sealed: What was approved, each with the SHA-256 of the sealed file.
            manifest_digest: SHA-256 of the manifest that lists them.
            obstacles: Why something may not be sealed.

        Raises:
            NotApprovedError: As :meth:`seal`, for the first that may not be.
        """
        with self._store.change(by) as change:
            for named, digest in sealed:
                case = self._ready(change, named, Move.SEAL, obstacles)
                detail = {"number": case.current.number, "sealed_digest": digest, "manifest_digest": manifest_digest}
                change.record(Kind.SEALED, named.report_id, detail)

    def send(self, by: Operator, named: Named, note: str) -> None:
        """The sealed report has reached its customer; ``note`` says how. What was sent before is superseded.

        Raises:
            NotApprovedError: When it is not sealed, or somebody holds the report.
        """
        with self._store.change(by) as change:
            case = self._ready(change, named, Move.SEND, {})
            change.record(Kind.SENT, named.report_id, {"number": case.current.number, "note": note})

    def require_sealable(self, by: Operator, named: Named, *, obstacles: Obstacles) -> None:
        """Refuse what :meth:`seal` would refuse now."""
        with self._store.change(by) as change:
            self._ready(change, named, Move.SEAL, obstacles)

    def require_sendable(self, by: Operator, named: Named, move: Move, *, obstacles: Obstacles) -> str:
        """Refuse what :meth:`seal` or :meth:`send` would refuse now; else the digest of the sealed file, if any."""
        with self._store.change(by) as change:
            return self._ready(change, named, move, obstacles).current.sealed_digest

    def withdraw(self, by: Operator, named: Named, reason: str) -> None:
        """These bytes are no report any more, sent or not."""
        require_reason(reason)
        with self._store.change(by) as change:
            require_mover(change.by, Move.WITHDRAW, named.report_id)
            current = require_named(change.connection, named)
            moved(current.state, Move.WITHDRAW, named.report_id)
            change.record(Kind.WITHDRAWN, named.report_id, {"number": current.number, "reason": reason})

    @staticmethod
    def _ready(change: Change, named: Named, move: Move, obstacles: Obstacles) -> _Case:
        require_mover(change.by, move, named.report_id)
        case = _case(change, named, obstacles)
        if case.ballot.obstacles:
            raise NotApprovedError(*(Problem(reason, named.report_id) for reason in case.ballot.obstacles))
        moved(case.current.state, move, named.report_id)
        if not is_complete(case.policy, case.ballot.votes):
            wanting = missing(case.policy, case.ballot.votes)
            what = phrase("these bytes lack the approval of %(roles)s", roles=wanting)
            raise NotApprovedError(Problem(what, named.report_id))
        require_no_hold(change.connection, case.current.customer_id, named.report_id)
        return case


def require_reason(reason: str) -> None:
    """Refuse a decision without a word.

    Raises:
        UsageError: When there is none.
    """
    if not reason.strip():
        raise UsageError(Problem(phrase("needs a reason in words"), "--reason", phrase("it stays in the journal")))


def role_of(name: str) -> Role:
    """The role of that name.

    Raises:
        UsageError: When there is none.
    """
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise UsageError(Problem(f"{name!r} is no role", "--role", f"one of: {known}")) from None


def _case(change: Change, named: Named, obstacles: Obstacles) -> _Case:
    current = require_named(change.connection, named)
    policy = current_policy(change.connection)
    votes = votes_for(change.connection, named.report_id, current.number, policy)
    against = tuple(obstacles.get(named.report_id, ()))
    return _Case(current, policy, Ballot(current.state, authors_of(change.connection, current), votes, against))


def _vote(case: _Case, vote: Vote, kind: str) -> dict[str, object]:
    complete = is_complete(case.policy, (*case.ballot.votes, vote))
    state = moved(case.current.state, Move.COMPLETE if complete else Move.APPROVE, case.current.report_id)
    return {
        "number": case.current.number, "role": vote.role.value, "kind": kind, "state": state.value,
        "pdf_digest": case.current.pdf_digest, "data_digest": case.current.data_digest,
    }  # fmt: skip


def _require_human(person: Operator, case: _Case, where: str) -> None:
    if person.is_service:
        what = phrase("%(name)s is a service account, and those approve nothing", name=person.name)
        raise NotApprovedError(Problem(what, where))
    if person.name in case.ballot.authors:
        what = phrase("%(name)s is an author of this revision, and nobody approves their own change", name=person.name)
        raise NotApprovedError(Problem(what, where))
    if case.current.state is not State.IN_REVIEW:
        raise NotApprovedError(Problem(phrase("it is not in review, but: %(state)s", state=case.current.state), where))
