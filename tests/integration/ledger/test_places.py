"""Where ledgers are kept: migrations, permissions, passwords that are never printed."""

import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from ledger_kit import RIKU, drafted, in_review, ledger_in, with_people
from postgres import PASSWORD
from shirase.domain.errors import PlatformError, UsageError
from shirase.ledger.database import connect, place_of, reading, writing
from shirase.ledger.schema import find_schema_breaks, is_current, migrate
from shirase.ledger.tables import metadata


def test_migrations_make_exactly_the_tables_that_the_code_uses(folder: Path, url: str | None) -> None:
    folder.mkdir()
    place = place_of(url, folder)
    engine = connect(place)
    migrate(engine, place)
    migrate(engine, place)
    with reading(engine, place) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert is_current(connection)
        assert find_schema_breaks(connection, place) == []
    engine.dispose()


def test_a_ledger_of_the_first_version_is_brought_up_to_date_with_what_it_holds(folder: Path, url: str | None) -> None:
    folder.mkdir()
    place = place_of(url, folder)
    engine = connect(place)
    migrate(engine, place, "0001")
    with reading(engine, place) as connection:
        assert not is_current(connection)
    with writing(engine, place) as connection:
        connection.execute(text("INSERT INTO opened VALUES ('Riku', 'digest', 'then')"))
    engine.dispose()
    with ledger_in(folder, url) as ledger:
        assert ledger.overview.opened("Riku") == {"digest"}
        in_review(with_people(ledger), drafted(1))
        assert [each.where for each in ledger.find_breaks()] == ["table opened, Riku, digest"]


def test_a_ledger_of_a_later_version_is_left_alone(folder: Path, url: str | None) -> None:
    with ledger_in(folder, url):
        pass
    place = place_of(url, folder)
    engine = connect(place)
    with writing(engine, place) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(PlatformError, match="later version"), ledger_in(folder, url):
        pass


def test_only_its_owner_reads_the_file_and_commits_are_durable(tmp_path: Path) -> None:
    folder = tmp_path / "INC-1"
    with ledger_in(folder) as ledger:
        with_people(ledger)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "ledger.db": 0o600, "ledger.heads": 0o600,
    }  # fmt: skip
    engine = connect(place_of(None, folder))
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "delete", "synchronous": 3}


def test_two_incidents_on_one_server_know_nothing_of_each_other(tmp_path: Path, postgresql: str) -> None:
    with ledger_in(tmp_path / "INC-A", postgresql) as one, ledger_in(tmp_path / "INC-B", postgresql) as other:
        in_review(with_people(one), drafted(1))
        assert (len(one.overview.standings()), other.overview.standings(), other.people.everybody()) == (1, (), ())


def test_a_password_is_never_printed(tmp_path: Path, postgresql: str) -> None:
    assert PASSWORD in postgresql
    assert PASSWORD not in place_of(postgresql, tmp_path).shown
    wrong = postgresql.replace(PASSWORD, "wrong-" + PASSWORD)
    with pytest.raises(PlatformError) as refused, ledger_in(tmp_path / "INC-1", wrong):
        pass
    assert PASSWORD not in str(refused.value)
    assert "password authentication failed" in str(refused.value)


@pytest.mark.parametrize("url", ["mysql://db/x", "sqlite://", "not a url", "oracle://u:secret@db/x"])
def test_other_databases_are_refused_without_an_echo(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as refused:
        place_of(url, tmp_path)
    assert "secret" not in str(refused.value)


def test_the_first_operator_of_an_empty_ledger_is_no_secret(tmp_path: Path) -> None:
    with ledger_in(tmp_path / "INC-1") as ledger:
        ledger.people.put(RIKU, RIKU)
        assert [(each.name, each.roles) for each in ledger.people.everybody()] == [("Riku", ("responder",))]
