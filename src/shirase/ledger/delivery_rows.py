"""Edge: deliveries as the tables have them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Row, select

from shirase.domain.delivery import DeliveryState
from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.sending import Delivery, DeliveryEvent, PlannedMail, ReturnedMail, Switch
from shirase.ledger import tables
from shirase.ledger.rows import instant


def read_deliveries(connection: Connection, states: Collection[DeliveryState] = ()) -> tuple[Delivery, ...]:
    """All deliveries, or those in ``states``, in the order in which they are sent."""
    column = tables.deliveries.c
    query = select(tables.deliveries).order_by(column.wave, column.planned_at, column.id)
    if states:
        query = query.where(column.state.in_(sorted(states)))
    return tuple(_delivery(row) for row in connection.execute(query))


def require_delivery(connection: Connection, delivery_id: str) -> Delivery:
    """One delivery.

    Raises:
        NotApprovedError: When nobody planned it.
    """
    query = select(tables.deliveries).where(tables.deliveries.c.id == delivery_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotApprovedError(Problem("nobody planned this delivery", delivery_id, "`shirase deliveries list`"))
    return _delivery(row)


def read_events(connection: Connection, delivery_id: str) -> tuple[DeliveryEvent, ...]:
    """Everything that happened to a delivery, in order."""
    column = tables.delivery_events.c
    query = select(tables.delivery_events).where(column.delivery_id == delivery_id).order_by(column.number)
    return tuple(
        DeliveryEvent(
            row.number, row.event, row.state, row.operator, instant(row.at), row.point, row.reply, row.note
        )
        for row in connection.execute(query)
    )  # fmt: skip


def read_returned(connection: Connection, delivery_id: str | None) -> tuple[ReturnedMail, ...]:
    """Mails that came back: all, or those about one delivery; the first first."""
    column = tables.returned_mails.c
    query = select(tables.returned_mails).order_by(column.read_at, column.digest)
    if delivery_id is not None:
        query = query.where(column.delivery_id == delivery_id)
    return tuple(
        ReturnedMail(
            row.digest, row.kind, row.delivery_id, row.matched_by, row.recipient, row.status, row.diagnostic,
            row.message_id, instant(row.read_at),
        )
        for row in connection.execute(query)
    )  # fmt: skip


def read_switch(connection: Connection) -> tuple[Switch, str, str]:
    """Whether mails go out; who said so, and why."""
    row = connection.execute(select(tables.sending)).one_or_none()
    return (Switch.OPEN, "", "") if row is None else (Switch(row.state), row.operator, row.reason)


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    mail = PlannedMail(
        row.id, row.report_id, row.number, row.customer_id, row.address, row.kind, row.message_id, row.dated_at,
        row.content_digest, row.mail_digest, row.size, row.sealed_digest, row.wave, row.previous,
    )  # fmt: skip
    return Delivery(
        mail, DeliveryState(row.state), row.attempts, _moment(row.next_at), row.reply, instant(row.planned_at),
        instant(row.changed_at), row.list_digest, row.manifest_digest,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    return instant(text) if text else None
