"""Deadlines: lengths are data, the earliest defensible reading is taken, alarms go off in time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shirase.domain.deadlines import Alarm, DeadlineRule, alarm, contract_deadline, deadlines_of, is_overdue
from shirase.text.deadlines import deadline_rules
from shirase.text.regimes import regimes

TOKYO = ZoneInfo("Asia/Tokyo")


def rule(**values: object) -> DeadlineRule:
    text = {"ja": "x", "en": "x"}
    return DeadlineRule.model_validate(
        {"id": "r", "regime": "g", "title": text, "whose": "sender", "source": text, **values}
    )


def test_hours_run_from_the_instant() -> None:
    """72 hours over a change of clocks are 72 hours."""
    aware = datetime(2022, 3, 26, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert rule(hours=72).due_at(aware.astimezone(UTC)) == datetime(2022, 3, 29, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("aware", "days", "end"),
    [
        (datetime(2022, 3, 22, 0, 30, tzinfo=TOKYO), 3, datetime(2022, 3, 25, 0, 0, tzinfo=TOKYO)),
        (datetime(2022, 3, 22, 23, 59, tzinfo=TOKYO), 3, datetime(2022, 3, 25, 0, 0, tzinfo=TOKYO)),
        (datetime(2022, 3, 22, 14, 59, tzinfo=UTC), 1, datetime(2022, 3, 23, 0, 0, tzinfo=TOKYO)),
        (datetime(2022, 3, 22, 15, 0, tzinfo=UTC), 1, datetime(2022, 3, 24, 0, 0, tzinfo=TOKYO)),
        (datetime(2024, 2, 1, 9, 0, tzinfo=TOKYO), 30, datetime(2024, 3, 2, 0, 0, tzinfo=TOKYO)),
    ],
)
def test_days_count_from_that_of_awareness_in_the_zone_of_the_law(aware: datetime, days: int, end: datetime) -> None:
    """The day of awareness is the first; the last ends at its midnight."""
    assert rule(days=days, zone="Asia/Tokyo").due_at(aware) == end


def test_every_rule_belongs_to_a_checklist_and_names_its_source() -> None:
    """No deadline for a regime that nobody can choose."""
    known = {regime.id for regime in regimes()}
    assert {each.regime for each in deadline_rules()} <= known
    assert len({each.id for each in deadline_rules()}) == len(deadline_rules())


def test_a_customer_has_the_deadlines_of_its_regimes_and_of_its_contract() -> None:
    """The nearest first; a contract named for the customer goes before the default."""
    aware = datetime(2022, 3, 22, 10, 0, tzinfo=UTC)
    found = deadlines_of("C-1", ["gdpr-33-2", "appi-26-1-proviso"], deadline_rules(), aware)
    assert [each.rule for each in found] == ["appi-proviso", "gdpr-33-2"]
    hours = {"default": 72, "C-1": 24}
    own = [contract_deadline(name, hours, aware) for name in ("C-1", "C-2")]
    assert [each.at - aware for each in own if each] == [timedelta(hours=24), timedelta(hours=72)]
    assert contract_deadline("C-2", {"C-1": 24}, aware) is None


def test_alarms_and_holds_by_the_instant() -> None:
    """Quiet, pressing from the lead on, missed after the end; a hold is overdue from its day on."""
    at, lead, second = datetime(2022, 3, 25, tzinfo=UTC), timedelta(hours=24), timedelta(seconds=1)
    states = [alarm(at, now, lead) for now in (at - lead - second, at - lead, at, at + second)]
    assert states == [Alarm.QUIET, Alarm.PRESSING, Alarm.PRESSING, Alarm.MISSED]
    assert [is_overdue(at, at - second), is_overdue(at, at), is_overdue(None, at)] == [False, True, False]
