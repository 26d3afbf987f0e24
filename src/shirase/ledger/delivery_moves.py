"""One move of a delivery, and everything that has to be true before it is made."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from shirase.domain.delivery import DeliveryState, Event, moved
from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.journal import Kind, stamp
from shirase.domain.review import Move, State, is_complete, require_mover
from shirase.domain.sending import REPORTING, Delivery, PlannedMail, planned_like
from shirase.ledger import tables
from shirase.ledger.current import Current, current_revisions, require_no_hold
from shirase.ledger.rows import current_policy, votes_for
from shirase.ledger.writing import Change

_SENDABLE = (State.SEALED, State.SENT)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said about a move.

    Attributes:
        point: How far the dialogue with a server had come.
        reply: What the server said.
        note: What a person said.
        next_at: When to try again.
    """

    point: str = ""
    reply: str = ""
    note: str = ""
    next_at: datetime | None = None


def can_move(state: DeliveryState, event: Event) -> bool:
    """Whether there is such a move."""
    try:
        moved(state, event, "")
    except NotApprovedError:
        return False
    return True


def require_like(mail: PlannedMail, before: Delivery) -> None:
    """Refuse a mail that was planned before with other content.

    Raises:
        NotApprovedError: When it is another one.
    """
    if planned_like(mail, before.mail):
        return
    mend = f"undo the change; or `shirase deliveries cancel`, then `shirase send --again {mail.delivery_id}`"
    what = "was planned with other content: a template, a file or the recipient changed since"
    raise NotApprovedError(Problem(what, mail.delivery_id, mend))


def require_sendable(change: Change, current: Current, mail: PlannedMail) -> None:
    """Refuse what is not the sealed, approved and current report of its customer, or is held.

    Raises:
        NotApprovedError: When it may not be sent.
    """
    where = mail.report_id
    if (current.number, current.sealed_digest) != (mail.number, mail.sealed_digest):
        what = f"revision {current.number} is the current one, and not the sealed file that was planned"
        raise NotApprovedError(Problem(what, where, "`shirase seal`, then plan it again"))
    if current.state not in _SENDABLE:
        raise NotApprovedError(Problem(f"it is {current.state.value}, and not sealed", where, "`shirase seal`"))
    if current.customer_id != mail.customer_id:
        raise NotApprovedError(Problem(f"is the report of {current.customer_id}", where, "plan it again"))
    policy = current_policy(change.connection)
    if not is_complete(policy, votes_for(change.connection, where, current.number, policy)):
        raise NotApprovedError(Problem("these bytes lack an approval", where, "`shirase status`"))
    require_no_hold(change.connection, current.customer_id, where)


def require_person(change: Change, where: str) -> None:
    """Refuse a service account, and whoever may not send.

    Raises:
        NotApprovedError: When it takes somebody else.
    """
    require_mover(change.by, Move.SEND, where)
    if change.by.is_service:
        what = f"{change.by.name} is a service account, and this takes a person"
        raise NotApprovedError(Problem(what, where))


def move(change: Change, known: Delivery, event: Event, told: Told, *, counts: bool = False) -> None:
    """Write that ``event`` happened; ``counts`` says that it was an attempt.

    Raises:
        NotApprovedError: When there is no such move.
    """
    detail = {
        "event": event.value, "state": moved(known.state, event, known.id).value, "counts": int(counts),
        "point": told.point, "reply": told.reply, "note": told.note,
        "next_at": stamp(told.next_at) if told.next_at is not None else "",
    }  # fmt: skip
    change.record(Kind.DELIVERY, known.id, detail)


def mark_sent(change: Change, mail: PlannedMail, note: str) -> None:
    """The report is sent, unless it is already, or is withdrawn meanwhile; the delivery says the rest."""
    if mail.kind not in REPORTING:
        return
    current = current_revisions(change.connection, mail.report_id).get(mail.report_id)
    if current is not None and current.state is State.SEALED and current.number == mail.number:
        change.record(Kind.SENT, mail.report_id, {"number": mail.number, "note": note})


def is_known(connection: Connection, digest: str) -> bool:
    """Whether a mail that came back was read before."""
    column = tables.returned_mails.c.digest
    return connection.execute(select(column).where(column == digest)).first() is not None
