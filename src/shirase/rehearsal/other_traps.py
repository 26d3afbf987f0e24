"""What a reader of several logs can get wrong: planted by hand, each with its truth."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from shirase.domain.disposition import Disposition, Rule
from shirase.rehearsal.instants import HOUR, SECOND, micros, rfc3339
from shirase.rehearsal.lines import Deed, day_of, encode, ndjson_record
from shirase.rehearsal.other_files import ELF_HEADER
from shirase.rehearsal.other_systems import System, account_of
from shirase.rehearsal.people import BY_ROSTER, NOBODY_KNOWS
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.side_work import Session, SideWork, call_record, only_tenant, truth_of
from shirase.rehearsal.sign_offs import SignOff, line_belongs_to, line_is_nobodys
from shirase.rehearsal.splunk_copies import COPY, wrap
from shirase.rehearsal.tickets import RegisteredTicket
from shirase.rehearsal.truth import NO_ACTION, Owners, TicketTruth, Verdict, judge

_OWN_LOG = "okta/system-log.json"
_RESET = "su.user.password.reset"
_RESET_THERE = "user.account.reset_password"


@dataclass(frozen=True, slots=True)
class Signed:
    """What people decided about the lines planted here."""

    attributions: tuple[SignOff, ...]
    resolutions: tuple[SignOff, ...]


def write_other_traps(setting: Setting, side: SideWork) -> Signed:
    """Plant them all; returns the decisions that go with them."""
    _write_splunk_traps(setting)
    _write_pairs(setting)
    _write_own_log(setting, side)
    _write_leaked_header(setting, side)
    nobodys = _write_unknown_number(setting, side)
    doubtful = _write_chats(setting, side)
    uploaded = _write_upload(setting, side)
    kitahama = setting.cast.parts["kitahama"].customer_id
    return Signed(
        attributions=(
            line_is_nobodys(nobodys),
            line_belongs_to(doubtful, kitahama),
            line_belongs_to(uploaded, kitahama),
        ),
        resolutions=(_nobodys_channel("support-random"),),
    )


def _write_splunk_traps(setting: Setting) -> None:
    """What only Splunk has; a copy that differs in a detail; one that names another tenant; snapshots of a search."""
    book, person = setting.book, setting.people.sitel[12]
    lost = setting.deed("kitahama", person, "2022-01-18T12:00:00.100Z", "su.user.get")
    raw = encode(ndjson_record(lost, book.request_id()))
    book.plant("splunk/search-1.json", lost.at, wrap(raw, lost.at, 1), lost.verdict())
    book.plant("splunk/search-2.json", lost.at, wrap(raw, lost.at, 1), lost.verdict().again())
    deed = setting.deed("kitahama", person, "2022-01-18T12:10:00.200Z", "su.user.get")
    record = ndjson_record(deed, book.request_id())
    own = book.plant(day_of(deed.at), deed.at, encode(record), deed.verdict())
    edited = encode(record | {"reason": "edited on the way"})
    book.plant("splunk/search-1.json", deed.at, wrap(edited, deed.at, 20), replace(COPY, at=deed.at, of=own.verdict))
    deed = setting.deed("kitahama", person, "2022-01-18T12:20:00.200Z", "su.user.get")
    record = ndjson_record(deed, book.request_id())
    own = book.plant(day_of(deed.at), deed.at, encode(record), deed.verdict())
    other = setting.deed("shin_kitahama", person, rfc3339(deed.at), "su.user.get")
    moved = wrap(encode(ndjson_record(other, record["request_id"])), deed.at, 30)
    doubtful = replace(other.verdict(), link="possible_duplicate_of", of=own.verdict)
    book.plant("splunk/search-1.json", deed.at, moved, doubtful)
    for number in range(12):
        snapshot = wrap(raw, lost.at, 40 + number, preview=True)
        book.plant("splunk/search-1.json", lost.at - SECOND, snapshot, None, aside="preview")


def _write_pairs(setting: Setting) -> None:
    """One act in both consoles is one; two beside one are three, and may be fewer."""
    book, person = setting.book, setting.people.sitel[13]
    once = setting.deed("kitahama", person, "2022-01-19T12:30:00.400Z", "su.user.get")
    own = book.log(once).verdict
    match = replace(once.verdict(), disposition=Disposition.DUPLICATE, rule=Rule.SAME_EVENT_ELSEWHERE, link="match")
    elsewhere = replace(match, customer_ids=(), told_if_inside=(), of=own)
    _console(setting, replace(once, native="USER_VIEW"), elsewhere)
    nearer, _ = (book.log(replace(once, at=once.at + HOUR + offset)) for offset in (0, SECOND))
    maybe = replace(once, at=once.at + HOUR, native="USER_VIEW")
    whole_second = replace(maybe.verdict(), at=maybe.at // SECOND * SECOND)
    _console(setting, maybe, replace(whole_second, link="possible_duplicate_of", of=nearer.verdict))


def _console(setting: Setting, deed: Deed, verdict: Verdict) -> None:
    line = setting.book.log_csv(deed)
    setting.book.lines[-1] = replace(line, verdict=verdict)


def _write_own_log(setting: Setting, side: SideWork) -> None:
    """The customer's own System Log: a grant, an impersonation, the effects of two resets, and one without a cause."""
    customer, person = setting.cast.parts["kitahama"], setting.people.sitel[14]
    for number, when in enumerate(("2022-01-19T09:00:00.100Z", "2022-01-19T09:20:00.100Z")):
        deed = setting.deed("kitahama", person, when, _RESET)
        cause = setting.book.log(deed).verdict
        effect = Verdict(Disposition.NOT_AN_ACTION, Rule.CONSEQUENCE_OF_ACTION, link="effect_of", of=cause)
        event = _event(number, deed.at + 7 * SECOND, _RESET_THERE, deed.things[0].name)
        side.plant(_OWN_LOG, deed.at, event, effect)
    at = micros("2022-01-19T11:00:00.000Z")
    alone = judge(at, NOBODY_KNOWS, Owners((customer.customer_id,)), tenant_ids=customer.tenant_ids[:1])
    side.plant(_OWN_LOG, at, _event(7, at, _RESET_THERE, "somebody else"), alone)
    at = micros("2022-01-19T12:00:00.000Z")
    side.plant(_OWN_LOG, at, _event(8, at, "user.session.impersonation.grant", "support"), NO_ACTION)
    at += 60 * SECOND
    start = _event(9, at, "user.session.impersonation.initiate", "Admin")
    start["actor"] = {"id": account_of(person.actor_id, System.OKTA), "type": "User", "displayName": person.name}
    acted = judge(at, BY_ROSTER, Owners((customer.customer_id,)), tenant_ids=customer.tenant_ids[:1])
    side.plant(_OWN_LOG, at, start, acted)


def _event(number: int, at: int, kind: str, target: str) -> dict[str, object]:
    return {
        "uuid": f"5b1c0000-7788-11ec-8000-0000000000{number:02d}", "published": rfc3339(at), "eventType": kind,
        "version": "0", "severity": "INFO", "outcome": {"result": "SUCCESS"},
        "actor": {"id": "system", "type": "SystemPrincipal", "alternateId": "system@okta.com", "displayName": "System"},
        "target": [{"id": f"00u-target-{number}", "type": "User", "displayName": target.partition(" <")[0]}],
        "transaction": {"type": "WEB", "id": "unknown"}, "client": {"ipAddress": "null", "zone": "null"},
    }  # fmt: skip


def _write_leaked_header(setting: Setting, side: SideWork) -> None:
    """Two hourly parts put together keep the header of the second; one row stands in two parts."""
    person, customer = setting.people.sitel[15], setting.cast.parts["shin_kitahama"]
    at = micros("2022-01-20T15:30:00.000Z")
    session = Session(customer, person, "CS-990001", at, TicketTruth("opened_by_you"))
    side.cases[session.ticket] = RegisteredTicket(session.ticket, customer.customer_id, "", "customer")
    side.add_to_group(session)
    side.view_case(session)
    row = setting.book.lines[-1]
    assert isinstance(row.file, str)
    assert row.verdict is not None
    other = row.file[:-5] + ("1.csv" if row.file.endswith("2.csv") else "2.csv")
    first, second = sorted((row.file, other))
    setting.book.lines[-1] = replace(row, file=first)
    setting.book.plant(second, at, row.raw, row.verdict.again())
    setting.book.plant(second, at + SECOND, ELF_HEADER, None, aside="header")


def _write_unknown_number(setting: Setting, side: SideWork) -> str:
    """A call to a number that nobody has: signed off as nobody's, by its line."""
    at = micros("2022-01-18T10:00:00.000Z")
    record = call_record(setting.people.sitel[16], "+81399999999", at, 999_999)
    line = side.plant("ringcentral/call-log.json", at, record, truth_of(setting.people.sitel[16], at, (), (), ""))
    return sha256(line.raw).hexdigest()


def _write_chats(setting: Setting, side: SideWork) -> str:
    """A thread about two customers, channels named after one of two alike, talk about nobody, and a doubtful word."""
    parts, person = setting.cast.parts, setting.people.sitel[17]
    one, other = parts["shared_only"], parts["shin_kitahama"]
    base = micros("2022-01-18T16:00:00Z")
    both = (*only_tenant(one), *only_tenant(other))
    text = f"Same error at {one.domains[0]} and {other.domains[0]}?"
    side.message("support-desk", person, base, text, truth_of(person, base, (one, other), both, "domain"))
    for number, (channel, customer) in enumerate(
        (("sup-acme", parts["kitahama"]), ("sup-acme-japan", parts["shin_kitahama"])), start=1
    ):
        at = base + number * 60 * SECOND
        truth = truth_of(person, at, (customer,), only_tenant(customer), "channel")
        side.message(channel, person, at, "any news?", truth)
    at = base + 300 * SECOND
    side.message("support-random", person, at, "lunch?", truth_of(person, at, (), (), "decision"))
    at = base + 400 * SECOND
    truth = truth_of(person, at, (parts["kitahama"],), (), "")
    doubtful = side.message("support-desk", person, at, "acme is waiting", truth)
    return sha256(doubtful.raw).hexdigest()


def _write_upload(setting: Setting, side: SideWork) -> str:
    """Slack's audit log: a file is uploaded, which names no customer. The entry stands on two pages that overlap."""
    person, customer = setting.people.sitel[18], setting.cast.parts["kitahama"]
    at = micros("2022-01-18T17:00:00Z")
    entry = {
        "id": "0123g4h5-made-up", "date_create": at // SECOND, "action": "file_uploaded",
        "actor": {
            "type": "user",
            "user": {"id": account_of(person.actor_id, System.SLACK), "email": person.email, "team": "T01KGMR"},
        },
        "entity": {"type": "file", "file": {"id": "F01KGMR7", "name": "sign-in-trace.har", "filetype": "har"}},
        "context": {
            "location": {"type": "workspace", "id": "T01KGMR", "name": "kagami-support", "domain": "kagami-support"},
            "ua": person.ua, "ip_address": person.ip, "session_id": 4_812_000_000_017,
        },
    }  # fmt: skip
    verdict = truth_of(person, at, (customer,), only_tenant(customer), "")
    line = side.plant("slack-audit/entries.json", at, entry, verdict)
    setting.book.plant("slack-audit/entries.json", at, line.raw, verdict.again())
    return sha256(line.raw).hexdigest()


def _nobodys_channel(name: str) -> SignOff:
    return {
        "kind": "channel",
        "value": name,
        "customer_ids": [],
        "reason": "業務外の雑談用チャンネルであり、お客様に関する情報を扱わない。"
        " / A channel for small talk; no customer is discussed there.",
        "decided_by": "大野 由紀 / Yuki Ohno, Support Operations",
        "decided_at": datetime(2022, 3, 22, 19, 20, tzinfo=UTC),
        "reviewed_by": "Tomas Lindgren, Customer Records",
        "reviewed_at": datetime(2022, 3, 22, 20, 0, tzinfo=UTC),
    }
