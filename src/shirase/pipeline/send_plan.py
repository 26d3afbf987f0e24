"""The plan of a batch: every mail made, written and looked at before anything is sent. It needs no network."""

import hashlib
import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shirase.domain.accounted import silent_since
from shirase.domain.delivery import WAITING, DeliveryState
from shirase.domain.errors import Problem, ShiraseError
from shirase.domain.notice import Protection
from shirase.domain.sending import BY_HAND, CANARY, PlannedMail, plan_digest
from shirase.inspection.leaks import Carrier, LeakGate
from shirase.ledger.open import Ledger
from shirase.pipeline.deliveries import account, order_once_more, order_reminder
from shirase.pipeline.letters import Letter, notice_of, objections, write_letter
from shirase.pipeline.mail_protection import Bare, MailKeys, keep_protected, protection_of
from shirase.pipeline.outbox import Outbox, WrittenPlan, read_plan, write_plan
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.output import write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.sealed import read_sealed
from shirase.pipeline.send_orders import Known, Wanted, canaries, wanted
from shirase.pipeline.spread import workers
from shirase.text.notices import call_sheet, courier_sheet

_NEW = DeliveryState.PLANNED
_READY: list[tuple[Outgoing, LeakGate]] = []
"""What this process makes mails with, built once."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What is to be planned, and how.

    Attributes:
        reports: Only these; all sealed ones when empty.
        canary: Mails to mailboxes of our own instead of those to customers.
        again: Instead of all that, the delivery to repeat.
        to: The mailbox for it; the same one when empty.
        remind_after: Instead of all that, a reminder of every report that nobody confirmed for so long.
        jobs: Worker processes.
    """

    reports: Sequence[str] = ()
    canary: bool = False
    again: str = ""
    to: str = ""
    remind_after: timedelta | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class PlanTools:
    """The clock, and what mails are protected with."""

    now: Callable[[], datetime]
    keys: MailKeys = field(default_factory=MailKeys)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what stands against single mails.

    Attributes:
        written: The plan as it was kept; what is refused is not in it.
        refused: By delivery id.
        pending: What would go out: mails that are new, or wait.
    """

    written: WrittenPlan
    refused: dict[str, tuple[Problem, ...]]
    pending: tuple[PlannedMail, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    mail: PlannedMail
    problems: tuple[Problem, ...]
    content: bytes = b""


def make_plan(
    outgoing: Outgoing, ledger: Ledger, options: PlanOptions, tools: PlanTools, progress: Progress
) -> Planned:
    """Make every mail of the batch, look at each, and write down the plan. The same batch gives the same plan.

    Raises:
        CaseError: When a report asked for is not sealed.
    """
    outbox = Outbox.of(outgoing.output)
    outbox.make()
    at = tools.now().replace(microsecond=0)
    orders = list_orders(outgoing, ledger, options, at)
    progress.begin("making mails", len(orders))
    refused: dict[str, tuple[Problem, ...]] = {}
    before = _kept_mails(outbox, ledger)
    # What went out, or may have, stays as it was: it is the proof of what was sent.
    gone = {each.id: each.mail for each in ledger.deliveries.all() if each.state not in WAITING}
    mails = [gone[each.order.delivery_id] for each in orders if each.order.delivery_id in gone]
    left = [each for each in orders if each.order.delivery_id not in gone]
    progress.advance(len(mails))
    with workers(len(left), jobs=options.jobs, get_ready=get_ready, with_these=(outgoing,)) as hands:
        for made in hands.each(_make, left):
            if made.problems:
                refused[made.mail.delivery_id] = made.problems
                outbox.mail(made.mail.delivery_id).unlink(missing_ok=True)
            else:
                mails.append(_kept(outgoing, outbox, tools.keys, made, before))
            progress.advance(1, made.mail.report_id)
    progress.end()
    digests = {"list_digest": outgoing.recipients.digest, "manifest_digest": outgoing.manifest_digest}
    written = WrittenPlan(plan_digest(mails, **digests), made_at=at, mails=tuple(mails), **digests)
    write_plan(outbox, written)
    states = {each.id: each.state for each in ledger.deliveries.all()}
    pending = (each for each in mails if each.kind != BY_HAND and states.get(each.delivery_id, _NEW) in WAITING)
    return Planned(written, refused, tuple(pending))


def _kept_mails(outbox: Outbox, ledger: Ledger) -> dict[str, PlannedMail]:
    shown = read_plan(outbox)
    known = {each.delivery_id: each for each in shown.mails} if shown is not None else {}
    return known | {each.id: each.mail for each in ledger.deliveries.all()}


def _kept(
    outgoing: Outgoing, outbox: Outbox, keys: MailKeys, made: _Made, before: Mapping[str, PlannedMail]
) -> PlannedMail:
    mail = made.mail
    if mail.kind == BY_HAND:
        return mail
    protection = protection_of(outgoing.owners[mail.report_id]) if mail.kind != CANARY else Protection.NONE
    return keep_protected(outbox, keys, Bare(mail, made.content, protection), before.get(mail.delivery_id))


def list_orders(outgoing: Outgoing, ledger: Ledger, options: PlanOptions, at: datetime) -> list[Wanted]:
    """What the batch wants."""
    before = read_plan(Outbox.of(outgoing.output))
    dates = {each.delivery_id: datetime.fromisoformat(each.dated_at) for each in before.mails} if before else {}
    overview, deliveries = ledger.overview, ledger.deliveries.all()
    known = Known(deliveries, dates, overview.standings(), overview.sealed())
    if options.again:
        first = ledger.deliveries.one(options.again)
        once = order_once_more(outgoing, first, deliveries, address=options.to or first.mail.address, now=at)
        return [_dated(once, dates)]
    if options.remind_after is not None:
        accounts = silent_since(account(outgoing.output, ledger), at, options.remind_after)
        silent = [each for entry in accounts for each in entry.deliveries if each.mail.kind != BY_HAND]
        return [_dated(order_reminder(outgoing, each, address=each.mail.address, now=at), dates) for each in silent]
    if options.canary:
        return list(canaries(outgoing, known, at))
    return list(wanted(outgoing, known, options.reports, at))


def _dated(each: Wanted, dates: Mapping[str, datetime]) -> Wanted:
    """With the date under which it was shown."""
    order = each.order
    return replace(each, order=replace(order, dated_at=dates.get(order.delivery_id, order.dated_at)))


def get_ready(outgoing: Outgoing) -> None:
    """Build what this process makes mails with."""
    _READY[:] = [(outgoing, outgoing.gate.build())]


def look_at(letter: Letter) -> tuple[Problem, ...]:
    """What stands against a mail; this process has to be ready."""
    outgoing, gate = _READY[0]
    found = objections(outgoing, letter, gate)
    where = letter.notice.delivery_id
    return tuple(Problem(f"{each.place}: {each.what}", where, each.mend) for each in found if each.blocker)


def _make(each: Wanted) -> _Made:
    outgoing, _ = _READY[0]
    outbox = Outbox.of(outgoing.output)
    try:
        if each.by_hand:
            sheets = _write_sheets(outgoing, outbox, each)
            return _Made(_planned(outgoing, each, sheets, ""), _sheet_problems(outgoing, each, sheets))
        letter = write_letter(outgoing, each.order)
    except ShiraseError as error:
        return _Made(_planned(outgoing, each, b"", ""), error.problems)
    mail = _planned(outgoing, each, letter.content, letter.notice.message_id)
    return _Made(mail, (*_size_problems(outgoing, mail), *look_at(letter)), letter.content)


def _write_sheets(outgoing: Outgoing, outbox: Outbox, each: Wanted) -> bytes:
    """What people need who call the customer and bring the report; the sealed file has to be the right one as well."""
    read_sealed(outgoing.output, each.order.report_id, outgoing.manifest)
    notice = notice_of(outgoing, replace(each.order, address=""))
    sheets = call_sheet(notice).encode(), courier_sheet(notice).encode()
    for path, sheet in zip(outbox.sheets(each.order.report_id), sheets, strict=True):
        write_whole(path, sheet)
    return b"".join(sheets)


def _sheet_problems(outgoing: Outgoing, each: Wanted, sheets: bytes) -> tuple[Problem, ...]:
    """Something of another customer in what is said on the telephone or brought to the door."""
    _, gate = _READY[0]
    said = Carrier("sheets", html.unescape(sheets.decode()))
    found = gate.findings(outgoing.owners[each.order.report_id].customer_id, (said,), ())
    where = each.order.delivery_id
    return tuple(Problem(f"{one.place}: {one.what}", where, one.mend) for one in found if one.blocker)


def _size_problems(outgoing: Outgoing, mail: PlannedMail) -> Iterator[Problem]:
    most = outgoing.settings.server.max_bytes
    if mail.size > most:
        mend = "choose the policy notify_only or by_hand for this customer, or another server"
        yield Problem(f"the mail has {mail.size:,} bytes, and the server takes {most:,}", mail.delivery_id, mend)


def _planned(outgoing: Outgoing, each: Wanted, content: bytes, message_id: str) -> PlannedMail:
    order = each.order
    entry = outgoing.manifest.find(order.report_id)
    assert entry is not None
    digest = hashlib.sha256(content).hexdigest()
    return PlannedMail(
        delivery_id=order.delivery_id,
        report_id=order.report_id,
        number=entry.revision,
        customer_id=outgoing.owners[order.report_id].customer_id,
        address=order.address,
        kind=BY_HAND if each.by_hand else order.kind.value,
        message_id=message_id,
        dated_at=order.dated_at.isoformat(),
        content_digest=digest,
        mail_digest=digest,
        size=len(content),
        sealed_digest=entry.sealed_digest,
        wave=each.wave,
        previous=each.previous,
    )
