"""The reason of an action as its customer may see it, with and without a register of tickets."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from case_builder import write_case
from scoped_actions import build, scoped
from shirase.case.folder import read_case
from shirase.domain.action import Justification
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.incident import Case
from shirase.domain.report import Report, ReportAction
from shirase.domain.tickets import TicketMatch

TICKETS = """\
ticket_id,customer_id,opened_at,opened_by
CS-1,C-1,2022-01-18T11:00:00Z,customer
CS-2,C-1,2022-01-18T11:00:00Z,sender
CS-3,C-1,2022-01-18T13:00:00Z,customer
CS-9,C-2,2022-01-18T13:00:00Z,customer
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return read_case(write_case(tmp_path / "case", **{"tickets.csv": TICKETS}))


@pytest.fixture
def without(tmp_path: Path) -> Case:
    return read_case(write_case(tmp_path / "without"))


def report_of(case: Case, *reasons: Justification | None, customer_count: int = 1) -> Report:
    rows = [
        scoped(line, justification=reason, customer_count=customer_count)
        for line, reason in enumerate(reasons, start=1)
    ]
    return build(case, *rows)


def row_of(case: Case, ticket_id: str | None, text: str | None = "asked", *, customer_count: int = 1) -> ReportAction:
    return report_of(case, Justification(None, ticket_id, text), customer_count=customer_count).actions[0]


@pytest.mark.parametrize(
    ("ticket_id", "match", "late"),
    [
        ("CS-1", TicketMatch.OPENED_BY_YOU, False),
        (" CS-1 ", TicketMatch.OPENED_BY_YOU, False),
        ("CS-2", TicketMatch.OPENED_BY_US, False),
        ("CS-3", TicketMatch.OPENED_BY_YOU, True),
        ("CS-4", TicketMatch.NOT_ON_RECORD, False),
    ],
)
def test_a_ticket_that_is_not_another_customers_is_shown_as_logged(
    case: Case, ticket_id: str, match: TicketMatch, late: bool
) -> None:
    """With what the register says about it, and the reason beside it."""
    row = row_of(case, ticket_id)
    assert (row.ticket_id, row.reason, row.reason_withheld) == (ticket_id, "asked", False)
    assert (row.ticket_match, row.opened_after_action) == (match, late)


def test_a_ticket_of_another_customer_leaves_nothing_behind(case: Case) -> None:
    """Number and free words are gone from the whole report, and it is said that words were left out."""
    report = report_of(case, Justification("ticket", "CS-9", "Otsu called"))
    row = report.actions[0]
    assert (row.ticket_match, row.ticket_id, row.reason, row.reason_withheld, row.opened_after_action) == (
        TicketMatch.NOT_YOURS, None, None, True, False,
    )  # fmt: skip
    assert "CS-9" not in repr(report)
    assert "Otsu called" not in repr(report)


def test_nothing_is_said_to_be_withheld_where_nothing_was_logged(case: Case) -> None:
    """Another customer's ticket without free words: there is no reason to be left out."""
    row = row_of(case, "CS-9", None)
    assert (row.ticket_match, row.reason, row.reason_withheld) == (TicketMatch.NOT_YOURS, None, False)


@pytest.mark.parametrize("ticket_id", ["CS-1", "CS-4", None])
def test_free_words_that_name_another_customers_ticket_are_withheld(case: Case, ticket_id: str | None) -> None:
    """The ticket of the action itself stays; the words go, and that is said."""
    row = row_of(case, ticket_id, "same as cs-9")
    assert (row.ticket_id, row.reason, row.reason_withheld) == (ticket_id, None, True)


@pytest.mark.parametrize("text", ["same as CS-1", "CS-99", "CS-4 or so", ""])
def test_other_free_words_stay(case: Case, text: str) -> None:
    """The customer's own tickets, unknown ones, and words that only begin like another customer's ticket."""
    row = row_of(case, "CS-2", text)
    assert (row.reason, row.reason_withheld) == (text, False)


@pytest.mark.parametrize("ticket_id", [None, "", "  "])
def test_no_ticket_is_none_with_or_without_a_register(case: Case, without: Case, ticket_id: str | None) -> None:
    """A field of blanks names no ticket."""
    for one in (case, without):
        report = report_of(one, Justification(None, ticket_id, "asked"))
        assert report.actions[0].ticket_match is TicketMatch.NONE
        assert report.actions[0].ticket_id is None
        assert report.counts.without_ticket == 1


def test_without_a_register_a_ticket_is_unchecked_and_shown(without: Case) -> None:
    """Nothing can be said about it, so nothing is claimed and nothing withheld."""
    row = row_of(without, "CS-9", "see CS-9")
    assert (row.ticket_match, row.ticket_id, row.reason) == (TicketMatch.UNCHECKED, "CS-9", "see CS-9")


def test_of_a_shared_action_the_ticket_is_withheld_as_ever(case: Case, without: Case) -> None:
    """Whatever the register says; the flag for withheld words is for tickets only, as being shared says it already."""
    for one in (case, without):
        row = row_of(one, "CS-1", customer_count=2)
        assert (row.ticket_match, row.ticket_id, row.reason, row.reason_withheld) == (
            TicketMatch.WITHHELD, None, None, False,
        )  # fmt: skip


def test_the_figures_count_every_kind_once(case: Case) -> None:
    """In the order of the kinds, zero left out; only actions that name no ticket are without one."""
    reasons = [Justification(None, number, None) for number in ("CS-9", "CS-4", "CS-3", "CS-1", "CS-2", "CS-8")]
    counts = report_of(case, *reasons, None).counts
    assert counts.by_ticket == (
        (TicketMatch.OPENED_BY_YOU, 2),
        (TicketMatch.OPENED_BY_US, 1),
        (TicketMatch.NOT_ON_RECORD, 2),
        (TicketMatch.NOT_YOURS, 1),
        (TicketMatch.NONE, 1),
    )
    assert counts.without_ticket == 1


def test_a_ticket_is_judged_for_each_customer_by_itself(case: Case) -> None:
    """What is another customer's for one is the own ticket of the other."""
    action = scoped(1, tenant_ids=("t-2",), targets=(), justification=Justification(None, "CS-9", "x"))
    row = build(case, action, customer="C-2").actions[0]
    assert (row.ticket_match, row.ticket_id, row.reason) == (TicketMatch.OPENED_BY_YOU, "CS-9", "x")
    assert row.opened_after_action
    assert row.at == datetime(2022, 1, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("named", "match", "shown"),
    [
        (("CS-1",), TicketMatch.OPENED_BY_YOU, "CS-1"),
        (("CS-9", "CS-2"), TicketMatch.OPENED_BY_US, "CS-2"),
        (("CS-9",), TicketMatch.NOT_YOURS, None),
        (("CS-4",), TicketMatch.NOT_ON_RECORD, "CS-4"),
        ((), TicketMatch.NONE, None),
    ],
)
def test_a_record_without_a_field_for_a_reason_is_about_the_ticket_it_names(
    case: Case, named: tuple[str, ...], match: TicketMatch, shown: str | None
) -> None:
    """A message or an issue: this customer's ticket before others, and another customer's number is never shown."""
    clues = tuple(Clue(ClueKind.TICKET, number) for number in named)
    action = build(case, scoped(1, justification=None, clues=(Clue(ClueKind.CHANNEL, "help"), *clues))).actions[0]
    assert (action.ticket_match, action.ticket_id) == (match, shown)


def test_the_ticket_given_as_the_reason_counts_before_one_that_is_only_named(case: Case) -> None:
    """What somebody wrote into the field for it is what they said."""
    clues = (Clue(ClueKind.TICKET, "CS-2"),)
    action = build(case, scoped(1, justification=Justification(None, "CS-1", None), clues=clues)).actions[0]
    assert (action.ticket_match, action.ticket_id) == (TicketMatch.OPENED_BY_YOU, "CS-1")
