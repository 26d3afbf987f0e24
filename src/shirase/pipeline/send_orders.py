"""Which mails a batch consists of: one for each report and recipient written to, and what is brought by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shirase.domain.customer import DeliveryPolicy
from shirase.domain.delivery import DeliveryState, delivery_id
from shirase.domain.impact import Impact
from shirase.domain.manifest import SealedReport
from shirase.domain.notice import Earlier, NoticeKind
from shirase.domain.sending import BY_HAND, CANARY, CANARY_WAVE, REPORTING, Delivery, Urgency, waves
from shirase.domain.standing import SealedRevision, Standing
from shirase.pipeline.letters import Order
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.told_by_report import told_by_report

_GRAVITY = (Impact.CONFIRMED, Impact.POTENTIAL, Impact.NOT_AFFECTED)
_WENT_OUT = frozenset(
    {
        DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED, DeliveryState.ACKNOWLEDGED,
        DeliveryState.UNKNOWN,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail, or a delivery by hand, that the batch wants.

    Attributes:
        order: What to write; its kind says nothing where ``by_hand``.
        wave: When its turn is.
        previous: The delivery that it repeats.
        by_hand: Whether no mail is sent.
    """

    order: Order
    wave: int
    previous: str = ""
    by_hand: bool = False


class Known:
    """What was planned before, and how the reports stand.

    Attributes:
        dates: Date of each mail that was ever planned or shown.
        standings: By report id, for their deadlines.
    """

    def __init__(
        self,
        deliveries: Iterable[Delivery],
        dates: Mapping[str, datetime],
        standings: Iterable[Standing],
        sealed: Iterable[SealedRevision],
    ) -> None:
        self._by_report: dict[str, list[Delivery]] = {}
        for each in deliveries:
            if each.mail.kind in REPORTING:
                self._by_report.setdefault(each.mail.report_id, []).append(each)
        planned = {each.id: datetime.fromisoformat(each.mail.dated_at) for each in deliveries}
        self.dates = {**dates, **planned}
        self.standings = {each.report_id: each for each in standings}
        self._sealed = {each.sealed_digest: each for each in sealed}

    def last(self, report_id: str, number: int, address: str) -> Delivery | None:
        """The last delivery of a revision to ``address``: what somebody planned anew stands for what it repeats."""
        found = [each for each in self._by_report.get(report_id, ()) if each.mail.address == address]
        same = [each for each in found if each.mail.number == number]
        repeated = {each.mail.previous for each in same}
        return next((each for each in same if each.id not in repeated), None)

    def before(self, report_id: str, number: int, address: str) -> Delivery | None:
        """The last mail with an earlier revision that went to ``address``."""
        found = [
            each
            for each in self._by_report.get(report_id, ())
            if each.mail.number < number and each.mail.address == address and each.state in _WENT_OUT
        ]
        return max(found, key=lambda each: (each.mail.number, each.planned_at), default=None)

    def data_digest(self, sealed_digest: str) -> str:
        """The data copy of a file that was sealed at some time."""
        return self._sealed[sealed_digest].data_digest


def canaries(outgoing: Outgoing, known: Known, now: datetime) -> Iterator[Wanted]:
    """The first report of all, to each mailbox of our own."""
    own = outgoing.settings.canary.mailboxes if outgoing.settings.canary is not None else ()
    order = in_turn(outgoing, known)
    first = next((name for name in order if outgoing.owners[name].delivery_policy is not DeliveryPolicy.BY_HAND), None)
    entry = outgoing.manifest.find(first) if first is not None else None
    for address in own if entry is not None else ():
        assert entry is not None
        identifier = delivery_id(entry.report_id, entry.revision, f"{CANARY} {address} {outgoing.manifest_digest}")
        at = known.dates.get(identifier, now)
        yield Wanted(Order(identifier, entry.report_id, NoticeKind.CANARY, address, at), CANARY_WAVE)


def wanted(outgoing: Outgoing, known: Known, chosen: Sequence[str], now: datetime) -> Iterator[Wanted]:
    """What goes to customers, in the order in which it is sent. Of a delivery that was repeated, the last one."""
    turn = in_turn(outgoing, known)
    for report_id, wave in turn.items():
        if chosen and report_id not in chosen:
            continue
        entry, customer = outgoing.manifest.find(report_id), outgoing.owners[report_id]
        assert entry is not None
        if customer.delivery_policy is DeliveryPolicy.BY_HAND:
            yield replace(_to(BY_HAND, entry, known, now, NoticeKind.REPORT), wave=wave)
            continue
        notify = customer.delivery_policy is DeliveryPolicy.NOTIFY_ONLY
        for recipient in outgoing.recipients.of(customer.customer_id):
            repeated = known.last(entry.report_id, entry.revision, recipient.address)
            if recipient.alternate and repeated is None:
                continue
            earlier = _earlier(outgoing, known, entry, recipient.address)
            carrying = NoticeKind.REPLACEMENT if earlier is not None else NoticeKind.REPORT
            made = _to(recipient.address, entry, known, now, NoticeKind.NOTIFY if notify else carrying)
            yield replace(made, wave=wave, order=replace(made.order, earlier=earlier))


def in_turn(outgoing: Outgoing, known: Known) -> Mapping[str, int]:
    """The wave of every sealed report, in the order in which they are sent."""
    urgencies = []
    for entry in outgoing.reports:
        standing = known.standings.get(entry.report_id)
        due = standing.deadlines[0].at if standing is not None and standing.deadlines else None
        impact = told_by_report(outgoing.output, entry.data_digest).impact
        urgencies.append(Urgency(entry.report_id, due, _GRAVITY.index(impact)))
    return waves(urgencies)


def _to(address: str, entry: SealedReport, known: Known, now: datetime, kind: NoticeKind) -> Wanted:
    last = known.last(entry.report_id, entry.revision, address)
    identifier = last.id if last is not None else delivery_id(entry.report_id, entry.revision, address)
    order = Order(identifier, entry.report_id, kind, address, known.dates.get(identifier, now))
    return Wanted(order, 1, last.mail.previous if last is not None else "", by_hand=address == BY_HAND)


def _earlier(outgoing: Outgoing, known: Known, entry: SealedReport, address: str) -> Earlier | None:
    before = known.before(entry.report_id, entry.revision, address)
    if before is None:
        return None
    told = told_by_report(outgoing.output, known.data_digest(before.mail.sealed_digest))
    sent_on = before.changed_at.astimezone(ZoneInfo(outgoing.case.incident.window.zone)).date()
    return Earlier(before.mail.message_id, sent_on, told.version, before.mail.sealed_digest)
