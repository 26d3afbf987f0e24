"""What one attempt can have done, and the states of a delivery."""

import itertools

import pytest

from shirase.domain.delivery import (
    DONE,
    MOVES,
    OPEN,
    WAITING,
    BackOff,
    DeliveryState,
    Event,
    Outcome,
    Point,
    broken_off,
    delivery_id,
    message_id,
    moved,
    replied,
)
from shirase.domain.errors import NotApprovedError

BEFORE = [point for point in Point if point is not Point.DOT]


@pytest.mark.parametrize("point", BEFORE)
def test_nothing_can_have_been_accepted_before_the_dot(point: Point) -> None:
    """Whatever breaks off before it is done again; nothing there is unknown."""
    assert broken_off(point, "closed").outcome is Outcome.DEFERRED


def test_what_breaks_off_after_the_dot_is_unknown() -> None:
    """A closed connection, a stall and a reply that is none are all the same there."""
    assert broken_off(Point.DOT, "closed").outcome is Outcome.UNKNOWN
    for code in (-1, 0, 100, 354, 600):
        answer = replied(Point.DOT, code, "what?")
        assert answer is not None
        assert answer.outcome is Outcome.UNKNOWN


def test_only_a_whole_2yz_after_the_dot_is_accepted() -> None:
    """Elsewhere 2yz says to go on, and after DATA only 354 does."""
    accepted = [point for point in Point if (said := replied(point, 250, "ok")) and said.outcome is Outcome.ACCEPTED]
    assert accepted == [Point.DOT]
    assert replied(Point.DATA, 354, "go") is None
    assert replied(Point.RECIPIENT, 251, "will forward") is None


@pytest.mark.parametrize("point", list(Point))
def test_4yz_waits_everywhere(point: Point) -> None:
    """A server that is busy has refused nobody."""
    said = replied(point, 450, "later")
    assert said is not None
    assert said.outcome is Outcome.DEFERRED


@pytest.mark.parametrize(("point", "outcome"), [
    (Point.AUTH, Outcome.DEFERRED), (Point.MAIL, Outcome.DEFERRED), (Point.RECIPIENT, Outcome.REFUSED),
    (Point.DATA, Outcome.REFUSED), (Point.DOT, Outcome.REFUSED),
])  # fmt: skip
def test_5yz_stops_a_recipient_only_where_it_is_about_one(point: Point, outcome: Outcome) -> None:
    """A wrong password must not mark 366 customers as refused."""
    said = replied(point, 550, "no")
    assert said is not None
    assert said.outcome is outcome
    assert said.concerns_all is (outcome is Outcome.DEFERRED)


def test_421_stops_the_run_and_refuses_nobody() -> None:
    """At every point the server says that it closes."""
    for point in Point:
        said = replied(point, 421, "closing")
        assert said is not None
        assert (said.outcome, said.concerns_all) == (Outcome.DEFERRED, True)


def test_nothing_that_may_have_been_sent_is_ever_planned_again_by_itself() -> None:
    """From committing on, only a person who found it unsent leads back to what is sent."""
    gone = {DeliveryState.COMMITTING, DeliveryState.UNKNOWN, *DONE, DeliveryState.BOUNCED}
    back = {
        (state, event) for (state, event), after in MOVES.items()
        if state in gone and after in WAITING
    }  # fmt: skip
    assert back == {
        (DeliveryState.UNKNOWN, Event.FOUND_UNSENT),
        (DeliveryState.COMMITTING, Event.PUT_OFF),  # the server itself said 4yz after the dot
    }


def test_accepted_is_reached_over_committing_or_a_person_only() -> None:
    """No other state becomes accepted."""
    before = {(state, event) for (state, event), after in MOVES.items() if after is DeliveryState.ACCEPTED}
    assert before == {(DeliveryState.COMMITTING, Event.TAKEN), (DeliveryState.UNKNOWN, Event.FOUND_SENT)}


def test_every_other_move_is_refused() -> None:
    """There are no silent moves."""
    for state, event in itertools.product(DeliveryState, Event):
        if (state, event) not in MOVES:
            with pytest.raises(NotApprovedError, match=state.value):
                moved(state, event, "here")


def test_every_state_is_waiting_done_open_or_cancelled() -> None:
    """Nobody falls between the lists."""
    assert WAITING | DONE | OPEN | {DeliveryState.CANCELLED} == set(DeliveryState)
    assert not WAITING & DONE
    assert not OPEN & (WAITING | DONE)


def test_an_id_is_stable_and_another_one_for_each_report_revision_recipient_and_resend() -> None:
    """The Message-ID can be asked for at a server long after."""
    ids = {
        delivery_id("R-1", 1, "a@kou.example"), delivery_id("R-2", 1, "a@kou.example"),
        delivery_id("R-1", 2, "a@kou.example"), delivery_id("R-1", 1, "b@kou.example"),
        delivery_id("R-1", 1, "a@kou.example", 2),
    }  # fmt: skip
    assert len(ids) == 5
    assert delivery_id("R-1", 1, "a@kou.example") in ids
    assert message_id("abc", "sender.example") == "<abc@sender.example>"


def test_back_off_doubles_is_spread_and_ends() -> None:
    """Five minutes, ten, twenty, up to four hours, by half more or less; after ten attempts nobody tries."""
    policy = BackOff()
    assert [policy.seconds(n, 0.5) for n in (1, 2, 3, 10)] == [300, 600, 1200, 14400]
    assert (policy.seconds(1, 0.0), policy.seconds(1, 1.0)) == (225, 375)
    assert (policy.is_over(9), policy.is_over(10)) == (False, True)
