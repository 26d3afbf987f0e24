"""One entry of the journal as the state sees it, and rows that have a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, update

from shirase.domain.journal import Kind


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry as the state sees it."""

    at: str
    operator: str
    kind: Kind
    subject: str
    detail: Mapping[str, Any]


def put(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or change the one with its key."""
    keys = [column.name for column in table.primary_key.columns]
    where = [table.c[key] == values[key] for key in keys]
    rest = {name: value for name, value in values.items() if name not in keys}
    if not connection.execute(update(table).where(*where).values(rest)).rowcount:
        connection.execute(insert(table).values(dict(values)))
