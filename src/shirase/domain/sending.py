"""What is sent to whom, in which order and how fast: the plan of a batch of mails, and their pace. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shirase.domain.delivery import DeliveryState
from shirase.domain.delivery_settings import Pace
from shirase.domain.journal import canonical
from shirase.domain.recipients import domain_of

CANARY_WAVE = 0
"""Mails to mailboxes of one's own; those to customers are in waves 1 and up."""

BY_HAND = "by_hand"
"""The kind, and in place of an address, of what no mail carries."""

CANARY = "canary"
"""The kind of what goes to mailboxes of one's own."""

REPORTING = frozenset({"report", "replacement", "notify", BY_HAND})
"""Kinds that bring a customer its report, or bring it to where the report is."""

FIRST_WAVE = 10
"""So many reports go first: enough to see a fault, few enough to telephone everybody about it."""


class Switch(StrEnum):
    """Whether mails go out. ``paused`` waits, ``stopped`` ends a run under way."""

    OPEN = "open"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One report to one recipient, as it is to be sent.

    Attributes:
        delivery_id: :func:`shirase.domain.delivery.delivery_id`.
        report_id: Which report.
        number: Its revision.
        customer_id: Whose it is.
        address: The mailbox; ``by_hand`` where there is no mail.
        kind: A :class:`shirase.domain.notice.NoticeKind`, or ``by_hand``.
        message_id: Its Message-ID; empty where there is no mail.
        dated_at: Its Date (RFC 3339): fixed when it is planned, so that it can be made again, byte for byte.
        content_digest: SHA-256 of the message before it is signed or encrypted: the same whenever it is made from the
            same report, templates and recipient.
        mail_digest: SHA-256 of the message as it is handed to a server.
        size: Bytes of it.
        sealed_digest: SHA-256 of the sealed report.
        wave: 0 for canaries, 1 and up for customers.
        previous: The delivery that this one repeats; empty for the first.
    """

    delivery_id: str
    report_id: str
    number: int
    customer_id: str
    address: str
    kind: str
    message_id: str
    dated_at: str
    content_digest: str
    mail_digest: str
    size: int
    sealed_digest: str
    wave: int
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A planned mail, and how it stands.

    Attributes:
        mail: What was planned.
        state: Where it stands.
        attempts: How often a server was asked.
        next_at: When to ask again, if it was put off.
        reply: The last thing that a server said of it.
        planned_at: When it was planned.
        changed_at: When it came to stand like this.
        list_digest: The list of recipients it was planned by.
        manifest_digest: The manifest it was planned by.
    """

    mail: PlannedMail
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    reply: str
    planned_at: datetime
    changed_at: datetime
    list_digest: str
    manifest_digest: str

    @property
    def id(self) -> str:
        """Its id."""
        return self.mail.delivery_id


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """Something that happened to a delivery."""

    number: int
    event: str
    state: str
    operator: str
    at: datetime
    point: str
    reply: str
    note: str


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """A mail that came back.

    Attributes:
        digest: SHA-256 of it as it was received.
        kind: A :class:`shirase.domain.returned.ReturnedKind`.
        delivery_id: The delivery it is about; empty when none could be told.
        matched_by: How that is known.
        recipient: Whom it speaks of.
        status: Status code (RFC 3463).
        diagnostic: What the server that gave up said.
        message_id: Its own Message-ID.
        read_at: When it was read.
    """

    digest: str
    kind: str
    delivery_id: str
    matched_by: str
    recipient: str
    status: str
    diagnostic: str
    message_id: str
    read_at: datetime


def plan_digest(mails: Iterable[PlannedMail], *, list_digest: str, manifest_digest: str) -> str:
    """SHA-256 of a plan as it is shown: which reports go to whom, with which words.

    What is signed or encrypted anew each time is left out; :attr:`PlannedMail.content_digest` stands for it.
    """
    rows = []
    for each in sorted(mails, key=lambda mail: mail.delivery_id):
        row = asdict(each)
        for name in ("mail_digest", "size"):
            del row[name]
        rows.append(row)
    text = canonical({"mails": rows, "recipients": list_digest, "manifest": manifest_digest})
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Urgency:
    """What decides when a customer's turn is.

    Attributes:
        report_id: Which report.
        due_at: The nearest deadline of its customer; None when there is none.
        impact: How much it says was done: 0 is the gravest.
    """

    report_id: str
    due_at: datetime | None
    impact: int


def waves(urgencies: Sequence[Urgency], *, first: int = FIRST_WAVE) -> Mapping[str, int]:
    """The wave of each report: a few first, then each class, the gravest first; within a wave the nearest deadline.

    Returns:
        Wave by report id, in the order in which they are sent.
    """
    order = sorted(urgencies, key=_order)
    found = {each.report_id: 1 for each in order[:first]}
    classes = sorted({each.impact for each in order[first:]})
    later = {impact: number for number, impact in enumerate(classes, start=2)}
    found.update((each.report_id, later[each.impact]) for each in order[first:])
    return found


def _order(each: Urgency) -> tuple[int, datetime, str]:
    return each.impact, each.due_at or datetime.max.replace(tzinfo=UTC), each.report_id


@dataclass(slots=True)
class Pacer:
    """How fast mails may follow each other: evenly over the minute, over all and to each domain.

    Even spacing has no window at whose edge twice as many go out.
    """

    pace: Pace
    last: datetime | None = None
    last_to: dict[str, datetime] = field(default_factory=dict)

    def ready_at(self, address: str, now: datetime) -> datetime:
        """The earliest moment for a mail to ``address``."""
        moments = [now]
        if self.last is not None:
            moments.append(self.last + timedelta(minutes=1) / self.pace.per_minute)
        if (before := self.last_to.get(domain_of(address))) is not None:
            moments.append(before + timedelta(minutes=1) / self.pace.per_domain_per_minute)
        return max(moments)

    def note(self, address: str, at: datetime) -> None:
        """A mail to ``address`` was begun."""
        self.last = self.last_to[domain_of(address)] = at


def opens_at(pace: Pace, zone: str, now: datetime) -> datetime:
    """The earliest moment, from ``now`` on, at which the hours of ``pace`` are open in ``zone``."""
    local = now.astimezone(ZoneInfo(zone))
    if pace.is_open(local.timetz().replace(tzinfo=None)) or pace.from_hour is None:
        return now
    day = local.date()
    opening = datetime.combine(day, pace.from_hour, tzinfo=local.tzinfo)
    if opening <= local:
        opening = datetime.combine(day + timedelta(days=1), pace.from_hour, tzinfo=local.tzinfo)
    return opening.astimezone(UTC)


def masked(address: str) -> str:
    """``address`` as it is shown where many people look: its first letter and its domain."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if domain and name else address


def stands_for(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Without those that another one repeats, without canaries and reminders: how the customers stand."""
    known = [each for each in deliveries if each.mail.kind in REPORTING]
    repeated = {each.mail.previous for each in known}
    return tuple(each for each in known if each.id not in repeated)


def planned_like(mail: PlannedMail, known: PlannedMail) -> bool:
    """Whether ``mail`` is what was planned before, whatever its signature or encryption made of it."""
    return replace(mail, mail_digest=known.mail_digest, size=known.size, wave=known.wave) == known
