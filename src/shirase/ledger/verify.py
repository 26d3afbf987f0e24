"""Whether the journal is the one that was written, and the state the one that follows from it.

What this cannot find: a journal, state and witness file that one person with access to all of them wrote anew from
the beginning, or cut at the same entry. Against that, note the head (``shirase journal`` prints it) where that person
cannot write: in a ticket, a mail, on paper.
"""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, Table, create_engine, insert, select, text

from shirase.domain.journal import ORIGIN, Break, JournalEntry, Kind, find_breaks
from shirase.ledger import tables
from shirase.ledger.database import Place
from shirase.ledger.facts import Fact
from shirase.ledger.projection import project, subject_digest
from shirase.ledger.schema import find_schema_breaks
from shirase.ledger.witness import Witness

MOST_BREAKS = 100
"""After so many nobody reads on."""


def find_all_breaks(
    connection: Connection, place: Place, witness: Witness, noted: tuple[int, str] | None = None
) -> list[Break]:
    """Every place at which something is not what it was; ``noted`` is a head that somebody noted elsewhere."""
    found = [*_pages(connection, place), *find_schema_breaks(connection, place)]
    entries = _entries(connection)
    found += find_breaks(entries)
    found += _head(connection, entries)
    digests = {entry.number: entry.digest for entry in entries}
    found += witness.compare(digests)
    if noted is not None and digests.get(noted[0]) != noted[1]:
        found.append(Break(f"journal entry {noted[0]}", "is gone, or is not the one that was noted"))
    found += _state(connection, entries)
    return found[:MOST_BREAKS]


def _entries(connection: Connection) -> list[JournalEntry]:
    query = select(tables.journal).order_by(tables.journal.c.number)
    return [JournalEntry(*row) for row in connection.execute(query)]


def _pages(connection: Connection, place: Place) -> Iterator[Break]:
    """What SQLite itself finds wrong with its file."""
    if place.is_sqlite:
        for said in connection.execute(text("PRAGMA integrity_check(20)")).scalars():
            if said != "ok":
                yield Break(place.shown, str(said))


def _head(connection: Connection, entries: list[JournalEntry]) -> Iterator[Break]:
    rows = connection.execute(select(tables.head.c.number, tables.head.c.digest)).all()
    last = (entries[-1].number, entries[-1].digest) if entries else (0, ORIGIN)
    if [tuple(row) for row in rows] != [last]:
        yield Break("table head", f"does not name the last entry of the journal, {last[0]}")


def _state(connection: Connection, entries: list[JournalEntry]) -> Iterator[Break]:
    """Make the state again from the journal, and compare row by row."""
    engine = create_engine("sqlite://")
    try:
        tables.metadata.create_all(engine)
        with engine.begin() as again:
            again.execute(insert(tables.head).values(id=1, number=0, digest=ORIGIN))
            yield from _replay(again, entries)
            for table in tables.STATE:
                yield from _compare(table, connection, again)
    finally:
        engine.dispose()


def _replay(again: Connection, entries: list[JournalEntry]) -> Iterator[Break]:
    for entry in entries:
        where = f"journal entry {entry.number}"
        try:
            fact = Fact(entry.at, entry.operator, Kind(entry.what), entry.subject, json.loads(entry.detail))
            before = subject_digest(again, fact.kind, fact.subject)
            project(again, fact)
            after = subject_digest(again, fact.kind, fact.subject)
        except Exception as error:  # noqa: BLE001 - whatever a changed entry breaks is the finding
            yield Break(where, f"cannot be followed: {type(error).__name__}")
            continue
        if (before, after) != (entry.before, entry.after):
            yield Break(where, "does not lead from the state before it to the state after it")


def _compare(table: Table, connection: Connection, again: Connection) -> Iterator[Break]:
    keys = [column.name for column in table.primary_key.columns]
    found, expected = _rows(table, connection, keys), _rows(table, again, keys)
    for key in sorted(found.keys() | expected.keys(), key=repr):
        where = f"table {table.name}, {', '.join(map(str, key))}"
        if key not in expected:
            yield Break(where, "is a row that no entry of the journal made")
        elif key not in found:
            yield Break(where, "is gone, though the journal has it")
        else:
            for column, is_there, follows in zip(table.columns, found[key], expected[key], strict=True):
                if is_there != follows or type(is_there) is not type(follows):
                    yield Break(where, f"{column.name} is not what follows from the journal")


def _rows(table: Table, connection: Connection, keys: list[str]) -> dict[tuple[object, ...], tuple[object, ...]]:
    places = [table.columns.keys().index(key) for key in keys]
    rows = [tuple(row) for row in connection.execute(select(table))]
    return {tuple(row[place] for place in places): row for row in rows}
