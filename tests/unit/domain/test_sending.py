"""Order, pace and hours of mails; everyone accounted for. Expected values are counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from shirase.domain.accounted import Owed, Reached, account_for, silent_since
from shirase.domain.delivery import DeliveryState
from shirase.domain.delivery_settings import Pace
from shirase.domain.sending import (
    Delivery,
    Pacer,
    PlannedMail,
    Urgency,
    masked,
    opens_at,
    plan_digest,
    planned_like,
    waves,
)

NOON = datetime(2022, 3, 24, 12, 0, tzinfo=UTC)


def mail(identifier: str = "d-1", **changed: object) -> PlannedMail:
    values = {
        "delivery_id": identifier, "report_id": "R-1", "number": 1, "customer_id": "C-1", "address": "a@kou.example",
        "kind": "report", "message_id": f"<{identifier}@s.example>", "dated_at": "2022-03-24T12:00:00+00:00",
        "content_digest": "c", "mail_digest": "m", "size": 10, "sealed_digest": "s", "wave": 1,
    }  # fmt: skip
    return PlannedMail(**{**values, **changed})  # type: ignore[arg-type]


def stands(state: DeliveryState, identifier: str = "d-1", *, at: datetime = NOON, **changed: object) -> Delivery:
    return Delivery(mail(identifier, **changed), state, 1, None, "", at, at, "l", "f")


def test_a_few_go_first_then_each_class_by_its_deadline() -> None:
    early, late = NOON, NOON + timedelta(hours=5)
    urgencies = [
        Urgency("p-late", late, 1), Urgency("c-late", late, 0), Urgency("none", None, 1), Urgency("c-early", early, 0),
        Urgency("n", early, 2), Urgency("p-early", early, 1),
    ]  # fmt: skip
    assert list(waves(urgencies, first=2).items()) == [
        ("c-early", 1), ("c-late", 1), ("p-early", 2), ("p-late", 2), ("none", 2), ("n", 3),
    ]  # fmt: skip


def test_mails_follow_each_other_evenly() -> None:
    """Sixty a minute over all, twelve a minute to one domain: a second, and five seconds."""
    pacer = Pacer(Pace(per_minute=60, per_domain_per_minute=12))
    assert pacer.ready_at("a@kou.example", NOON) == NOON
    pacer.note("a@kou.example", NOON)
    assert pacer.ready_at("b@otsu.example", NOON) == NOON + timedelta(seconds=1)
    assert pacer.ready_at("b@KOU.example", NOON) == NOON + timedelta(seconds=5)
    later = NOON + timedelta(seconds=9)
    assert pacer.ready_at("b@kou.example", later) == later


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2022-03-24T00:00:00+00:00", "2022-03-24T00:00:00+00:00"),  # nine in the morning in Tokyo
        ("2022-03-24T11:00:00+00:00", "2022-03-24T23:00:00+00:00"),  # eight in the evening: the next morning at eight
        ("2022-03-23T22:00:00+00:00", "2022-03-23T23:00:00+00:00"),  # seven in the morning: an hour later
    ],
)
def test_hours_are_those_of_the_customer(now: str, opens: str) -> None:
    pace = Pace(from_hour=time(8), to_hour=time(20))
    assert opens_at(pace, "Asia/Tokyo", datetime.fromisoformat(now)) == datetime.fromisoformat(opens)


def test_without_hours_it_is_always_open() -> None:
    assert opens_at(Pace(), "Asia/Tokyo", NOON) == NOON


def test_a_plan_is_what_is_said_to_whom() -> None:
    """Not the signature, which is another one each time; but everything else."""

    def digest(each: PlannedMail, listed: str = "l") -> str:
        return plan_digest([each], list_digest=listed, manifest_digest="f")

    first = digest(mail())
    assert digest(mail(mail_digest="other", size=99)) == first
    for changed in ({"address": "b@kou.example"}, {"content_digest": "x"}, {"sealed_digest": "x"}, {"wave": 2}):
        assert digest(mail(**changed)) != first
    assert digest(mail(), "another list") != first


def test_a_mail_is_like_the_planned_one_whatever_its_signature() -> None:
    assert planned_like(mail(mail_digest="x", size=1, wave=3), mail())
    assert not planned_like(mail(content_digest="x"), mail())


@pytest.mark.parametrize(("address", "shown"), [("ciso@kou.example", "c***@kou.example"), ("by_hand", "by_hand")])
def test_addresses_are_masked_where_many_look(address: str, shown: str) -> None:
    assert masked(address) == shown


@pytest.mark.parametrize(
    ("deliveries", "reached"),
    [
        ([], Reached.NOT_PLANNED),
        ([stands(DeliveryState.PLANNED)], Reached.WAITING),
        ([stands(DeliveryState.PLANNED, kind="by_hand", address="by_hand")], Reached.BY_HAND),
        ([stands(DeliveryState.COMMITTING)], Reached.UNKNOWN),
        ([stands(DeliveryState.BOUNCED), stands(DeliveryState.ACCEPTED, "d-2")], Reached.ACCEPTED),
        ([stands(DeliveryState.BOUNCED), stands(DeliveryState.REFUSED, "d-2")], Reached.FAILED),
        ([stands(DeliveryState.UNKNOWN), stands(DeliveryState.DELIVERED, "d-2")], Reached.DELIVERED),
        ([stands(DeliveryState.ACKNOWLEDGED, kind="canary")], Reached.NOT_PLANNED),
        ([stands(DeliveryState.ACKNOWLEDGED, kind="reminder")], Reached.NOT_PLANNED),
        ([stands(DeliveryState.ACKNOWLEDGED, number=2)], Reached.NOT_PLANNED),
    ],
)
def test_the_best_of_a_reports_deliveries_counts(deliveries: list[Delivery], reached: Reached) -> None:
    (found,) = account_for([Owed("R-1", "C-1", 1)], deliveries)
    assert found.reached is reached


def test_what_was_repeated_counts_no_more() -> None:
    """The second attempt stands for the first; whether it failed is known by its own."""
    first, second = stands(DeliveryState.BOUNCED), stands(DeliveryState.ACCEPTED, "d-2", previous="d-1")
    (found,) = account_for([Owed("R-1", "C-1", 1)], [first, second])
    assert (found.reached, found.failed, [each.id for each in found.deliveries]) == (Reached.ACCEPTED, 0, ["d-2"])


def test_who_was_never_written_to_is_there_by_name() -> None:
    owed = [Owed("R-1", "C-1", 1), Owed("R-2", "C-2", 1), Owed("R-3", "C-3", None)]
    found = account_for(owed, [stands(DeliveryState.ACCEPTED)])
    assert [(each.customer_id, each.reached, each.is_open) for each in found] == [
        ("C-1", Reached.ACCEPTED, False), ("C-2", Reached.NOT_PLANNED, True), ("C-3", Reached.NOT_SEALED, True),
    ]  # fmt: skip


def test_the_silent_are_those_who_got_it_and_said_nothing() -> None:
    owed = [Owed("R-1", "C-1", 1)]
    for state, silent in (
        (DeliveryState.ACCEPTED, True), (DeliveryState.DELIVERED, True), (DeliveryState.ACKNOWLEDGED, False),
        (DeliveryState.BOUNCED, False),
    ):  # fmt: skip
        accounts = account_for(owed, [stands(state)])
        assert bool(silent_since(accounts, NOON + timedelta(days=3), timedelta(days=3))) is silent
        assert not silent_since(accounts, NOON + timedelta(days=2), timedelta(days=3))


def test_a_change_of_anything_makes_another_mail() -> None:
    assert replace(mail(), address="b@kou.example") != mail()
