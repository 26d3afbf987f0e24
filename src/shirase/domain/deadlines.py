"""Until when somebody has to be told, by regime and customer. Pure: the rules are data (``locales/deadlines.toml``).

The earliest defensible reading is taken: a deadline that comes too soon costs a night, one too late more than that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty, Paired
from shirase.domain.completeness import CONTRACT

DEFAULT_KEY = "default"
"""Stands for every customer that ``[[review.contracts]]`` do not name."""


class Whose(StrEnum):
    """Whose duty a deadline belongs to."""

    SENDER = "sender"
    CUSTOMER = "customer"


class DeadlineRule(CaseModel):
    """How long a regime leaves from the moment of awareness.

    Attributes:
        id: Short identifier, unique.
        regime: The checklist it belongs to.
        title: What has to be done by then.
        whose: Whose duty it is; the customer's own clock may begin later, when the customer hears of it.
        hours: So many hours from the instant of awareness.
        days: So many calendar days, that of awareness being the first, until midnight in ``zone``.
        zone: IANA time zone in which days are counted.
        is_guideline: True where the law says only "without delay" and a guideline names the figure.
        source: Article, rule or guideline.
        note: What the figure leaves out.
    """

    id: NonEmpty
    regime: NonEmpty
    title: Paired
    whose: Whose
    hours: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    zone: NonEmpty = "UTC"
    is_guideline: bool = False
    source: Paired
    note: Paired | None = None

    @model_validator(mode="after")
    def _one_length(self) -> "DeadlineRule":
        if (self.hours is None) == (self.days is None):
            raise ValueError("write either hours or days")
        return self

    def due_at(self, aware_at: datetime) -> datetime:
        """The last instant."""
        if self.hours is not None:
            return aware_at + timedelta(hours=self.hours)
        assert self.days is not None
        zone = ZoneInfo(self.zone)
        day_after = aware_at.astimezone(zone).date() + timedelta(days=self.days)
        return datetime.combine(day_after, time(0), zone)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when one customer's matter has to be done."""

    customer_id: str
    rule: str
    at: datetime


class Alarm(StrEnum):
    """How close a deadline is."""

    QUIET = "quiet"
    PRESSING = "pressing"
    MISSED = "missed"


def deadlines_of(
    customer_id: str, regimes: Iterable[str], rules: Iterable[DeadlineRule], aware_at: datetime
) -> tuple[Deadline, ...]:
    """Every deadline of a customer, the nearest first."""
    wanted = set(regimes)
    found = [Deadline(customer_id, rule.id, rule.due_at(aware_at)) for rule in rules if rule.regime in wanted]
    return tuple(sorted(found, key=lambda each: (each.at, each.rule)))


def contract_deadline(customer_id: str, hours: Mapping[str, int], aware_at: datetime) -> Deadline | None:
    """What the contract with a customer adds; None where it names no time."""
    length = hours.get(customer_id, hours.get(DEFAULT_KEY))
    return None if length is None else Deadline(customer_id, CONTRACT, aware_at + timedelta(hours=length))


def alarm(at: datetime, now: datetime, lead: timedelta) -> Alarm:
    """Whether a deadline is near, or over."""
    if now > at:
        return Alarm.MISSED
    return Alarm.PRESSING if now >= at - lead else Alarm.QUIET


def is_overdue(until: datetime | None, now: datetime) -> bool:
    """Whether the day of a hold has passed. It still holds; somebody has to look at it."""
    return until is not None and now >= until
