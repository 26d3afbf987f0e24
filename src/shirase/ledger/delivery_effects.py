"""What entries about recipients and deliveries do to the tables. Like all of the projection, for ever the same."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection, Table, func, insert, select, update

from shirase.domain.delivery import DeliveryState
from shirase.domain.journal import Kind
from shirase.ledger import tables
from shirase.ledger.facts import Fact, put


def _list_submitted(connection: Connection, fact: Fact) -> None:
    values = {
        "digest": fact.subject, "mailboxes": fact.detail["mailboxes"],
        "submitted_by": fact.operator, "submitted_at": fact.at,
        "approved_by": "", "approved_at": "", "revoked_by": "", "reason": "",
    }  # fmt: skip
    put(connection, tables.recipient_lists, values)


def _list_approved(connection: Connection, fact: Fact) -> None:
    _set_list(connection, fact, approved_by=fact.operator, approved_at=fact.at)


def _list_revoked(connection: Connection, fact: Fact) -> None:
    _set_list(connection, fact, revoked_by=fact.operator, reason=fact.detail["reason"])


def _set_list(connection: Connection, fact: Fact, **values: str) -> None:
    column = tables.recipient_lists.c
    connection.execute(update(tables.recipient_lists).where(column.digest == fact.subject).values(values))


def _planned(connection: Connection, fact: Fact) -> None:
    state = DeliveryState.PLANNED.value
    values = {
        "id": fact.subject, "state": state, "attempts": 0, "next_at": "", "reply": "", "planned_at": fact.at,
        "changed_at": fact.at, **fact.detail,
    }  # fmt: skip
    connection.execute(insert(tables.deliveries).values(values))
    event = {"event": "plan", "state": state, "point": "", "reply": "", "note": ""}
    _add_event(connection, fact, event)


def _moved(connection: Connection, fact: Fact) -> None:
    detail = fact.detail
    changed = {"state": detail["state"], "next_at": detail["next_at"], "changed_at": fact.at}
    if detail["reply"]:
        changed["reply"] = detail["reply"]
    column = tables.deliveries.c
    query = update(tables.deliveries).where(column.id == fact.subject)
    connection.execute(query.values(changed))
    if detail["counts"]:
        connection.execute(query.values(attempts=column.attempts + 1))
    _add_event(connection, fact, {name: detail[name] for name in ("event", "state", "point", "reply", "note")})


def _add_event(connection: Connection, fact: Fact, values: Mapping[str, str]) -> None:
    column = tables.delivery_events.c
    last = connection.execute(select(func.max(column.number)).where(column.delivery_id == fact.subject)).scalar()
    row = {"delivery_id": fact.subject, "number": (last or 0) + 1, "operator": fact.operator, "at": fact.at}
    connection.execute(insert(tables.delivery_events).values({**row, **values}))


def _came_back(connection: Connection, fact: Fact) -> None:
    put(connection, tables.returned_mails, {"digest": fact.subject, "read_at": fact.at, **fact.detail})


def _sending(connection: Connection, fact: Fact) -> None:
    if "remark" not in fact.detail:
        put(connection, tables.sending, {"id": 1, "operator": fact.operator, "at": fact.at, **fact.detail})


EFFECTS: Mapping[Kind, Callable[[Connection, Fact], None]] = MappingProxyType(
    {
        Kind.RECIPIENTS_SUBMITTED: _list_submitted,
        Kind.RECIPIENTS_APPROVED: _list_approved,
        Kind.RECIPIENTS_REVOKED: _list_revoked,
        Kind.PLANNED: _planned,
        Kind.DELIVERY: _moved,
        Kind.CAME_BACK: _came_back,
        Kind.SENDING: _sending,
    }
)

_LIST = ((tables.recipient_lists, "digest"),)
_DELIVERY = ((tables.deliveries, "id"), (tables.delivery_events, "delivery_id"))

SUBJECTS: Mapping[Kind, tuple[tuple[Table, str], ...]] = MappingProxyType(
    {
        **dict.fromkeys((Kind.RECIPIENTS_SUBMITTED, Kind.RECIPIENTS_APPROVED, Kind.RECIPIENTS_REVOKED), _LIST),
        **dict.fromkeys((Kind.PLANNED, Kind.DELIVERY), _DELIVERY),
        Kind.CAME_BACK: ((tables.returned_mails, "digest"),),
        Kind.SENDING: ((tables.sending, "id"),),
    }
)
"""Tables, and the column that names the subject, which the digests before and after cover."""
