"""Everyone accounted for: each report that is owed, and how far it has come to its customer. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shirase.domain.delivery import DeliveryState
from shirase.domain.sending import BY_HAND, Delivery, stands_for


class Reached(StrEnum):
    """How far a report has come. ``accepted`` says that a server took a mail over, never that it arrived."""

    ACKNOWLEDGED = "acknowledged"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"
    FAILED = "failed"
    NOT_PLANNED = "not_planned"
    NOT_SEALED = "not_sealed"


_FAILED = frozenset(
    {DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.GIVEN_UP, DeliveryState.CANCELLED}
)  # fmt: skip
_REACHED: Mapping[DeliveryState, Reached] = {
    DeliveryState.ACKNOWLEDGED: Reached.ACKNOWLEDGED, DeliveryState.DELIVERED: Reached.DELIVERED,
    DeliveryState.ACCEPTED: Reached.ACCEPTED, DeliveryState.PLANNED: Reached.WAITING,
    DeliveryState.DEFERRED: Reached.WAITING, DeliveryState.COMMITTING: Reached.UNKNOWN,
    DeliveryState.UNKNOWN: Reached.UNKNOWN, **dict.fromkeys(_FAILED, Reached.FAILED),
}  # fmt: skip

LOOKED_AFTER = frozenset({Reached.ACKNOWLEDGED, Reached.DELIVERED, Reached.ACCEPTED})
"""Where nobody has to do anything but wait for an answer."""


@dataclass(frozen=True, slots=True)
class Account:
    """One report that is owed.

    Attributes:
        report_id: Which.
        customer_id: To whom.
        reached: How far the best of its deliveries has come.
        deliveries: All that count: of one that was repeated, the last; of the present revision.
        failed: How many of them did not arrive, also when another one did.
    """

    report_id: str
    customer_id: str
    reached: Reached
    deliveries: tuple[Delivery, ...]
    failed: int

    @property
    def is_open(self) -> bool:
        """Whether a person has to look after it."""
        return self.reached not in LOOKED_AFTER


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that somebody is to get.

    Attributes:
        report_id: Which.
        customer_id: To whom.
        number: Its sealed revision; None while it is not sealed.
    """

    report_id: str
    customer_id: str
    number: int | None


def account_for(owed: Sequence[Owed], deliveries: Iterable[Delivery]) -> tuple[Account, ...]:
    """How each report that is owed stands, by name; nothing that was sent can make up for one that was not."""
    by_report: dict[str, list[Delivery]] = {}
    for each in stands_for(deliveries):
        by_report.setdefault(each.mail.report_id, []).append(each)
    return tuple(_account(each, by_report.get(each.report_id, ())) for each in owed)


def _account(owed: Owed, known: Sequence[Delivery]) -> Account:
    counting = tuple(each for each in known if each.mail.number == owed.number)
    order = list(Reached)
    best = min((_reached(each) for each in counting), key=order.index, default=Reached.NOT_PLANNED)
    if owed.number is None:
        best = Reached.NOT_SEALED
    failed = sum(each.state in _FAILED for each in counting)
    return Account(owed.report_id, owed.customer_id, best, counting, failed)


def _reached(delivery: Delivery) -> Reached:
    if delivery.mail.kind == BY_HAND and delivery.state is DeliveryState.PLANNED:
        return Reached.BY_HAND
    return _REACHED[delivery.state]


def silent_since(accounts: Iterable[Account], now: datetime, after: timedelta) -> tuple[Account, ...]:
    """Reports that went out and that nobody has confirmed for longer than ``after``: for a reminder, or a call."""
    return tuple(
        each
        for each in accounts
        if each.reached in {Reached.ACCEPTED, Reached.DELIVERED}
        and all(delivery.changed_at <= now - after for delivery in each.deliveries)
    )
