"""The review of one revision: its states, who may move it, and when it counts as approved. Pure.

One table says which moves there are; every other move is refused with a reason. An approval means the bytes with one
digest: a revision with other bytes is another revision and starts with none.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.phrase import phrase


class State(StrEnum):
    """Where a revision stands."""

    DRAFTED = "drafted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SEALED = "sealed"
    SENT = "sent"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can be done to a revision, and to what sending it rests on."""

    SUBMIT = "submit"
    APPROVE = "approve"
    COMPLETE = "complete"
    RETURN = "return"
    REVOKE = "revoke"
    SEAL = "seal"
    SEND = "send"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    SUBMIT_LIST = "submit_list"
    APPROVE_LIST = "approve_list"
    SWITCH = "switch"


class Role(StrEnum):
    """What an operator answers for."""

    RESPONDER = "responder"
    LEGAL = "legal"
    COMMS = "comms"
    SENDER = "sender"


_UNSENT = (State.DRAFTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED, State.SEALED)

MOVES: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.DRAFTED, Move.SUBMIT): State.IN_REVIEW,
        (State.CHANGES_REQUESTED, Move.SUBMIT): State.IN_REVIEW,
        (State.IN_REVIEW, Move.APPROVE): State.IN_REVIEW,
        (State.IN_REVIEW, Move.COMPLETE): State.APPROVED,
        (State.IN_REVIEW, Move.RETURN): State.CHANGES_REQUESTED,
        (State.APPROVED, Move.RETURN): State.CHANGES_REQUESTED,
        (State.IN_REVIEW, Move.REVOKE): State.IN_REVIEW,
        (State.APPROVED, Move.REVOKE): State.IN_REVIEW,
        (State.APPROVED, Move.SEAL): State.SEALED,
        (State.SEALED, Move.SEND): State.SENT,
        **{(state, Move.REPLACE): State.SUPERSEDED for state in (*_UNSENT, State.SENT)},
        **{(state, Move.WITHDRAW): State.WITHDRAWN for state in (*_UNSENT, State.SENT)},
    }
)
"""All moves there are. An unsent revision is replaced when other bytes are registered, a sent one when its successor
has been sent. ``superseded`` and ``withdrawn`` are final."""

MOVERS: Mapping[Move, frozenset[Role]] = MappingProxyType(
    {
        Move.SUBMIT: frozenset({Role.RESPONDER}),
        Move.APPROVE: frozenset({Role.LEGAL, Role.COMMS, Role.SENDER, Role.RESPONDER}),
        Move.RETURN: frozenset({Role.LEGAL, Role.COMMS, Role.SENDER}),
        Move.REVOKE: frozenset({Role.LEGAL, Role.COMMS, Role.SENDER, Role.RESPONDER}),
        Move.SEAL: frozenset({Role.SENDER}),
        Move.SEND: frozenset({Role.SENDER}),
        Move.WITHDRAW: frozenset({Role.RESPONDER, Role.LEGAL, Role.SENDER}),
        Move.SUBMIT_LIST: frozenset({Role.RESPONDER, Role.SENDER}),
        Move.APPROVE_LIST: frozenset({Role.RESPONDER, Role.LEGAL, Role.COMMS, Role.SENDER}),
        Move.SWITCH: frozenset(Role),
    }
)
"""Which roles may make a move. What is not here follows from another move and is nobody's own. The last three are no
moves of a revision: who puts up and who approves the list of recipients, and who may stop the sending: everybody."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who acts, or a service account, which runs steps but approves nothing."""

    name: str
    roles: tuple[str, ...]
    is_service: bool = False
    is_active: bool = True


def _defaults() -> Mapping[Role, int]:
    return MappingProxyType({Role.LEGAL: 1, Role.COMMS: 1})


@dataclass(frozen=True, slots=True)
class Policy:
    """What makes a revision approved.

    Attributes:
        quorum: How many people each role needs.
        solo: One person does everything, and every approval says so for ever. For trials, never silently.
    """

    quorum: Mapping[Role, int] = field(default_factory=_defaults)
    solo: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's yes to one revision, in one role.

    Attributes:
        second: Who stood by when a role's approval was broken in by somebody without it; empty for a plain one.
    """

    role: Role
    operator: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What is known when somebody says yes.

    Attributes:
        state: Of the revision.
        authors: Who drafted or submitted it, and whose proposed words stand in it.
        votes: Approvals of these very bytes so far.
        obstacles: Why these bytes cannot be approved by anybody (a blocker, a translation nobody confirmed, ...).
    """

    state: State
    authors: frozenset[str]
    votes: tuple[Vote, ...]
    obstacles: tuple[str, ...] = ()


def moved(state: State, move: Move, where: str) -> State:
    """The state after ``move``.

    Raises:
        NotApprovedError: When there is no such move.
    """
    after = MOVES.get((state, move))
    if after is None:
        starts = tuple(before for before, allowed in MOVES if allowed is move)
        what = phrase("it is %(state)s, and this is for what is: %(starts)s", state=state, starts=starts)
        raise NotApprovedError(Problem(what, where, _mend(state, move)))
    return after


def require_mover(operator: Operator, move: Move, where: str) -> None:
    """Refuse a move by somebody whose roles do not cover it.

    Raises:
        NotApprovedError: When no role of ``operator`` may do it.
    """
    allowed = MOVERS[move]
    if not allowed & set(operator.roles):
        roles = tuple(role for role in Role if role in allowed)
        what = phrase("%(name)s may not do this: it is for %(roles)s", name=operator.name, roles=roles)
        raise NotApprovedError(Problem(what, where, phrase("ask somebody in that role")))


def require_voter(operator: Operator, role: Role, ballot: Ballot, policy: Policy, where: str) -> None:
    """Refuse an approval that would not mean anything.

    Raises:
        NotApprovedError: Naming everything that stands against it.
    """
    against: list[str] = [*ballot.obstacles, *_against(operator, role, ballot, policy)]
    if against:
        raise NotApprovedError(*(Problem(reason, where, "") for reason in against))
    moved(ballot.state, Move.APPROVE, where)


def require_glass_breaker(first: Operator, second: Operator, ballot: Ballot, where: str) -> None:
    """Refuse to break the glass unless two people stand for it who neither wrote the report nor approved it before.

    Raises:
        NotApprovedError: Naming everything that stands against it.
    """
    against: list[str] = list(ballot.obstacles)
    if first.name == second.name:
        against.append(phrase("break-glass takes two people"))
    for person in (first, second):
        if person.is_service or not person.is_active:
            against.append(phrase("%(name)s is a service account or no longer active", name=person.name))
        if person.name in ballot.authors:
            against.append(phrase("%(name)s is an author of this revision", name=person.name))
        if any(person.name in (vote.operator, vote.second) for vote in ballot.votes):
            against.append(phrase("%(name)s has already approved it: one person stands for one role", name=person.name))
    if against:
        raise NotApprovedError(*(Problem(reason, where, "") for reason in against))
    moved(ballot.state, Move.APPROVE, where)


def missing(policy: Policy, votes: Iterable[Vote]) -> tuple[Role, ...]:
    """Roles whose approval is still wanting, each as often as people are."""
    given = list(votes)
    wanting: list[Role] = []
    for role in Role:
        people = {vote.operator for vote in given if vote.role is role}
        wanting += [role] * (policy.quorum.get(role, 0) - len(people))
    return tuple(wanting)


def is_complete(policy: Policy, votes: Collection[Vote]) -> bool:
    """Whether every role has approved. Nothing is ever approved by nobody, whatever the quorum says."""
    return bool(votes) and not missing(policy, votes)


def _against(operator: Operator, role: Role, ballot: Ballot, policy: Policy) -> Iterable[str]:
    name = operator.name
    if operator.is_service:
        yield phrase("%(name)s is a service account, and those approve nothing", name=name)
    if not operator.is_active:
        yield phrase("%(name)s is no longer active", name=name)
    if role not in operator.roles:
        yield phrase("%(name)s does not have the role: %(role)s", name=name, role=role)
    if policy.quorum.get(role, 0) == 0:
        yield phrase("no approval is asked of %(role)s", role=role)
    if name in ballot.authors and not policy.solo:
        yield phrase("%(name)s is an author of this revision, and nobody approves their own change", name=name)
    for vote in ballot.votes:
        if vote.operator == name and vote.role is role:
            yield phrase("%(name)s has already approved it as %(role)s", name=name, role=role)
        elif name in (vote.operator, vote.second) and not policy.solo:
            yield phrase(
                "%(name)s has already approved it as %(role)s: one person stands for one role",
                name=name,
                role=vote.role,
            )


def _mend(state: State, move: Move) -> str:
    if state in {State.SUPERSEDED, State.WITHDRAWN}:
        return phrase("look at the current revision")
    return phrase("submit it first") if state is State.DRAFTED and move is not Move.SUBMIT else ""
