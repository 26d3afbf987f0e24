"""Locks that die with the process that holds them: the kernel drops a file lock, PostgreSQL an advisory lock."""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shirase.ledger.database import speaking
from shirase.ledger.writing import Store

FILE_MODE = 0o600


@contextmanager
def ledger_lock(store: Store, name: str) -> Iterator[bool]:
    """Try to hold the lock ``name`` of a ledger. Yields whether it was got."""
    file = store.place.file
    if file is not None:
        with file_lock(file.with_name(f"{file.name}.{name}")) as got:
            yield got
        return
    key = zlib.crc32(f"shirase {name} {store.place.schema}".encode())
    with speaking(store.place), store.engine.connect() as connection:
        chosen = connection.execution_options(isolation_level="AUTOCOMMIT")
        got = bool(chosen.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
        try:
            yield got
        finally:
            if got:
                with suppress(
                    DBAPIError
                ):  # a server drops a session some time after it was closed; the next may be early
                    chosen.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
            chosen.detach()  # closing the session drops the lock, whatever state it is in


@contextmanager
def file_lock(path: Path) -> Iterator[bool]:
    """Try to hold a lock that dies with this process. Yields whether it was got."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)
