"""Whoever changes the ledger behind its back is found, and the place is named."""

import os
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from ledger_kit import (
    ALL,
    DANA,
    KEIKO,
    NOW,
    RIKU,
    SORA,
    approve,
    digest,
    drafted,
    in_review,
    ledger_in,
    named,
    planned_mail,
    with_people,
)
from shirase.domain.errors import PlatformError, TamperedError
from shirase.domain.sending import Switch
from shirase.domain.standing import Anchor
from shirase.ledger import tables
from shirase.ledger.database import connect, place_of
from shirase.ledger.open import Ledger

ONE, TWO = replace(drafted(1), wrote=("Somebody",)), drafted(2)
RETURNED = dict.fromkeys(("kind", "matched_by", "recipient", "status", "diagnostic", "message_id"), "x")
COLUMNS = [(table.name, column.name) for table in tables.metadata.sorted_tables for column in table.columns]


def fill(ledger: Ledger) -> None:
    """At least one row in every table."""
    in_review(ledger, ONE, TWO)
    approve(ledger, KEIKO, "legal", ONE)
    asked = ledger.decisions.ask_glass(SORA, "comms", named(ONE), "nobody is there")
    ledger.decisions.break_glass(ALL, asked, obstacles={})
    ledger.decisions.seal(SORA, named(ONE), digest("sealed"), obstacles={})
    ledger.recipients.submit(SORA, digest("list"), 2)
    ledger.recipients.approve(DANA, digest("list"))
    mail = planned_mail(ONE)
    ledger.deliveries.plan(SORA, [mail], list_digest=digest("list"), manifest_digest=digest("manifest"))
    ledger.deliveries.commit(SORA, mail, list_digest=digest("list"))
    ledger.deliveries.came_back(SORA, digest("dsn"), RETURNED, event=None, delivery_id=mail.delivery_id)
    ledger.deliveries.turn(SORA, Switch.PAUSED, "lunch")
    ledger.talk.hold(KEIKO, ONE.customer_id, "litigation", NOW)
    ledger.talk.comment(DANA, ONE.report_id, Anchor("7", "ja", "k", "原因"), "原因は?", shared=[TWO.report_id])
    ledger.talk.note_opened(KEIKO, ONE.report_id, ONE.pdf_digest)
    ledger.steps._begin(RIKU, "draft")


@pytest.fixture
def engine(ledger: Ledger, folder: Path, url: str | None) -> Iterator[Engine]:
    """A connection of somebody who can write the database."""
    fill(ledger)
    opened = connect(place_of(url, folder))
    yield opened
    opened.dispose()


def without_guards(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER journal_no_{verb}"))
        else:
            connection.execute(text("ALTER TABLE journal DISABLE TRIGGER ALL"))


def test_the_journal_can_only_be_added_to(engine: Engine) -> None:
    verbs = ["UPDATE journal SET operator = 'x' WHERE number = 3", "DELETE FROM journal WHERE number = 3"]
    if engine.dialect.name == "postgresql":
        verbs.append("TRUNCATE journal")
    for verb in verbs:
        with pytest.raises(DatabaseError, match="only ever added to"), engine.begin() as connection:
            connection.execute(text(verb))


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_value_of_any_column_is_found_and_named(
    tmp_path: Path, table: str, column: str, filled: Path
) -> None:
    folder = tmp_path / "INC-1"
    folder.mkdir()
    for path in filled.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    raw = sqlite3.connect(folder / "ledger.db")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.executescript("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;")
    chosen = tables.metadata.tables[table].columns[column]
    change = f"{column} + 100" if str(chosen.type) == "INTEGER" else f"{column} || 'x'"
    raw.execute(f"UPDATE {table} SET {column} = {change} WHERE rowid = (SELECT max(rowid) FROM {table})")
    raw.commit()
    raw.close()
    with ledger_in(folder) as ledger:
        breaks = [each for each in ledger.find_breaks() if not each.where.startswith("trigger")]
    word, found = table if table in {"journal", "head"} else f"table {table}", [f"{b.where}: {b.what}" for b in breaks]
    assert any(word in where for where in found), found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger that has a row in every table."""
    folder = tmp_path_factory.mktemp("filled") / "INC-1"
    with ledger_in(folder) as ledger:
        fill(with_people(ledger))
    return folder


def test_every_table_of_that_ledger_has_a_row(filled: Path) -> None:
    engine = connect(place_of(None, filled))
    with engine.connect() as connection:
        empty = [table.name for table in tables.metadata.sorted_tables if not connection.execute(select(table)).first()]
    engine.dispose()
    assert empty == []


def test_values_changed_on_the_server_are_found(engine: Engine, ledger: Ledger) -> None:
    without_guards(engine)
    for statement, where in (
        ("UPDATE revisions SET state = 'approved' WHERE report_id = 'R-00002'", "table revisions, R-00002, 1"),
        ("DELETE FROM holds", "table holds, id-"),
        ("INSERT INTO opened VALUES ('Dana Reyes', 'f', 'g')", "table opened, Dana Reyes, f"),
        ("UPDATE journal SET operator = 'Dana' WHERE number = 9", "journal entry 9"),
        ("DELETE FROM journal WHERE number = 12", "journal entry 13"),
    ):
        with engine.begin() as connection:
            connection.execute(text(statement))
        assert any(each.where.startswith(where) for each in ledger.find_breaks()), statement
    assert any(each.where.startswith("trigger") for each in ledger.find_breaks())


def test_a_cut_end_is_found_by_the_second_place_of_the_heads(engine: Engine, ledger: Ledger) -> None:
    number, digest = ledger.overview.head()
    without_guards(engine)
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM journal WHERE number = {number}"))
        connection.execute(text("DELETE FROM steps"))
        previous = connection.execute(text(f"SELECT digest FROM journal WHERE number = {number - 1}")).scalar_one()
        connection.execute(text(f"UPDATE head SET number = {number - 1}, digest = '{previous}'"))
    found = [each for each in ledger.find_breaks() if not each.where.startswith("trigger")]
    assert [(each.where, each.what) for each in found] == [
        (f"journal entry {number}", "was seen by ledger.heads and is gone")
    ]
    ledger_heads = [each.where for each in ledger.find_breaks((number, digest))]
    assert ledger_heads.count(f"journal entry {number}") == 2, "and by a head that was noted elsewhere"


def test_a_missing_or_forged_second_place_is_found(ledger: Ledger, folder: Path) -> None:
    in_review(ledger, ONE)
    heads = folder / "ledger.heads"
    kept = heads.read_text()
    assert ledger.find_breaks() == []
    heads.write_text(kept.replace(kept.split()[1], "0" * 64, 1))
    assert [each.where for each in ledger.find_breaks()] == ["journal entry 1"]
    heads.unlink()
    assert [each.where for each in ledger.find_breaks()] == [str(heads)]


def test_an_entry_whose_writer_was_killed_before_it_told_is_told_by_the_next(ledger: Ledger, folder: Path) -> None:
    in_review(ledger, ONE)
    heads = folder / "ledger.heads"
    lines = heads.read_text().splitlines()
    heads.write_text("\n".join(lines[:-2]) + "\n77 half a li")
    assert ledger.find_breaks() == [], "what was not told is no break"
    in_review(ledger, TWO)
    assert [int(line.split()[0]) for line in heads.read_text().splitlines()] == list(
        range(1, ledger.overview.head()[0] + 1)
    )


def test_flipped_bytes_of_the_file_are_found_wherever_they_change_a_value(filled: Path, tmp_path: Path) -> None:
    """Of 600 places drawn by chance, every flip that changes what a reader sees is found."""
    folder = tmp_path / "INC-1"
    folder.mkdir()
    for path in filled.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    file = folder / "ledger.db"
    whole = file.read_bytes()
    before, found = dump(file), 0
    for place in random.Random(7).sample(range(100, len(whole)), 600):
        changed = bytearray(whole)
        changed[place] ^= 0x04
        file.write_bytes(changed)
        if dump(file) == before:
            continue
        try:
            with ledger_in(folder) as ledger:
                assert ledger.find_breaks(), place
        except (TamperedError, PlatformError):
            pass
        found += 1
    assert found > 40


def dump(file: Path) -> list[str] | None:
    raw = sqlite3.connect(file)
    try:
        return [" ".join(line.split()) for line in raw.iterdump()]
    except (sqlite3.DatabaseError, UnicodeDecodeError, ValueError):
        return None
    finally:
        raw.close()


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "INC-1"
    folder.mkdir()
    (folder / "ledger.db").write_bytes(os.urandom(5000))
    with pytest.raises(TamperedError, match="the ledger is damaged"), ledger_in(folder):
        pass
