"""Whom to telephone: everyone of whom nobody knows that the report arrived, with numbers, and a script for the call."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shirase.domain.accounted import Account, Reached
from shirase.domain.bilingual import Language
from shirase.domain.delivery import DeliveryState
from shirase.domain.incident import Case
from shirase.domain.notice import NoticeKind
from shirase.pipeline.deliveries import order_reminder
from shirase.pipeline.letters import Order, notice_of
from shirase.pipeline.outbox import Outbox
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.output import write_whole
from shirase.rendering.data_csv import formula_safe
from shirase.text.notices import call_sheet

_HEADER = (
    "report_id", "customer_id", "name_ja", "name_en", "phones", "local_time_now", "people", "state", "last_reply",
    "script",
)  # fmt: skip
_WENT_OUT = frozenset({DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED})


def write_phone_list(outgoing: Outgoing, accounts: Iterable[Account], now: datetime) -> tuple[str, int]:
    """Write ``mail/phone-list.csv``, and a script for each call beside it.

    Numbers are those of the register of customers and of ``contacts.csv``, never one from a mail that came back.

    Returns:
        Its path, and how many calls it lists.
    """
    outbox = Outbox.of(outgoing.output)
    outbox.make()
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_HEADER)
    rows = list(_rows(outgoing, outbox, accounts, now))
    table.writerows(rows)
    path = outbox.root / "phone-list.csv"
    write_whole(path, b"\xef\xbb\xbf" + text.getvalue().encode())
    return str(path), len(rows)


def _rows(outgoing: Outgoing, outbox: Outbox, accounts: Iterable[Account], now: datetime) -> Iterator[tuple[str, ...]]:
    for account in accounts:
        customer = outgoing.case.customers.by_id.get(account.customer_id)
        if customer is None:
            continue
        script = ""
        if outgoing.manifest.find(account.report_id) is not None:
            script = _write_script(outgoing, outbox, account, now)
        people = [each.name or each.address for each in outgoing.recipients.of(account.customer_id)]
        replies = [each.reply for each in account.deliveries if each.reply]
        local = now.astimezone(ZoneInfo(customer.time_zone))
        row = (
            account.report_id, account.customer_id, customer.name(Language.JA), customer.name(Language.EN),
            "; ".join(_phones(outgoing.case, account.customer_id)), f"{local:%Y-%m-%d %H:%M %Z}", "; ".join(people),
            account.reached.value, replies[-1] if replies else "", script,
        )  # fmt: skip
        yield tuple(formula_safe(cell) for cell in row)


def _write_script(outgoing: Outgoing, outbox: Outbox, account: Account, now: datetime) -> str:
    """A script that says what is true: that a mail went out, or that the report is brought by hand. Else none."""
    went = [each for each in account.deliveries if each.state in _WENT_OUT and each.mail.message_id]
    if account.reached is Reached.BY_HAND:
        by_hand = account.deliveries[0]
        dated = datetime.fromisoformat(by_hand.mail.dated_at)
        order = Order(by_hand.id, account.report_id, NoticeKind.REPORT, "", dated)
    elif went:
        wanted = order_reminder(outgoing, went[0], address=went[0].mail.address, now=now.replace(microsecond=0))
        order = wanted.order
    else:
        return ""
    path, _ = outbox.sheets(account.report_id)
    write_whole(path, call_sheet(notice_of(outgoing, order)).encode())
    return path.name


def _phones(case: Case, customer_id: str) -> tuple[str, ...]:
    own = case.customers.by_id[customer_id].phones
    known = [each.phone for each in case.contacts if each.customer_id == customer_id]
    return tuple(dict.fromkeys((*own, *known)))
