"""``tickets.csv``: every support ticket, each listed once."""

from collections.abc import Iterator
from functools import lru_cache

from shirase.case.file_models import TICKET_COLUMNS
from shirase.case.problems import Reading
from shirase.case.tables import Table, read_table
from shirase.case.written_files import WrittenFile
from shirase.domain.errors import Problem
from shirase.domain.tickets import Ticket, TicketRegister

_MOST_PROBLEMS = 20
"""Repeats named: beyond that, the export is wrong, not a row."""


@lru_cache(maxsize=1)  # `preview --watch` reads the case at each save
def read_tickets(file: WrittenFile) -> Reading[tuple[Table[Ticket], TicketRegister]]:
    """Read ``tickets.csv``."""
    table = read_table(file, Ticket, TICKET_COLUMNS)
    if table.value is None:
        return Reading(None, table.problems)
    problems = tuple(_listed_twice(table.value))
    if len(problems) > _MOST_PROBLEMS:
        rest = Problem("further tickets are listed twice", problems[_MOST_PROBLEMS].where, "mend those named first")
        problems = (*problems[:_MOST_PROBLEMS], rest)
    return Reading(None, problems) if problems else Reading((table.value, TicketRegister.build(table.value.entries)))


def _listed_twice(table: Table[Ticket]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, ticket in enumerate(table.entries):
        known = first.setdefault(ticket.ticket_id, index)
        if known == index:
            continue
        owner, line = table.entries[known].customer_id, table.lines[known]
        if owner == ticket.customer_id:
            what = f"ticket {ticket.ticket_id!r} stands in line {line} already"
            yield Problem(what, f"{table.where(index)}, ticket_id", "keep one row for each ticket")
        else:
            what = f"ticket {ticket.ticket_id!r} belongs to {owner!r} in line {line} and to {ticket.customer_id!r} here"
            mend = "a ticket belongs to one customer: a number of another customer is never shown"
            yield Problem(what, f"{table.where(index)}, customer_id", mend)
