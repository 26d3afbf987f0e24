"""Edge: connections. SQLite by default, PostgreSQL by URL; a password is never printed.

SQLite before 3.51.3 can corrupt a database in WAL mode when it resets the log (sqlite.org/releaselog/3_51_3.html);
Debian ships older ones. A rollback journal with ``synchronous=EXTRA`` costs about a millisecond a commit and is safe.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError

from shirase.domain.errors import PlatformError, Problem, TamperedError, UsageError
from shirase.ledger import tables

BUSY_SECONDS = 120
"""How long a writer waits for the others before it gives up."""

_THE_MACHINE = ("locked", "busy", "full", "readonly", "unable to open", "disk I/O", "interrupted")
"""What SQLite says when the machine is at fault; all else is about what it read."""

_WRITE = "shirase_write"
C = TypeVar("C", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ledger is kept.

    Attributes:
        url: SQLAlchemy URL; only ``shown`` may be printed.
        schema: PostgreSQL schema that holds this incident; empty on SQLite.
    """

    url: URL
    schema: str = ""

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file, if it is one."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None


def place_of(given: str | None, folder: Path) -> Place:
    """The place that ``given`` names; without one, ``ledger.db`` in the incident's output folder.

    Raises:
        UsageError: When it is neither SQLite nor PostgreSQL.
    """
    if given is None:
        return Place(URL.create("sqlite", database=str(folder / "ledger.db")))
    mend = "for example postgresql://shirase@db.example/shirase; the password may come from ~/.pgpass"
    try:
        url = make_url(given)
    except ArgumentError:
        raise UsageError(Problem("is not the URL of a database", "--ledger", mend)) from None
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        return Place(url)
    if url.get_backend_name() == "postgresql":
        schema = "shirase_" + re.sub(r"[^a-z0-9]", "_", folder.resolve().name.lower())
        return Place(url.set(drivername="postgresql+psycopg"), schema)
    raise UsageError(Problem(f"{url.get_backend_name()} is not supported", "--ledger", mend))


def connect(place: Place) -> Engine:
    """An engine whose connections are set up; nothing is read yet."""
    if place.is_sqlite:
        engine = create_engine(place.url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        _listen(engine, "connect", _set_up_sqlite)
        _listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-csearch_path={place.schema} -clock_timeout={BUSY_SECONDS * 1000} -ctimezone=UTC"
    return create_engine(
        place.url, connect_args={"options": options, "connect_timeout": 20, "application_name": "shirase"}
    )


@contextmanager
def writing(engine: Engine, place: Place) -> Iterator[Connection]:
    """A transaction that no other writer shares time with: all of it happens, or nothing."""
    with speaking(place), engine.connect() as connection:
        chosen = connection.execution_options(**{_WRITE: True})
        with chosen.begin():
            if not place.is_sqlite:
                chosen.execute(select(tables.head.c.number).with_for_update()).all()
            yield chosen


@contextmanager
def reading(engine: Engine, place: Place) -> Iterator[Connection]:
    """A transaction that sees one moment."""
    with speaking(place), engine.connect() as connection:
        chosen = connection if place.is_sqlite else connection.execution_options(isolation_level="REPEATABLE READ")
        with chosen.begin():
            yield chosen


@contextmanager
def speaking(place: Place) -> Iterator[None]:
    """Turn what a database says into a problem with its place, and never its password.

    Raises:
        PlatformError: When it cannot be reached, is full or stays busy.
        TamperedError: When the file is not the database that it was.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        what = _first_line(error, place)
        if place.is_sqlite and not any(each in what for each in _THE_MACHINE):
            raise _damaged(place, what) from None
        raise PlatformError(Problem(what, place.shown, "mend that, then do it again: nothing was changed")) from None
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and type(error.orig) is sqlite3.DatabaseError:
            raise _damaged(place, _first_line(error, place)) from None
        raise


def _damaged(place: Place, what: str) -> TamperedError:
    return TamperedError(Problem(f"the ledger is damaged: {what}", place.shown, "restore it from a backup"))


def _first_line(error: DatabaseError | InterfaceError, place: Place) -> str:
    said = str(error.orig).strip().partition("\n")[0]
    return said.replace(str(place.url.password), "***") if place.url.password else said


def _listen(engine: Engine, name: str, listener: C) -> None:
    event.listen(engine, name, listener)


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
