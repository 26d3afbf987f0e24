"""The record of what was sent: planned, about to be accepted, accepted, put off, refused, unknown.

Every method is one transaction: it looks at everything that the step rests on, and writes that it was taken. The entry
``commit`` is on disk before a server can have accepted the mail; whoever finds it without an end knows nothing, and
says so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from shirase.domain.delivery import WAITING, DeliveryState, Event
from shirase.domain.errors import GateError, NotApprovedError, Problem
from shirase.domain.journal import Kind
from shirase.domain.review import Move, Operator, require_mover
from shirase.domain.sending import BY_HAND, CANARY, Delivery, DeliveryEvent, PlannedMail, ReturnedMail, Switch
from shirase.ledger.current import current_revisions, require_current
from shirase.ledger.decisions import require_reason
from shirase.ledger.delivery_moves import (
    Told,
    can_move,
    is_known,
    mark_sent,
    move,
    require_like,
    require_person,
    require_sendable,
)
from shirase.ledger.delivery_rows import read_deliveries, read_events, read_returned, read_switch, require_delivery
from shirase.ledger.locks import ledger_lock
from shirase.ledger.recipient_lists import require_list
from shirase.ledger.writing import Change, Store


class Deliveries:
    """What was planned, and how it stands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, states: Collection[DeliveryState] = ()) -> tuple[Delivery, ...]:
        """All deliveries, or those in ``states``, in the order in which they are sent."""
        with self._store.read() as connection:
            return read_deliveries(connection, states)

    def one(self, delivery_id: str) -> Delivery:
        """One delivery.

        Raises:
            NotApprovedError: When nobody planned it.
        """
        with self._store.read() as connection:
            return require_delivery(connection, delivery_id)

    def events(self, delivery_id: str) -> tuple[DeliveryEvent, ...]:
        """Everything that happened to it, in order."""
        with self._store.read() as connection:
            return read_events(connection, delivery_id)

    def returned(self, delivery_id: str | None = None) -> tuple[ReturnedMail, ...]:
        """Mails that came back: all, or those about one delivery."""
        with self._store.read() as connection:
            return read_returned(connection, delivery_id)

    def switch(self) -> tuple[Switch, str, str]:
        """Whether mails go out; who said so, and why."""
        with self._store.read() as connection:
            return read_switch(connection)

    def turn(self, by: Operator, switch: Switch, reason: str) -> None:
        """Pause, stop or open the sending; it takes effect before the next mail."""
        require_reason(reason)
        with self._store.change(by) as change:
            require_mover(change.by, Move.SWITCH, "sending")
            change.record(Kind.SENDING, "1", {"state": switch.value, "reason": reason})

    def remark(self, by: Operator, text: str) -> None:
        """Put something about the sending into the journal; the switch stays as it is."""
        with self._store.change(by) as change:
            require_mover(change.by, Move.SEND, "sending")
            change.record(Kind.SENDING, "1", {"remark": text})

    @contextmanager
    def sender(self, by: Operator) -> Iterator[tuple[Delivery, ...]]:
        """Be the only one who sends, as long as the block runs. What a killed run left open is ``unknown`` from now on.

        Yields:
            Those deliveries.

        Raises:
            GateError: When somebody else sends.
        """
        with ledger_lock(self._store, "send") as got:
            if not got:
                raise GateError(Problem("somebody else is sending", "send", "one at a time: wait, or stop them"))
            yield self._recover(by)

    def plan(
        self, by: Operator, mails: Sequence[PlannedMail], *, list_digest: str, manifest_digest: str
    ) -> tuple[str, ...]:
        """Plan mails; those planned before, exactly like this, stay as they are, and so do those that went out.

        Returns:
            Ids of those that are new.

        Raises:
            NotApprovedError: When one may not be sent, or was planned with other content.
        """
        digests = {"list_digest": list_digest, "manifest_digest": manifest_digest}
        with self._store.change(by) as change:
            require_mover(change.by, Move.SEND, "send")
            require_list(change.connection, list_digest)
            known = {each.id: each for each in read_deliveries(change.connection)}
            current = current_revisions(change.connection)
            added = []
            for mail in mails:
                if (before := known.get(mail.delivery_id)) is not None:
                    if before.state in WAITING:
                        require_like(mail, before)
                    continue
                require_sendable(change, require_current(current, mail.report_id), mail)
                detail = {**asdict(mail), **digests}
                del detail["delivery_id"]
                change.record(Kind.PLANNED, mail.delivery_id, detail)
                added.append(mail.delivery_id)
        return tuple(added)

    def commit(self, by: Operator, mail: PlannedMail, *, list_digest: str) -> None:
        """From here on the server may have accepted it.

        Args:
            by: Who sends.
            mail: As it is about to be sent; the bytes with this digest are on the way to the server.
            list_digest: The list of recipients as it is on disk now.

        Raises:
            NotApprovedError: When it may not be sent: another content, not approved, held, sending is stopped.
        """
        with self._store.change(by) as change:
            require_mover(change.by, Move.SEND, mail.report_id)
            self._require_open(change)
            known = require_delivery(change.connection, mail.delivery_id)
            if known.mail != mail:
                what = "is not the mail that was planned"
                raise NotApprovedError(Problem(what, mail.delivery_id, "`shirase send` plans it again"))
            if mail.kind != CANARY:
                require_list(change.connection, list_digest)
            current = require_current(current_revisions(change.connection, mail.report_id), mail.report_id)
            require_sendable(change, current, mail)
            move(change, known, Event.COMMIT, Told(), counts=True)

    def end(self, by: Operator, delivery_id: str, event: Event, told: Told) -> Delivery:
        """How an attempt ended. The first mail that a server accepted makes the report ``sent``."""
        with self._store.found(by) as change:
            known = require_delivery(change.connection, delivery_id)
            move(change, known, event, told, counts=known.state is not DeliveryState.COMMITTING)
            if event is Event.TAKEN:
                mark_sent(change, known.mail, f"mail {delivery_id}: {told.reply}")
            return require_delivery(change.connection, delivery_id)

    def resolve(self, by: Operator, delivery_id: str, *, was_sent: bool, evidence: str) -> None:
        """A person says what became of a mail of which nobody knows; ``evidence`` says where they looked."""
        require_reason(evidence)
        with self._store.change(by) as change:
            require_person(change, delivery_id)
            known = require_delivery(change.connection, delivery_id)
            event = Event.FOUND_SENT if was_sent else Event.FOUND_UNSENT
            move(change, known, event, Told(note=evidence))
            if was_sent:
                mark_sent(change, known.mail, f"mail {delivery_id}: {evidence}")

    def acknowledge(self, by: Operator, delivery_id: str, how: str) -> None:
        """The customer has confirmed that the report is there; ``how`` says by which way."""
        require_reason(how)
        with self._store.change(by) as change:
            require_person(change, delivery_id)
            known = require_delivery(change.connection, delivery_id)
            by_hand = known.mail.kind == BY_HAND
            move(change, known, Event.HANDED_OVER if by_hand else Event.ANSWERED, Told(note=how))
            if known.state is DeliveryState.UNKNOWN or by_hand:
                mark_sent(change, known.mail, f"delivery {delivery_id}: {how}")

    def cancel(self, by: Operator, delivery_id: str, reason: str) -> None:
        """This mail is not sent, and another way is found."""
        require_reason(reason)
        with self._store.change(by) as change:
            require_person(change, delivery_id)
            move(change, require_delivery(change.connection, delivery_id), Event.DROP, Told(note=reason))

    def came_back(
        self, by: Operator, digest: str, detail: Mapping[str, str], *, event: Event | None, delivery_id: str
    ) -> bool:
        """A mail that came back, and what it says of a delivery. Each counts once.

        Returns:
            Whether it was new.
        """
        with self._store.change(by) as change:
            if is_known(change.connection, digest):
                return False
            change.record(Kind.CAME_BACK, digest, {**detail, "delivery_id": delivery_id})
            if event is not None and delivery_id:
                known = require_delivery(change.connection, delivery_id)
                if can_move(known.state, event):
                    told = Told(note=f"mail {digest[:16]}", reply=detail["diagnostic"])
                    move(change, known, event, told)
            return True

    @staticmethod
    def _require_open(change: Change) -> None:
        switch, who, reason = read_switch(change.connection)
        if switch is not Switch.OPEN:
            raise NotApprovedError(
                Problem(f"sending is {switch.value} by {who}: {reason}", "send", "`shirase send open`")
            )

    def _recover(self, by: Operator) -> tuple[Delivery, ...]:
        with self._store.read() as connection:
            left = read_deliveries(connection, {DeliveryState.COMMITTING})
        if not left:
            return ()
        with self._store.found(by) as change:
            for each in left:
                told = Told("dot", "the program ended before the server's reply was written down")
                move(change, each, Event.BROKEN_OFF, told)
        return left
