"""Edge: one change: it happens in the state and in the journal, or in neither."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.journal import JournalEntry, Kind, canonical, entry_digest, stamp
from shirase.domain.phrase import phrase
from shirase.domain.review import Operator
from shirase.ledger import tables
from shirase.ledger.database import Place, reading, writing
from shirase.ledger.facts import Fact
from shirase.ledger.projection import project, subject_digest
from shirase.ledger.rows import operator_named
from shirase.ledger.witness import Witness

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""As JSON writes it."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What ``wiring`` picks: the clock, and names that nothing else has."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(slots=True)
class Change:
    """A transaction under way.

    Attributes:
        connection: Sees the state as it is now, alone.
        by: Who acts, as the ledger knows them at this moment.
        now: When.
        heads: Entries written so far.
    """

    connection: Connection
    by: Operator
    now: datetime
    new_id: Callable[[], str]
    heads: list[tuple[int, str]] = field(default_factory=list)

    def record(self, kind: Kind, subject: str, detail: Mapping[str, Any]) -> None:
        """Write an entry, and make the state follow from it."""
        text = _written(detail)
        fact = Fact(stamp(self.now), self.by.name, kind, subject, detail)
        last, previous = self.heads[-1] if self.heads else self._head()
        before = subject_digest(self.connection, kind, subject)
        project(self.connection, fact)
        after = subject_digest(self.connection, kind, subject)
        entry = JournalEntry(
            last + 1, fact.at, fact.operator, kind.value, subject, text, before, after, previous, digest=""
        )
        values = asdict(entry)
        values["digest"] = entry_digest(values)
        self.connection.execute(insert(tables.journal).values(values))
        self.heads.append((last + 1, values["digest"]))

    def finish(self) -> None:
        """Move the head, which this transaction has locked, to the last entry."""
        if self.heads:
            number, digest = self.heads[-1]
            self.connection.execute(update(tables.head).values(number=number, digest=digest))

    def _head(self) -> tuple[int, str]:
        number, digest = self.connection.execute(select(tables.head.c.number, tables.head.c.digest)).one()
        return number, digest


class Store:
    """A ledger's place with what is needed to change it."""

    def __init__(self, engine: Engine, place: Place, witness: Witness, tools: Tools) -> None:
        self.engine = engine
        self.place = place
        self.witness = witness
        self.tools = tools

    @contextmanager
    def change(self, by: Operator) -> Iterator[Change]:
        """One change by a person or service account whom the ledger knows.

        Raises:
            NotApprovedError: When it does not know them, or no longer.
        """
        with writing(self.engine, self.place) as connection:
            known = operator_named(connection, by.name)
            if known is None or not known.is_active:
                raise unknown(by.name)
            change = Change(connection, known, self.tools.now(), self.tools.new_id)
            yield change
            change.finish()
        self._tell(change)

    @contextmanager
    def found(self, by: Operator) -> Iterator[Change]:
        """A change by somebody whom the ledger need not know: its very first operators, and steps of a pipeline."""
        with writing(self.engine, self.place) as connection:
            known = operator_named(connection, by.name) or by
            change = Change(connection, known, self.tools.now(), self.tools.new_id)
            yield change
            change.finish()
        self._tell(change)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """The state at one moment."""
        with reading(self.engine, self.place) as connection:
            yield connection

    def _tell(self, change: Change) -> None:
        """Tell the witness, also of entries whose writer was killed before it could."""
        if not change.heads:
            return
        seen, first = self.witness.last(), change.heads[0][0]
        heads = list(change.heads)
        if seen + 1 < first:
            column = tables.journal.c
            query = select(column.number, column.digest).where(column.number > seen, column.number < first)
            with self.read() as connection:
                heads += [(number, digest) for number, digest in connection.execute(query)]
        self.witness.note(heads)


def unknown(name: str) -> NotApprovedError:
    """Nobody of that name may act."""
    who = name or "nobody"
    mend = phrase("`shirase operators list` names those who may; `shirase operators add` adds one")
    return NotApprovedError(Problem(phrase("%(name)s is no operator of this incident", name=who), "operator", mend))


def _written(detail: Mapping[str, Any]) -> str:
    try:
        text = canonical(detail)
    except ValueError as error:
        raise UsageError(Problem(f"cannot be written down: {error}", "text", "use plain Unicode text")) from error
    if _NUL.search(text):
        raise UsageError(Problem(phrase("no database keeps a NUL character"), "text", phrase("use plain Unicode text")))
    return text
