"""How the sending stands: everyone who is owed a report, by name; what to do about the rest; sending once more."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shirase.domain.accounted import Account, Owed, account_for
from shirase.domain.delivery import DeliveryState, delivery_id
from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.identifiers import report_id
from shirase.domain.notice import Earlier, NoticeKind
from shirase.domain.review import State
from shirase.domain.sending import BY_HAND, CANARY, Delivery
from shirase.ledger.open import Ledger
from shirase.pipeline.letters import Order
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.send_orders import Wanted
from shirase.pipeline.told_by_report import told_by_report

_REPEATABLE = frozenset(
    {
        DeliveryState.REFUSED, DeliveryState.GIVEN_UP, DeliveryState.BOUNCED, DeliveryState.CANCELLED,
        DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.ACKNOWLEDGED,
    }
)  # fmt: skip
_SEALED = (State.SEALED, State.SENT)


def account(output: OutputFolder, ledger: Ledger) -> tuple[Account, ...]:
    """Everyone whom the scope says is owed a report, whether or not anything was done for them."""
    sealed = {each.report_id: each.number for each in ledger.overview.sealed() if each.state in _SEALED}
    owed = [Owed(report, customer, sealed.get(report)) for report, customer in _owed(output, ledger)]
    return account_for(owed, ledger.deliveries.all())


def _owed(output: OutputFolder, ledger: Ledger) -> list[tuple[str, str]]:
    """As the scope expects them; and whatever else was ever put into review and not withdrawn."""
    try:
        sheet = json.loads(output.run_sheet.read_bytes())
        expected = sheet["scope"]["expected"]["reports"]
        found = {report_id(sheet["incident"]["id"], customer_id): customer_id for customer_id in expected}
    except (OSError, ValueError, KeyError, TypeError):
        found = {}
    for each in ledger.overview.standings():
        if each.state != State.WITHDRAWN:
            found.setdefault(each.report_id, each.customer_id)
    return sorted(found.items())


def order_once_more(
    outgoing: Outgoing, known: Delivery, deliveries: Sequence[Delivery], *, address: str, now: datetime
) -> Wanted:
    """A mail that repeats one which came to nothing, or was lost behind a server; to the same mailbox or another one.

    Raises:
        NotApprovedError: When the first may still arrive or be sent.
        UsageError: When ``address`` is no recipient of that customer.
    """
    if known.state not in _REPEATABLE:
        mend = "`shirase deliveries resolve` ends what is unknown; what is planned goes out by `shirase send`"
        raise NotApprovedError(Problem(f"it is {known.state.value}: it may still go out, or be there", known.id, mend))
    if known.mail.kind in {BY_HAND, CANARY}:
        raise UsageError(Problem(f"is of the kind {known.mail.kind}", known.id, "there is no mail to send once more"))
    entry = outgoing.manifest.find(known.mail.report_id)
    if entry is None or entry.sealed_digest != known.mail.sealed_digest:
        what = "a newer sealed file counts by now"
        raise NotApprovedError(Problem(what, known.mail.report_id, "`shirase send` plans that one"))
    if outgoing.recipients.find(known.mail.customer_id, address) is None:
        mend = "add it to recipients.csv, and have the list approved"
        raise UsageError(Problem(f"is no recipient of {known.mail.customer_id}", address, mend))
    if any(each.mail.previous == known.id for each in deliveries):
        raise NotApprovedError(
            Problem("was repeated already", known.id, "repeat the last one: `shirase deliveries list`")
        )
    generation = 1 + sum(
        each.mail.report_id == known.mail.report_id and each.mail.number == known.mail.number
        and each.mail.kind not in {BY_HAND, CANARY} for each in deliveries
    )  # fmt: skip
    identifier = delivery_id(entry.report_id, entry.revision, address, generation)
    order = Order(identifier, entry.report_id, NoticeKind(known.mail.kind), address, now)
    if order.kind is NoticeKind.REPLACEMENT:
        order = replace(order, kind=NoticeKind.REPORT)
    return Wanted(order, known.mail.wave, known.id)


def order_reminder(outgoing: Outgoing, known: Delivery, *, address: str, now: datetime) -> Wanted:
    """A mail that asks whether the report of ``known`` arrived; it carries nothing."""
    entry = outgoing.manifest.find(known.mail.report_id)
    if entry is None:
        raise UsageError(Problem("is not sealed any more", known.mail.report_id, "`shirase send` plans what counts"))
    told = told_by_report(outgoing.output, entry.data_digest)
    earlier = Earlier(known.mail.message_id, known.changed_at.date(), told.version, known.mail.sealed_digest)
    identifier = delivery_id(entry.report_id, entry.revision, f"reminder {now:%Y-%m-%d} {address}")
    return Wanted(Order(identifier, entry.report_id, NoticeKind.REMINDER, address, now, earlier), known.mail.wave)
