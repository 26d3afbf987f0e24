"""What engineers do around a support session in the systems beside SuperUser: case, call, chat, group."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from shirase.domain.customer import Customer
from shirase.rehearsal.instants import DAYS, EPOCH, HOUR, MINUTE, SECOND, day_start, pacific, rfc3339
from shirase.rehearsal.lines import Logbook, PlantedLine
from shirase.rehearsal.other_files import elf_row
from shirase.rehearsal.other_systems import System, account_of, account_record_of, case_of, phone_of
from shirase.rehearsal.people import BY_ROSTER, ELSEWHERE, Person
from shirase.rehearsal.streams import Chance, opaque_id, stream
from shirase.rehearsal.tickets import RegisteredTicket
from shirase.rehearsal.truth import Owners, TicketTruth, Verdict, judge

_WORKSPACE = "slack/support-export.zip"
_HOURLY_DAY = DAYS[6]
"""The day whose Salesforce files were fetched by the hour, in two parts each; of the others there is one file a day."""

_LOST_GROUP = 40_003
"""The number of a record that Jira's export does not have."""

_ON_OUR_SIDE = frozenset({"opened_by_you", "opened_by_us"})


@dataclass(frozen=True, slots=True)
class Session:
    """A support session as seen from outside SuperUser: for whom, by whom, on which ticket and what that was, when."""

    customer: Customer
    person: Person
    ticket: str
    at: int
    truth: TicketTruth


@dataclass(slots=True)
class SideWork:
    """Plants what goes with support sessions, by one stream of its own, and registers what finds the customer again.

    Attributes:
        left: Lines that may still be planted.
        contacts: Telephone numbers: number, customer, country.
        accounts: Accounts: id, customer, tenant.
        cases: Cases of tickets, as further rows of the register.
    """

    book: Logbook
    chance: Chance
    left: int
    contacts: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, tuple[str, str]] = field(default_factory=dict)
    cases: dict[str, RegisteredTicket] = field(default_factory=dict)
    _planted: int = 0
    _last_group: int = 40_000

    @classmethod
    def of(cls, seed: int, book: Logbook, lines: int) -> "SideWork":
        """For the story ``seed``, at most ``lines`` lines."""
        return cls(book, stream(seed, "side work"), lines)

    def accompany(self, session: Session) -> None:
        """Plant, now and then, a view of the case, a call, a message and a group for ``session``."""
        drawn = [self.chance.random() for _ in range(4)]
        if session.truth.kind not in _ON_OUR_SIDE or not session.person.entries:
            return
        for share, number, plant in (
            (0.12, drawn[0], self.view_case),
            (0.07, drawn[1], self.call),
            (0.07, drawn[2], self.write_message),
            (0.03, drawn[3], self.add_to_group),
        ):
            if number < share and self.left > 0:
                self.left -= plant(session)

    def view_case(self, session: Session) -> int:
        """The engineer opens the case in Salesforce; half of the pages name the account as well."""
        at = session.at - 90 * SECOND
        case, number = case_of(session.ticket), self._next()
        self.cases[case] = RegisteredTicket(case, session.customer.customer_id, "", "customer")
        page, tenants, found_by = "", only_tenant(session.customer), "ticket"
        if number % 2:
            record, tenant = account_record_of(session.customer), session.customer.tenant_ids[0]
            self.accounts[record] = (session.customer.customer_id, tenant)
            page, tenants, found_by = f"/lightning/r/Account/{record}/view", (tenant,), "account"
        account = account_of(session.person.actor_id, System.SALESFORCE)
        compact = f"{EPOCH + timedelta(microseconds=at):%Y%m%d%H%M%S}.{at % SECOND // 1000:03d}"
        row = {
            "EVENT_TYPE": "LightningPageView", "TIMESTAMP": compact, "REQUEST_ID": f"4x{opaque_id(number, chars=14)}",
            "ORGANIZATION_ID": "00D5g0000000KGM", "USER_ID": account[:15],
            "URI": f"/lightning/r/Case/{case}/view", "CLIENT_IP": session.person.ip, "PAGE_URL": page,
            "TIMESTAMP_DERIVED": rfc3339(at), "USER_AGENT": "9999", "REQUEST_STATUS": "S",
            "USER_ID_DERIVED": account,
        }  # fmt: skip
        # The page names the case, whatever else tells whose it is; when a case was opened is in no register.
        verdict = replace(told(session, at, tenants, found_by), ticket=TicketTruth("opened_by_you"))
        self.book.plant(elf_file(at, number), at, elf_row(row), verdict)
        return 1

    def call(self, session: Session) -> int:
        """The engineer calls the customer; the exchange has one record for each leg of the call."""
        at, number = session.at - 5 * MINUTE, self._next()
        phone = phone_of(session.customer)
        self.contacts[phone] = session.customer.customer_id
        record = call_record(session.person, phone, at, number)
        verdict = told(session, at, only_tenant(session.customer), "phone")
        line = self.plant("ringcentral/call-log.json", at, record, verdict)
        if number % 3:
            return 1
        again = record | {"id": f"{record['id']}-leg2", "durationMs": 1}
        self.plant(str(line.file), at, again, verdict.again())
        return 2

    def write_message(self, session: Session) -> int:
        """The engineer tells colleagues; the customer's domain stands in the message."""
        at = (session.at + 3 * MINUTE) // SECOND * SECOND
        text = f"Working on {session.ticket} with admin@{session.customer.domains[0]}, will report back"
        # The number of the ticket stands in the message as well, and a ticket is the stronger clue.
        verdict = replace(told(session, at, only_tenant(session.customer), "ticket"), ticket=session.truth)
        self.message("support-desk", session.person, at, text, verdict)
        return 1

    def message(self, channel: str, person: Person, at: int, text: str, verdict: Verdict) -> PlantedLine:
        """Plant a message. Files of days are cut in the workspace's own zone, which is Pacific time."""
        record = {
            "type": "message", "user": account_of(person.actor_id, System.SLACK), "text": text,
            "ts": f"{at // SECOND}.{self._next():06d}", "team": "T01KGMR",
        }  # fmt: skip
        return self.plant(f"{_WORKSPACE}!{channel}/{pacific(at)[:10]}.json", at, record, verdict)

    def add_to_group(self, session: Session) -> int:
        """The engineer is let into the group that sees the customer's ticket."""
        at = session.at - 10 * MINUTE
        record = {
            "id": self._next_group(), "summary": "User added to group", "created": rfc3339(at)[:-1] + "+0000",
            "category": "group management", "eventSource": "", "remoteAddress": session.person.ip,
            "authorAccountId": account_of(session.person.actor_id, System.JIRA),
            "objectItem": {"id": f"grp-{session.ticket}", "name": f"watchers of {session.ticket}", "typeName": "GROUP"},
        }  # fmt: skip
        verdict = replace(told(session, at, only_tenant(session.customer), "ticket"), ticket=session.truth)
        self.plant("jira/audit-records.json", at, record, verdict)
        return 1

    def plant(self, file: str, at: int, record: dict[str, Any], verdict: Verdict) -> PlantedLine:
        """Plant a record of JSON."""
        raw = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        return self.book.plant(file, at, raw, verdict)

    @property
    def missing_groups(self) -> list[list[int]]:
        """Numbers of Jira's records that are not in its export, from and to."""
        return [[_LOST_GROUP, _LOST_GROUP]] if self._last_group > _LOST_GROUP else []

    def _next_group(self) -> int:
        """The number of the next record of Jira; one is lost on the way."""
        self._last_group += 2 if self._last_group + 1 == _LOST_GROUP else 1
        return self._last_group

    def _next(self) -> int:
        self._planted += 1
        return self._planted


def call_record(person: Person, phone: str, at: int, number: int) -> dict[str, Any]:
    """A call out to ``phone``."""
    return {
        "id": f"Ca{opaque_id(number, chars=10)}", "sessionId": f"4{number:09d}",
        "telephonySessionId": f"s-{opaque_id(number, chars=12)}", "startTime": rfc3339(at), "duration": 240,
        "durationMs": 240_512, "type": "Voice", "direction": "Outbound", "action": "VoIP Call",
        "result": "Call connected", "to": {"phoneNumber": phone},
        "from": {"extensionId": account_of(person.actor_id, System.RINGCENTRAL), "name": person.name},
        "extension": {"id": account_of(person.actor_id, System.RINGCENTRAL)},
        "lastModifiedTime": rfc3339(at + 5 * MINUTE),
    }  # fmt: skip


def told(session: Session, at: int, tenants: tuple[str, ...], found_by: str) -> Verdict:
    """The truth of a record that goes with ``session``."""
    return truth_of(session.person, at, (session.customer,), tenants, found_by)


def truth_of(
    person: Person, at: int, customers: tuple[Customer, ...], tenants: tuple[str, ...], found_by: str
) -> Verdict:
    """The truth of a record of another system: nothing but the roster says who employs the person."""
    standing = BY_ROSTER if person.standing_at(at).counts else ELSEWHERE
    owners = Owners(tuple(customer.customer_id for customer in customers))
    return replace(judge(at, standing, owners, tenant_ids=tenants), found_by=found_by)


def only_tenant(customer: Customer) -> tuple[str, ...]:
    """The tenant meant where nothing says which: the only one there is, or none in particular."""
    return customer.tenant_ids if len(customer.tenant_ids) == 1 else ()


def elf_file(at: int, number: int) -> str:
    """The event log file in which a row stands."""
    day = (EPOCH + timedelta(microseconds=at)).date()
    if day != _HOURLY_DAY:
        return f"salesforce/{day}-LightningPageView.csv"
    return f"salesforce/{day}T{(at - day_start(day)) // HOUR:02d}-LightningPageView-{1 + number % 2}.csv"
