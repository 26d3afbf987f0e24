"""Edge: bringing a ledger's tables up to date, and telling whether their guards still stand."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from shirase.domain.errors import PlatformError, Problem, TamperedError
from shirase.domain.journal import Break
from shirase.ledger.database import Place, speaking

FILE_MODE = 0o600
_MIGRATING = 0x5348_4952
"""Key of the PostgreSQL advisory lock that one migration at a time holds."""


def migrate(engine: Engine, place: Place, revision: str = "head") -> None:
    """Bring the tables up to ``revision``, making them where there are none. Two at once do no harm.

    Raises:
        PlatformError: When the ledger was made by a later version of this program.
    """
    _create_private(place.file)
    with speaking(place), engine.connect() as connection:
        chosen = connection.execution_options(shirase_write=True)
        with chosen.begin():
            if not place.is_sqlite:
                chosen.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
                chosen.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{place.schema}"'))
            _upgrade(chosen, place, revision)


def is_current(connection: Connection) -> bool:
    """Whether no migration is waiting."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def find_schema_breaks(connection: Connection, place: Place) -> list[Break]:
    """Tables, indexes and triggers that are not those which the migrations make: a guard may have been taken off."""
    if not place.is_sqlite:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal'::regclass AND tgenabled = 'O'"
        found = set(connection.execute(text(query)).scalars())
        gone = sorted({"journal_no_change", "journal_no_truncate"} - found)
        return [Break(f"trigger {name}", "is gone or switched off") for name in gone]
    is_there, made = _declared(connection), _made_anew()
    return [
        Break(name, "is gone, changed, or not of shirase's making")
        for name in sorted(is_there.keys() | made.keys())
        if is_there.get(name) != made.get(name)
    ]


def _made_anew() -> dict[str, list[str]]:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return _declared(connection)
    finally:
        engine.dispose()


def _declared(connection: Connection) -> dict[str, list[str]]:
    """What the file says of itself, by kind and name, word by word: white space means nothing."""
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return {f"{row.type} {row.name}": [row.tbl_name, *str(row.sql).split()] for row in rows}


def _upgrade(connection: Connection, place: Place, revision: str) -> None:
    scripts = ScriptDirectory.from_config(_config())
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {each.revision for each in scripts.walk_revisions()}:
        mend = "use that version, or a later one"
        raise PlatformError(Problem("this ledger was made by a later version of shirase", place.shown, mend))
    if found == scripts.get_current_head():
        return
    if found is None and place.file is not None and place.file.stat().st_size and _has_tables(connection):
        raise TamperedError(Problem("the ledger does not say which version made it", place.shown, "restore it"))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _has_tables(connection: Connection) -> bool:
    return bool(connection.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'table'")).scalar())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _create_private(file: Path | None) -> None:
    """An empty file that only its owner reads; SQLite's own would be as open as the umask lets it."""
    if file is not None and not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, FILE_MODE))
