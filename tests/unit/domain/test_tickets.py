"""The register of support tickets, and finding its numbers in free words."""

import time
from datetime import UTC, datetime

import pytest

from shirase.domain.tickets import Ticket, TicketCheck, TicketMatch, TicketOpener, TicketRegister

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)


def ticket(
    ticket_id: str,
    customer_id: str = "C-1",
    opened_at: str | None = "2022-01-18T11:59:59Z",
    opened_by: str = "customer",
) -> Ticket:
    return Ticket.model_validate(
        {"ticket_id": ticket_id, "customer_id": customer_id, "opened_at": opened_at, "opened_by": opened_by}
    )  # fmt: skip


def register(*tickets: Ticket) -> TicketRegister:
    return TicketRegister.build(tickets)


def test_a_ticket_of_the_customer_says_who_opened_it() -> None:
    """Opened by the customer and by the sender are different things to a reader."""
    known = register(ticket("CS-1"), ticket("CS-2", opened_by="sender"))
    assert known.check("CS-1", "C-1", NOON) == TicketCheck(TicketMatch.OPENED_BY_YOU)
    assert known.check("CS-2", "C-1", NOON) == TicketCheck(TicketMatch.OPENED_BY_US)


def test_blanks_around_a_number_do_not_count_and_nothing_else_is_forgiven() -> None:
    """Numbers are compared exactly: leading zeros and capital letters are part of them."""
    known = register(ticket(" CS-01\u3000"))
    assert known.check("\tCS-01 ", "C-1", NOON).match is TicketMatch.OPENED_BY_YOU
    for other in ("CS-1", "cs-02", "CS-011"):
        assert known.check(other, "C-1", NOON).match is TicketMatch.NOT_ON_RECORD


def test_a_ticket_of_another_customer_is_not_yours_and_says_nothing_else() -> None:
    """Not even whether it was opened later: that would tell something about the other customer."""
    known = register(ticket("CS-1", "C-2", "2022-01-19T00:00:00Z"))
    assert known.check("CS-1", "C-1", NOON) == TicketCheck(TicketMatch.NOT_YOURS, opened_after=False)


def test_another_customers_number_inside_a_longer_value_is_not_yours() -> None:
    """Two tickets in one field must not carry the other customer's number into the report."""
    known = register(ticket("CS-1"), ticket("CS-2", "C-2"))
    assert known.check("CS-1, CS-2", "C-1", NOON).match is TicketMatch.NOT_YOURS
    assert known.check("CS-1, CS-3", "C-1", NOON).match is TicketMatch.NOT_ON_RECORD


@pytest.mark.parametrize(
    ("opened_at", "after"),
    [
        ("2022-01-18T12:00:00Z", False),
        ("2022-01-18T12:00:00.000001Z", True),
        ("2022-01-18T20:59:59+09:00", False),
        ("2022-01-18T21:00:01+09:00", True),
        (None, False),
    ],
)
def test_a_ticket_opened_after_the_action_is_said_to_be(opened_at: str | None, after: bool) -> None:
    """The instants are compared, not their texts; a ticket without a time was not opened after anything."""
    assert register(ticket("CS-1", opened_at=opened_at)).check("CS-1", "C-1", NOON).opened_after is after


@pytest.mark.parametrize(
    "text",
    [
        "see CS-0104",
        "CS-0104",
        "(CS-0104)",
        "cs-0104 again",
        "チケットCS-0104の件",
        "ＣＳ－０１０４も参照",
        "CS-0104/CS-0105",
        "#CS-0104,",
        "line one\nCS-0104",
        "half CS-01 and then CS-0104.",
    ],
)
def test_a_number_in_free_words_is_found(text: str) -> None:
    """Whatever stands around it, in either language, wide or narrow: it would name another customer's ticket."""
    known = register(ticket("CS-0104", "C-2"))
    assert known.names_another(text, "C-1")
    assert not known.names_another(text, "C-2")


@pytest.mark.parametrize("text", ["", "CS-01044", "ACS-0104", "CS-010", "CS 0104", "0104", "CS-", "xCS-0104x", "x" * 9])
def test_a_part_of_another_word_is_no_number(text: str) -> None:
    """A longer number is another ticket, and letters beside it make another word."""
    assert not register(ticket("CS-0104", "C-2")).names_another(text, "C-1")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("#1042", "reply to #1042 sent"),
        ("1042", "reply to 1042 sent"),
        ("REQ 7 / 2022", "as in req 7 / 2022."),
        ("案件12", "新案件12の確認"),
        ("第三号", "第三号について"),
        ("[A]", "[A]"),
    ],
)
def test_numbers_may_look_like_anything(number: str, text: str) -> None:
    """A number is what the sender's desk uses: blanks, signs and kanji included."""
    assert register(ticket(number, "C-2")).names_another(text, "C-1")


def test_a_number_of_signs_only_is_never_looked_for() -> None:
    """A dash that somebody registered as a ticket must not withhold every reason with a dash."""
    known = register(ticket("-", "C-2"))
    assert not known.names_another("yes - no", "C-1")
    assert known.check("-", "C-1", NOON).match is TicketMatch.NOT_YOURS


def test_numbers_that_differ_in_case_only_are_both_respected() -> None:
    """Exact lookup tells them apart; in free words nobody can, so the reason is kept back."""
    known = register(ticket("cs-1"), ticket("CS-1", "C-2"))
    assert known.check("cs-1", "C-1", NOON).match is TicketMatch.OPENED_BY_YOU
    assert known.names_another("see cs-1", "C-1")


def test_a_ticket_is_listed_once() -> None:
    """Whoever it belongs to."""
    with pytest.raises(ValueError, match="'CS-1' is listed twice"):
        register(ticket("CS-1"), ticket("CS-1", "C-2"))


@pytest.mark.parametrize("opened_at", ["1642496400", "1.6e9", "2022-01-18", "2022-01-18T12:00:00", "noon", 1642496400])
def test_a_time_without_an_offset_is_refused(opened_at: object) -> None:
    """Neither a day, nor a number of some unit, nor a local time is an instant."""
    with pytest.raises(ValueError):
        Ticket.model_validate({"ticket_id": "1", "customer_id": "C", "opened_at": opened_at, "opened_by": "customer"})


def test_who_opened_it_is_one_of_two() -> None:
    """The words of ``tickets.csv``."""
    assert [opener.value for opener in TicketOpener] == ["customer", "sender"]


def test_the_cost_does_not_grow_with_tickets_times_reasons() -> None:
    """60,000 tickets and 20,000 reasons: a search for each ticket would take minutes, one pass takes well under 2 s."""
    known = register(*(ticket(f"CS-{number:06d}", f"C-{number % 500}") for number in range(60_000)))
    begun = time.process_time()
    found = sum(
        known.names_another(f"確認のため CS-{number * 3:06d} を参照。MFA 再登録", "C-1") for number in range(20_000)
    )
    assert time.process_time() - begun < 2
    assert found == 20_000 - sum(1 for number in range(20_000) if number * 3 % 500 == 1)
