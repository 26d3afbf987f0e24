"""One delivery: one report to one recipient, from the plan to the last word about it. Pure.

The server has a message in its hands from the moment at which it reads the final dot; before, it has nothing that it
may deliver (RFC 5321, 4.1.1.4 and 6.1). Between the dot and its reply nobody on this side knows (RFC 1047): what breaks
off there is ``unknown``, and only a person ends that.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.identifiers import spoken

_ID_CHARS = 16


class DeliveryState(StrEnum):
    """Where a delivery stands. ``accepted`` says that a server took it over, never that it arrived."""

    PLANNED = "planned"
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    GIVEN_UP = "given_up"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    ACKNOWLEDGED = "acknowledged"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What happens to a delivery."""

    COMMIT = "commit"
    TAKEN = "taken"
    PUT_OFF = "put_off"
    TURNED_DOWN = "turned_down"
    BROKEN_OFF = "broken_off"
    TOO_OFTEN = "too_often"
    ARRIVED = "arrived"
    CAME_BACK = "came_back"
    ANSWERED = "answered"
    DROP = "drop"
    FOUND_SENT = "found_sent"
    FOUND_UNSENT = "found_unsent"
    HANDED_OVER = "handed_over"


_S, _E = DeliveryState, Event

MOVES: Mapping[tuple[DeliveryState, Event], DeliveryState] = MappingProxyType(
    {
        **{(state, _E.COMMIT): _S.COMMITTING for state in (_S.PLANNED, _S.DEFERRED)},
        **{(state, _E.PUT_OFF): _S.DEFERRED for state in (_S.PLANNED, _S.DEFERRED, _S.COMMITTING)},
        **{(state, _E.TURNED_DOWN): _S.REFUSED for state in (_S.PLANNED, _S.DEFERRED, _S.COMMITTING)},
        **{(state, _E.TOO_OFTEN): _S.GIVEN_UP for state in (_S.PLANNED, _S.DEFERRED, _S.COMMITTING)},
        **{(state, _E.DROP): _S.CANCELLED for state in (_S.PLANNED, _S.DEFERRED)},
        (_S.COMMITTING, _E.TAKEN): _S.ACCEPTED,
        (_S.COMMITTING, _E.BROKEN_OFF): _S.UNKNOWN,
        (_S.UNKNOWN, _E.FOUND_SENT): _S.ACCEPTED,
        (_S.UNKNOWN, _E.FOUND_UNSENT): _S.PLANNED,
        (_S.PLANNED, _E.HANDED_OVER): _S.ACKNOWLEDGED,
        **{(state, _E.ARRIVED): _S.DELIVERED for state in (_S.ACCEPTED, _S.UNKNOWN)},
        **{(state, _E.CAME_BACK): _S.BOUNCED for state in (_S.ACCEPTED, _S.UNKNOWN, _S.DELIVERED)},
        **{
            (state, _E.ANSWERED): _S.ACKNOWLEDGED
            for state in (_S.ACCEPTED, _S.UNKNOWN, _S.DELIVERED, _S.BOUNCED, _S.REFUSED, _S.GIVEN_UP)
        },
    }
)
"""All moves there are. ``accepted``, and everything after it, never becomes ``planned`` again: whoever wants a mail to
go out once more plans another delivery, linked to the first. A report handed over by hand is acknowledged at once."""

WAITING = frozenset({_S.PLANNED, _S.DEFERRED})
"""What the next run sends."""

DONE = frozenset({_S.ACCEPTED, _S.DELIVERED, _S.ACKNOWLEDGED})
"""What nobody need look after; whether it arrived is another matter."""

OPEN = frozenset({_S.COMMITTING, _S.UNKNOWN, _S.REFUSED, _S.BOUNCED, _S.GIVEN_UP})
"""What a person has to look at."""


def moved(state: DeliveryState, event: Event, where: str) -> DeliveryState:
    """The state after ``event``.

    Raises:
        NotApprovedError: When there is no such move.
    """
    after = MOVES.get((state, event))
    if after is None:
        what = f"the delivery is {state.value}, and {event.value.replace('_', ' ')} is not for that"
        raise NotApprovedError(Problem(what, where, "`shirase deliveries` shows how it stands"))
    return after


class Point(StrEnum):
    """How far the dialogue with a server had come, in its order (RFC 5321, 3.1 to 3.8)."""

    CONNECT = "connect"
    GREETING = "greeting"
    HELLO = "hello"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RECIPIENT = "recipient"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


class Outcome(StrEnum):
    """What one attempt came to."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, as it ended.

    Attributes:
        outcome: What it came to.
        point: How far the dialogue had come.
        reply: What the server said, code first; or how the connection ended.
        concerns_all: Whether the next mail would meet the same: the run then stops and waits.
    """

    outcome: Outcome
    point: Point
    reply: str
    concerns_all: bool = False


EVENTS: Mapping[Outcome, Event] = MappingProxyType(
    {
        Outcome.ACCEPTED: _E.TAKEN, Outcome.DEFERRED: _E.PUT_OFF, Outcome.REFUSED: _E.TURNED_DOWN,
        Outcome.UNKNOWN: _E.BROKEN_OFF,
    }
)  # fmt: skip

_FOR_ALL = frozenset({Point.CONNECT, Point.GREETING, Point.HELLO, Point.TLS, Point.AUTH, Point.MAIL})
"""Where a refusal is about this side or the server, not about the recipient."""


def replied(point: Point, code: int, text: str) -> Attempt | None:
    """What a whole reply at ``point`` means; None when the dialogue goes on.

    A refusal before the recipient is named concerns everybody: that recipient is not stopped by it; but 552 to MAIL is
    about the size of this one message (RFC 1870, 6.1). 421 closes the connection wherever it comes (RFC 5321, 3.8).
    After the dot only 2yz means that the server has taken it over, and only 4yz and 5yz that it has not; any other code
    is no answer to the question.
    """
    reply = f"{code} {text}".strip()
    wanted = 3 if point is Point.DATA else 2
    if code // 100 == wanted:
        return Attempt(Outcome.ACCEPTED, point, reply) if point is Point.DOT else None
    too_large = point is Point.MAIL and code == 552
    for_all = (point in _FOR_ALL and not too_large) or code == 421
    if code // 100 == 5 and not for_all:
        return Attempt(Outcome.REFUSED, point, reply)
    if code // 100 in {4, 5}:
        return Attempt(Outcome.DEFERRED, point, reply, concerns_all=for_all)
    return broken_off(point, f"unexpected reply {reply}")


def broken_off(point: Point, how: str) -> Attempt:
    """What an attempt came to whose connection ended, stalled or spoke nonsense at ``point``.

    Up to the last byte before the dot the server cannot have accepted anything: it is done again later.
    """
    outcome = Outcome.UNKNOWN if point is Point.DOT else Outcome.DEFERRED
    return Attempt(outcome, point, how, concerns_all=True)


def delivery_id(report_id: str, revision: int, address: str, generation: int = 1) -> str:
    """The id of a delivery: the same whenever it is planned, another one for each time that somebody resends."""
    seed = f"delivery\x00{report_id}\x00{revision}\x00{address}\x00{generation}"
    return spoken(hashlib.sha256(seed.encode()).digest(), _ID_CHARS).lower()


def message_id(identifier: str, domain: str) -> str:
    """The Message-ID (RFC 5322, 3.6.4) of a delivery: stable, so that a server's log answers a question about it."""
    return f"<{identifier}@{domain}>"


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait after attempts that were put off.

    Attributes:
        first: Seconds after the first.
        longest: Seconds at most.
        attempts: After so many, nobody tries any more.
    """

    first: float = 300.0
    longest: float = 14400.0
    attempts: int = 10

    def seconds(self, attempts: int, chance: float) -> float:
        """How long to wait after ``attempts`` of them; twice as long each time, spread by half.

        Args:
            attempts: So far, 1 and up.
            chance: Between 0 and 1; two senders must not come back together.
        """
        return float(min(self.longest, self.first * 2 ** min(attempts - 1, 30)) * (0.75 + 0.5 * chance))

    def is_over(self, attempts: int) -> bool:
        """Whether nobody tries any more."""
        return attempts >= self.attempts
