"""tickets.csv: may be absent, is read whole, and every way a row can be wrong is named with its line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from case_builder import edited, write_case
from shirase.case.folder import read_case
from shirase.domain.errors import CaseError
from shirase.domain.tickets import TicketOpener

HEADER = "ticket_id,customer_id,opened_at,opened_by\n"


def problems_of(folder: Path, rows: str, **more: str) -> list[tuple[str, str]]:
    with pytest.raises(CaseError) as caught:
        read_case(write_case(folder, **{"tickets.csv": HEADER + rows, **more}))
    return [(problem.where, problem.what) for problem in caught.value.diagnostics()]


def test_a_case_may_have_no_register_of_tickets(tmp_path: Path) -> None:
    """Then no ticket can be judged, which is something else than a register without tickets."""
    assert read_case(write_case(tmp_path / "without")).tickets is None
    empty = read_case(write_case(tmp_path / "empty", **{"tickets.csv": HEADER})).tickets
    assert empty is not None
    assert empty.by_id == {}


def test_rows_become_tickets(tmp_path: Path) -> None:
    """Every cell is read; an empty time stays unknown; the file is among those whose digests a run names."""
    rows = "CS-1,C-1,2022-01-18T21:00:00+09:00,customer\n 0007 ,C-2,,sender\n"
    case = read_case(write_case(tmp_path, **{"tickets.csv": HEADER + rows}))
    assert case.tickets is not None
    first, second = case.tickets.find("CS-1"), case.tickets.find("0007")
    assert first is not None
    assert second is not None
    assert (first.customer_id, first.opened_at) == ("C-1", datetime(2022, 1, 18, 12, tzinfo=UTC))
    assert (second.customer_id, second.opened_at, second.opened_by) == ("C-2", None, TicketOpener.SENDER)
    assert "tickets.csv" in case.digests


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        ("CS-1,C-1,2022-01-18 21:00:00,customer", "tickets.csv, line 2, opened_at", "no offset"),
        ("CS-1,C-1,2022-13-01T00:00:00Z,customer", "tickets.csv, line 2, opened_at", "valid datetime"),
        ("CS-1,C-1,1642496400,customer", "tickets.csv, line 2, opened_at", "not a time with an offset"),
        ("CS-1,C-1,yesterday,customer", "tickets.csv, line 2, opened_at", "not a time with an offset"),
        ("CS-1,C-1,,agent", "tickets.csv, line 2, opened_by", "'customer' or 'sender'"),
        ("CS-1,C-1,,", "tickets.csv, line 2, opened_by", "missing"),
        (",C-1,,customer", "tickets.csv, line 2, ticket_id", "missing"),
        ("  ,C-1,,customer", "tickets.csv, line 2, ticket_id", "empty"),
        ("CS-1,C-9,,customer", "tickets.csv, line 2, customer_id", "no customer has the id 'C-9'"),
        ("CS-1,C-1,customer", "tickets.csv, line 2", "3 cells"),
        ("CS-⼯,C-1,,customer", "tickets.csv, line 2, ticket_id", "KANGXI"),
    ],
)
def test_a_problem_names_line_and_column(tmp_path: Path, row: str, where: str, what: str) -> None:
    """The one thing wrong is reported once, with the line it stands on."""
    ((found_where, found_what),) = problems_of(tmp_path, row + "\n")
    assert found_where == where
    assert what in found_what


def test_a_ticket_of_two_customers_names_both_lines(tmp_path: Path) -> None:
    """Which of the two it belongs to decides what is shown to whom: nobody may guess."""
    rows = "CS-1,C-1,,customer\nCS-2,C-1,,customer\nCS-1 ,C-2,,sender\n"
    assert problems_of(tmp_path, rows) == [
        ("tickets.csv, line 4, customer_id", "ticket 'CS-1' belongs to 'C-1' in line 2 and to 'C-2' here")
    ]


def test_a_ticket_written_twice_is_refused(tmp_path: Path) -> None:
    """Two rows may differ in who opened it, so not even equal owners make a second row harmless."""
    assert problems_of(tmp_path, "CS-1,C-1,,customer\nCS-1,C-1,,sender\n") == [
        ("tickets.csv, line 3, ticket_id", "ticket 'CS-1' stands in line 2 already")
    ]


def test_all_problems_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    """Wrong tickets hide neither each other nor the problems of another file."""
    found = problems_of(
        tmp_path, "CS-1,C-1,,nobody\nCS-2,C-1,soon,customer\n", **edited("customers.csv", "Otsu Inc.", "")
    )
    assert [where for where, _ in found] == [
        "customers.csv, line 3",
        "tickets.csv, line 2, opened_by",
        "tickets.csv, line 3, opened_at",
    ]


def test_a_wrong_column_does_not_fill_the_screen(tmp_path: Path) -> None:
    """Beyond twenty, repeats and unknown customers are counted and not named one by one."""
    rows = "".join(f"CS-{number},X-{number},,customer\n" for number in range(30))
    found = problems_of(tmp_path / "strangers", rows)
    assert len(found) == 21
    assert found[20] == ("tickets.csv", "10 further customers of tickets do not exist")
    twice = problems_of(tmp_path / "twice", "CS-1,C-1,,customer\n" * 31)
    assert len(twice) == 21
    assert twice[20][1] == "further tickets are listed twice"


def test_rows_of_one_unknown_customer_are_one_problem(tmp_path: Path) -> None:
    """Named where it stands first, with how many rows it has."""
    rows = "CS-1,C-1,,customer\nCS-2,C-9,,customer\nCS-3,C-9,,customer\n"
    assert problems_of(tmp_path, rows) == [
        ("tickets.csv, line 3, customer_id", "no customer has the id 'C-9' (2 rows)")
    ]
