"""The tables of a case, such as ``customers.csv``: every row a typed entry, every cell kept as it stands."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Generic, TypeVar

from pydantic import ValidationError

from shirase.case.characters import describe_character, foreign_characters, mend_character
from shirase.case.file_models import (
    ACCOUNT_COLUMNS,
    ACTOR_COLUMNS,
    ACTOR_OPTIONAL,
    CONTACT_COLUMNS,
    CUSTOMER_COLUMNS,
    CUSTOMER_OPTIONAL,
    INQUIRY_COLUMNS,
    LIST_COLUMNS,
    LIST_SEPARATOR,
)
from shirase.case.problems import Reading, place, plain_problems
from shirase.case.registers import build_register
from shirase.case.written_files import WrittenFile
from shirase.domain.actor import ActorEntry, Roster
from shirase.domain.bilingual import CaseModel
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.errors import Problem
from shirase.domain.impact import Inquiry

M = TypeVar("M", bound=CaseModel)

Row = tuple[int, list[str]]
"""The line a row begins on (1-based), and its cells."""


@dataclass(frozen=True, slots=True)
class Table(Generic[M]):
    """The entries of a table, and the line each begins on.

    Attributes:
        path: Below the case folder.
        entries: In the order of the rows.
        lines: 1-based, as many as entries.
    """

    path: str
    entries: tuple[M, ...]
    lines: tuple[int, ...]

    def where(self, index: int) -> str:
        """The place of the entry at ``index``."""
        return place(self.path, line=self.lines[index])


@lru_cache(maxsize=1)  # `preview --watch` reads the case at each save
def read_customers(file: WrittenFile) -> Reading[tuple[Table[Customer], CustomerRegister]]:
    """Read ``customers.csv``."""
    table = read_table(file, Customer, CUSTOMER_COLUMNS, CUSTOMER_OPTIONAL)
    if table.value is None:
        return Reading(None, table.problems)
    register = build_register(CustomerRegister.build, table.value.entries, where=table.value.where)
    problems = (*register.problems, *_blank_names(table.value))
    return Reading(None, problems) if register.value is None or problems else Reading((table.value, register.value))


@lru_cache(maxsize=1)  # `preview --watch` reads the case at each save
def read_actors(file: WrittenFile) -> Reading[tuple[Table[ActorEntry], Roster]]:
    """Read ``actors.csv``."""
    table = read_table(file, ActorEntry, ACTOR_COLUMNS, ACTOR_OPTIONAL)
    if table.value is None:
        return Reading(None, table.problems)
    register = build_register(Roster.build, table.value.entries, where=table.value.where)
    problems = (*register.problems, *_unsteady_actors(table.value))
    return Reading(None, problems) if register.value is None or problems else Reading((table.value, register.value))


def read_inquiries(file: WrittenFile) -> Reading[Table[Inquiry]]:
    """Read ``inquiries.csv``."""
    return read_table(file, Inquiry, INQUIRY_COLUMNS)


def read_accounts(file: WrittenFile) -> Reading[Table[Account]]:
    """Read ``accounts.csv``."""
    table = read_table(file, Account, ACCOUNT_COLUMNS)
    return _once(table, lambda account: account.account_id, "account_id")


def read_contacts(file: WrittenFile) -> Reading[Table[PhoneContact]]:
    """Read ``contacts.csv``. One number may belong to several customers: then it decides nothing."""
    return read_table(file, PhoneContact, CONTACT_COLUMNS)


def read_table(
    file: WrittenFile, model: type[M], required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Reading[Table[M]]:
    """Every row of ``file`` as a ``model``, or every problem of its header and rows.

    Args:
        file: The file.
        model: What a row is.
        required: The columns its header begins with.
        optional: Columns that may follow, in this order.
    """
    rows = _rows(file)
    header = next(rows, (1, []))
    if isinstance(header, Problem):
        return Reading(None, (header,))
    columns = (*required, *(column for column in optional if column in header[1]))
    if tuple(header[1]) != columns:
        return Reading(None, (_header_problem(header[1], columns, file.path),))
    foreign = "".join(sorted(foreign_characters(file.text)))
    suspicious = re.compile(f"[{re.escape(foreign)}]") if foreign else None
    problems: list[Problem] = []
    entries: list[M] = []
    lines: list[int] = []
    for row in rows:
        found = (row,) if isinstance(row, Problem) else _row_problems(row, columns, file.path, suspicious)
        if found or isinstance(row, Problem):
            problems += found
            continue
        line, cells = row
        values = _values(cells, model, columns)
        try:
            entries.append(model.model_validate(values))
            lines.append(line)
        except ValidationError as error:
            problems += plain_problems(error, values, path=file.path, line=line)
    return Reading(None if problems else Table(file.path, tuple(entries), tuple(lines)), tuple(problems))


def _once(reading: Reading[Table[M]], key: Callable[[M], str], column: str) -> Reading[Table[M]]:
    """``reading``, but for rows whose key stands in an earlier one."""
    if reading.value is None:
        return reading
    table, first, problems = reading.value, dict[str, int](), list[Problem]()
    for index, entry in enumerate(table.entries):
        known = first.setdefault(key(entry), index)
        if known != index:
            what = f"{key(entry)!r} stands in line {table.lines[known]} already"
            problems.append(Problem(what, f"{table.where(index)}, {column}", "keep one row for each"))
    return Reading(None, tuple(problems[:20])) if problems else reading


def _rows(file: WrittenFile) -> Iterator[Row | Problem]:
    """Rows with the line they begin on, but for empty lines; a problem ends them where the file stops being CSV."""
    reader = csv.reader(io.StringIO(file.text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            mend = 'put a cell that holds , or " in quotes, and write " inside as ""'
            yield Problem(f"this is not CSV: {error}", place(file.path, line=line), mend)
            return
        if cells is None:
            return
        if cells:
            yield line, cells


def _header_problem(header: list[str], columns: tuple[str, ...], path: str) -> Problem:
    missing = [column for column in columns if column not in header]
    unknown = [column for column in header if column not in columns]
    repeated = sorted({column for column in header if header.count(column) > 1})
    said = [f"missing: {', '.join(missing)}"] if missing else []
    said += [f"unknown: {', '.join(unknown)}{_meant(unknown, missing)}"] if unknown else []
    said += [f"repeated: {', '.join(repeated)}"] if repeated else []
    what = "; ".join(said) or "the columns stand in another order"
    return Problem(f"the header is not as agreed ({what})", place(path, line=1), f"write: {','.join(columns)}")


def _meant(unknown: list[str], missing: list[str]) -> str:
    close = [match for name in unknown for match in get_close_matches(name, missing, 1)]
    return f" (for {', '.join(close)}?)" if close else ""


def _row_problems(
    row: Row, columns: tuple[str, ...], path: str, suspicious: re.Pattern[str] | None
) -> tuple[Problem, ...]:
    line, cells = row
    if len(cells) != len(columns):
        what = f"the row has {len(cells)} cells, the header {len(columns)}"
        return (Problem(what, place(path, line=line), 'put a cell that holds a comma in quotes: "a, b"'),)
    if suspicious is None or suspicious.search("".join(cells)) is None:
        return ()
    found = (
        (column, cell, character)
        for column, cell in zip(columns, cells, strict=True)
        for character in dict.fromkeys(suspicious.findall(cell))
    )
    return tuple(
        Problem(
            f"{describe_character(character)} in {cell!r}",
            place(path, line=line, key=column),
            mend_character(character),
        )
        for column, cell, character in found
    )


def _values(cells: list[str], model: type[CaseModel], columns: tuple[str, ...]) -> dict[str, object]:
    """Cells by column. An empty cell is left out, so that the model says what that means; an empty list stays one."""
    values: dict[str, object] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell:
            values[column] = cell.split(LIST_SEPARATOR) if column in LIST_COLUMNS else cell
        elif column in LIST_COLUMNS and model.model_fields[column].is_required():
            values[column] = []
    return values


def _blank_names(table: Table[Customer]) -> Iterator[Problem]:
    for index, customer in enumerate(table.entries):
        name = customer.name_ja or customer.name_en
        if name and not (customer.name_ja.strip() or customer.name_en.strip()):
            yield Problem(
                "the name is nothing but spaces", f"{table.where(index)}, name_ja", "write the registered name"
            )


def _unsteady_actors(table: Table[ActorEntry]) -> Iterator[Problem]:
    """Rows that end before they begin, and people with two pseudonyms: a reader would take them for two."""
    pseudonyms: dict[str, str] = {}
    for index, entry in enumerate(table.entries):
        known = pseudonyms.setdefault(entry.actor_id, entry.pseudonym)
        if known != entry.pseudonym:
            what = f"actor {entry.actor_id!r} is {entry.pseudonym!r} here and {known!r} above"
            yield Problem(what, f"{table.where(index)}, pseudonym", "one pseudonym for one actor, over the whole case")
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            what = f"the row ends ({entry.valid_to}) before it begins ({entry.valid_from})"
            yield Problem(what, f"{table.where(index)}, valid_to")
